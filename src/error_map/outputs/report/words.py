"""Text that is shown: what would act or hide is written out instead."""

from ...analysts.texts import clipped
from ...presentation.sanitize import plain_text


def visible(text: str) -> str:
    r"""The text with every character that acts or hides written as its code.

    Example:
        >>> visible("a\x00b\u202ec\ud800d\r\ne")
        'a\\x00b\\u202ec\\ud800d\ne'
    """
    return plain_text(text.replace("\r\n", "\n"))


def short(text: str, limit: int = 120) -> str:
    """A name of bearable length.

    Example:
        >>> short("abcdef", 4)
        'abc…'
    """
    return clipped(text, limit)
