"""Names that people take for one: they differ in blanks, case or look-alike letters alone."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_LATIN: Final = str.maketrans(
    "авеікмнорстухѕјԁɡ" + "αβεικνορτυχ" + "\u2010\u2011\u2012\u2013\u2014\u2212",
    "abeikmhopctyxsjdg" + "abeikvoptux" + "------",
)
"""Small letters of other scripts that look Latin, and dashes (Unicode's confusables)."""


def look_alikes(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Groups of two or more different names that look alike, each sorted.

    Example:
        >>> list(look_alikes(["gpt-4", "gpt-4 ", "GPT-4", "other"]))
        [('GPT-4', 'gpt-4', 'gpt-4 ')]
    """
    groups: dict[str, list[str]] = {}
    for name in sorted(set(names)):
        groups.setdefault(_appearance(name), []).append(name)
    yield from (tuple(group) for group in groups.values() if len(group) > 1)


def _appearance(name: str) -> str:
    """The name without blanks and format characters, in small Latin letters where they look so."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    shown = (c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")
    return "".join(shown).translate(_LATIN)
