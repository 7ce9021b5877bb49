"""Halves of surrogate pairs, which JSON may escape and no file of UTF-8 can hold."""

import re
from typing import Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def mend(text: str) -> tuple[str, int]:
    r"""The text with each lone surrogate replaced by U+FFFD, and how many there were.

    Example:
        >>> mend("a\ud800b") == ("a\ufffdb", 1)
        True
    """
    if text.isascii():
        return text, 0
    return _SURROGATE.subn("\ufffd", text)
