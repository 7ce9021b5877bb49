"""Words in common: whether a sentence says what an option says."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from ...texts import clipped

MOST_CHARS: Final = 1_000
"""Beginning of a text whose words are compared."""
REMEMBERED: Final = 512
"""Texts kept: the options of a prompt are compared with many answers."""
_WORD: Final = re.compile(r"[^\W\d_]{3,}|\d+(?:\.\d+)?")
_PIECE: Final = re.compile(r"[^\W_]+(?:[.'\u2019-][^\W_]+)*")
_COMMON: Final = frozenset(
    "the and are that this with for from which therefore thus hence answer correct option has have"  # noqa: SIM905 - a long list reads best as text
    " been can was were would will its their they his her who whom than then when where what into"
    " also such these those there being does did our out any all".split()
)
_DENIALS: Final = frozenset(
    "not no never neither nor none incorrect wrong false unlike rather instead without except"  # noqa: SIM905 - a long list reads best as text
    " however although but may might could if suppose assume unless whereas".split()
)
_ANY_WORD: Final = re.compile(r"\w+")
_CONTRACTED: Final = re.compile(r"n['\u2019]t\b")


@lru_cache(maxsize=REMEMBERED)
def content(text: str) -> frozenset[str]:
    """The words and numbers that carry meaning, in small letters."""
    return frozenset(_WORD.findall(text[:MOST_CHARS].casefold())) - _COMMON


def share(of: str, said: Iterable[str]) -> float:
    """Share of the meaningful words of a text that are said, in [0, 1]; 0 where it has none."""
    words = content(of)
    return len(words.intersection(said)) / len(words) if words else 0.0


@lru_cache(maxsize=REMEMBERED)
def flat(text: str) -> str:
    """The text in small letters, its words single-spaced, with a blank at either end.

    Example:
        >>> flat("The  Red-Hot, big one.")
        ' the red-hot big one '
    """
    return f" {' '.join(_PIECE.findall(text[:MOST_CHARS].casefold()))} "


def small(text: str) -> str:
    """The text in small letters, the way a pattern that ignores case reads it; as long as before.

    Plain words are looked for in it before a pattern that needs one of them, which is slower.

    Example:
        >>> small("NOT \u017fo")
        'not so'
    """
    if text.isascii():
        return text.lower()
    plain = text.replace("\u0130", "i").lower()
    return plain.replace("\u0131", "i").replace("\u017f", "s")


def in_quotes(text: str, most: int) -> str:
    r"""The text on one line, clipped, as it stands in a sentence; without the end of a JSON string.

    Example:
        >>> in_quotes('It is 7,\nwe find.",', 40)
        "'It is 7, we find.'"
    """
    return repr(clipped(" ".join(text.removesuffix('",').split()), most))


def enumerated(shown: Sequence[str]) -> str:
    """The words as an enumeration.

    Example:
        >>> enumerated(["3", "4", "5"]), enumerated(["3"])
        ('3, 4 and 5', '3')
    """
    *ahead, last = shown
    return f"{', '.join(ahead)} and {last}" if ahead else last


def denies(text: str) -> bool:
    """Whether the text denies, contrasts or supposes something."""
    low = text.lower()
    words = _ANY_WORD.findall(low)
    return not _DENIALS.isdisjoint(words) or _CONTRACTED.search(low) is not None
