"""Compares texts by their words, and words texts for sentences."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from ...texts import clipped

# Bounds the work; options and the sentences compared with them are far shorter.
MAX_CHARS: Final = 1_000
"""Beginning of a text whose words are compared."""
# Texts: the options of some 50 prompts, each of which is compared with many outputs.
CACHE_SIZE: Final = 512
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


@lru_cache(maxsize=CACHE_SIZE)
def content_words(text: str) -> frozenset[str]:
    """The case-folded words and numbers of a text, without function words."""
    return frozenset(_WORD.findall(text[:MAX_CHARS].casefold())) - _COMMON


def coverage(text: str, words: Iterable[str]) -> float:
    """Share of the content words of a text that are among `words`, in [0, 1]; 0 if it has none."""
    content = content_words(text)
    return len(content.intersection(words)) / len(content) if content else 0.0


@lru_cache(maxsize=CACHE_SIZE)
def spaced_words(text: str) -> str:
    """The words of the text, case-folded, with a space around each.

    Example:
        >>> spaced_words("The  Red-Hot, big one.")
        ' the red-hot big one '
    """
    return f" {' '.join(_PIECE.findall(text[:MAX_CHARS].casefold()))} "


def lowercase(text: str) -> str:
    """The text in lower case as `re.IGNORECASE` sees it, with unchanged length.

    Searching it for plain words is faster than a pattern that ignores case.

    Example:
        >>> lowercase("NOT \u017fo")
        'not so'
    """
    if text.isascii():
        return text.lower()
    plain = text.replace("\u0130", "i").lower()
    return plain.replace("\u0131", "i").replace("\u017f", "s")


def in_quotes(text: str, max_chars: int) -> str:
    r"""The text in quotes, on one line and clipped, without the end of a JSON string.

    Example:
        >>> in_quotes('It is 7,\nwe find.",', 40)
        "'It is 7, we find.'"
    """
    return repr(clipped(" ".join(text.removesuffix('",').split()), max_chars))


def enumerated(items: Sequence[str]) -> str:
    """The items as an enumeration with "and".

    Example:
        >>> enumerated(["3", "4", "5"]), enumerated(["3"])
        ('3, 4 and 5', '3')
    """
    *others, last = items
    return f"{', '.join(others)} and {last}" if others else last


def denies(text: str) -> bool:
    """Whether the text denies, contrasts or supposes something."""
    lowered = text.lower()
    words = _ANY_WORD.findall(lowered)
    return not _DENIALS.isdisjoint(words) or _CONTRACTED.search(lowered) is not None
