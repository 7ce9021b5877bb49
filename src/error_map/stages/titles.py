"""Titles that say the same, brought together before they are sorted."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from ..analysts.base import TitleGroup

ALIKE: Final = 97.0
"""Percent of similarity from which two titles say the same."""
_CHUNK: Final = 512
_PUNCTUATION: Final = re.compile(r"[^\w\s]+|_")
_DIGITS: Final = re.compile(r"\d+")
_SUMMARIES: Final = 2


def unique_titles(groups: Iterable[TitleGroup]) -> list[TitleGroup]:
    """The groups with those whose titles say the same made one, under the most frequent title.

    Two titles say the same if they differ in case, punctuation and spacing only, or hardly and
    not in a number; groups of different detectors stay apart.

    Args:
        groups: Each title of a detector once, in any order.

    Returns:
        Sorted by detector and title; the other spellings stand in `also`.
    """
    ordered = sorted(groups, key=lambda group: (group.detector, _plain(group.title), group.title))
    merged: list[TitleGroup] = []
    for _, own in groupby(ordered, key=lambda group: group.detector):
        exact = [_joined(list(same)) for _, same in groupby(own, key=lambda g: _plain(g.title))]
        merged.extend(_joined([exact[place] for place in cluster]) for cluster in _near(exact))
    return sorted(merged, key=lambda group: (group.detector, group.title))


def _plain(title: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", title.casefold()).split())


def _joined(same: Sequence[TitleGroup]) -> TitleGroup:
    lead = min(same, key=lambda group: (-group.count, group.title))
    spellings = {spelling for group in same for spelling in (group.title, *group.also)}
    summaries = [summary for group in same for summary in group.summaries]
    return TitleGroup(
        title=lead.title,
        detector=lead.detector,
        count=sum(group.count for group in same),
        summaries=tuple(dict.fromkeys(summaries))[:_SUMMARIES],
        also=tuple(sorted(spellings - {lead.title})),
    )


def _near(groups: Sequence[TitleGroup]) -> Iterator[list[int]]:
    """Clusters of places whose plain titles are alike, each place in exactly one."""
    plain = [_plain(group.title) for group in groups]
    root = list(range(len(plain)))
    for left, right in _alike_pairs(plain):
        root[_find(root, right)] = _find(root, left)
    clusters: dict[int, list[int]] = {}
    for place in range(len(plain)):
        clusters.setdefault(_find(root, place), []).append(place)
    yield from clusters.values()


def _find(root: list[int], place: int) -> int:
    while root[place] != place:
        root[place] = root[root[place]]
        place = root[place]
    return place


def _alike_pairs(plain: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of places with alike texts; only texts of about the same length are compared."""
    order = sorted(range(len(plain)), key=lambda place: (len(plain[place]), plain[place]))
    texts = [plain[place] for place in order]
    lengths = np.array([len(text) for text in texts])
    for start in range(0, len(texts), _CHUNK):
        rows = texts[start : start + _CHUNK]
        longest = len(rows[-1]) * (200 - ALIKE) / ALIKE  # as alike as lengths allow
        end = int(np.searchsorted(lengths, longest, side="right"))
        scores = process.cdist(
            rows, texts[start:end], scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8
        )
        for row, column in np.argwhere(scores):
            one, other = order[start + row], order[start + column]
            if row < column and _DIGITS.findall(plain[one]) == _DIGITS.findall(plain[other]):
                yield one, other
