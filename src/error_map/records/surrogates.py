"""Replacement of lone surrogates, which JSON can escape but UTF-8 cannot encode."""

import re
from typing import Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def mend(text: str) -> tuple[str, int]:
    r"""The text with each lone surrogate replaced by U+FFFD, and the number of replacements.

    Example:
        >>> mend("a\ud800b") == ("a\ufffdb", 1)
        True
    """
    # Most texts are ASCII, and this check is much cheaper than the search.
    if text.isascii():
        return text, 0
    return _SURROGATE.subn("\ufffd", text)
