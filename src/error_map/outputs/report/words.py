"""Text that is shown: what would act or hide is written out instead."""

import re
from typing import Final

from ..terminal import plain_text

_HIDDEN: Final = re.compile(
    "[\u00ad\u200b\u2060-\u2065\ufeff\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters without a shape, halves of surrogate pairs, and what is no character."""


def visible(text: str) -> str:
    r"""The text with every character that acts or hides written as its code.

    Example:
        >>> visible("a\x00b\u202ec\ud800d\r\ne")
        'a\\x00b\\x202ec\\ud800d\ne'
    """
    lines = plain_text(text.replace("\r\n", "\n"))
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", lines)


def short(text: str, limit: int = 120) -> str:
    """A name of bearable length.

    Example:
        >>> short("abcdef", 4)
        'abc…'
    """
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
