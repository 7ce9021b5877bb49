"""Text from data in which nothing is obeyed, and nothing is hidden."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from ..analysts.texts import clipped

NAME: Final = 80
"""Characters of a name that are shown."""
_MARKS: Final = 3
"""Combining marks that may follow each other; more of them would cover other text."""

_ACTS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""Controls but for new lines and tabs, directions, what has no shape, halves of surrogate pairs."""


def plain_text(text: str) -> str:
    r"""The text with every character that acts or hides shown by its code.

    Example:
        >>> plain_text("a\x1b[31mb\u202ec\ud800")
        'a\\x1b[31mb\\u202ec\\ud800'
    """
    return _ACTS.sub(lambda found: code(found[0]), text)


def visible(text: str, *, most: int = NAME) -> str:
    r"""The text as one line of at most `most` characters.

    Control and direction characters, and what cannot be encoded, are shown by their code.

    Example:
        >>> visible("a\x1b[31mb\u202e"), visible("one\n two"), visible("long name", most=5)
        ('a\\x1b[31mb\\u202e', 'one two', 'long…')
    """
    head = " ".join(text[: 4 * most].split())
    shown = "".join(_shown(head)) or "(blank)"
    return clipped(shown, most if len(text) <= 4 * most else min(most, len(shown)))


def more(count: int, one: str, many: str) -> str:
    """What says how much is left out.

    Example:
        >>> more(1, "model", "models"), more(1200, "model", "models")
        ('and 1 more model', 'and 1,200 more models')
    """
    return f"and {count:,} more {one if count == 1 else many}"


def code(char: str) -> str:
    r"""A character by its code.

    Example:
        >>> code("\u202e")
        '\\u202e'
    """
    return char.encode("unicode_escape").decode("ascii")


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        marks = marks + 1 if kind[0] == "M" else 0
        hidden = kind[0] == "C" or kind in {"Zl", "Zp"} or marks > _MARKS
        yield code(char) if hidden else char
