"""Escapes control and bidi characters so that untrusted text is displayed, never interpreted."""

import html
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from ..analysts.texts import clipped

NAME: Final = 80
"""Characters of a name that are displayed: longer names would push figures out of a terminal
of 100 columns."""
_SHORT: Final = 120
"""Characters of a name on a page, where it may wrap."""
_READ_AHEAD: Final = 4
"""Characters that are read per character displayed: whitespace collapses, but the work on a
hostile name of megabytes stays bounded."""
_MAX_MARKS: Final = 3
"""Combining marks in a row that are displayed: Vietnamese and Hebrew need two or three; longer
stacks cover the text above and below."""

_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""Control characters except line feed and tab, bidi controls, invisible characters, surrogates."""


def plain_text(text: str) -> str:
    r"""The text with every control, bidi and invisible character replaced by its escape code.

    Example:
        >>> plain_text("a\x1b[31mb\u202ec\ud800")
        'a\\x1b[31mb\\u202ec\\ud800'
    """
    return _UNSAFE.sub(lambda match: code(match[0]), text)


def plain_lines(text: str) -> str:
    r"""As `plain_text`, for text of several lines: Windows line ends become line feeds.

    Example:
        >>> plain_lines("a\x00b\u202ec\ud800d\r\ne")
        'a\\x00b\\u202ec\\ud800d\ne'
    """
    return plain_text(text.replace("\r\n", "\n"))


def escaped(text: str) -> str:
    r"""As `plain_lines`, escaped for HTML.

    Example:
        >>> escaped("<b>\r\n\x1b")
        '&lt;b&gt;\n\\x1b'
    """
    return html.escape(plain_lines(text))


def visible(text: str, *, most: int = NAME) -> str:
    r"""The text as one line of at most `most` characters, without anything that acts or hides.

    Example:
        >>> visible("a\x1b[31mb\u202e"), visible("one\n two"), visible("long name", most=5)
        ('a\\x1b[31mb\\u202e', 'one two', 'long…')
    """
    read = _READ_AHEAD * most
    line = "".join(_characters(" ".join(text[:read].split()))) or "(blank)"
    return clipped(line, most if len(text) <= read else min(most, len(line)))


def short(text: str, limit: int = _SHORT) -> str:
    """A name, truncated to `limit` characters.

    Example:
        >>> short("abcdef", 4)
        'abc…'
    """
    return clipped(text, limit)


def more(count: int, one: str, many: str) -> str:
    """How many entries a list leaves out, in words.

    Example:
        >>> more(1, "model", "models"), more(1200, "model", "models")
        ('and 1 more model', 'and 1,200 more models')
    """
    return f"and {count:,} more {one if count == 1 else many}"


def code(char: str) -> str:
    r"""The escape code of a character.

    Example:
        >>> code("\u202e")
        '\\u202e'
    """
    return char.encode("unicode_escape").decode("ascii")


def _characters(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind[0] == "M" else 0
        unsafe = kind[0] == "C" or kind in {"Zl", "Zp"} or marks > _MAX_MARKS
        yield code(char) if unsafe else char
