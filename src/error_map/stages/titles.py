"""Merges titles that mean the same before they are sorted into categories."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from ..analysts.base import TitleGroup

MIN_SIMILARITY: Final = 97.0
"""Percent of similarity from which two titles count as one: one of 35 characters may differ, as in
a plural. Lower values merge titles that differ in a word."""
_CHUNK: Final = 512
"""Rows of the similarity matrix at a time; bounds its memory, which grows with the titles."""
_PUNCTUATION: Final = re.compile(r"[^\w\s]+|_")
_DIGITS: Final = re.compile(r"\d+")
_MAX_SUMMARIES: Final = 2
"""Example summaries per title: they take most of a prompt's tokens."""


def unique_titles(groups: Iterable[TitleGroup]) -> list[TitleGroup]:
    """Merges groups whose titles mean the same, under their most frequent title.

    Two titles mean the same if they differ only in case, punctuation and spacing, or if they are
    at least `MIN_SIMILARITY` alike and have the same numbers. Groups of different detectors are
    not merged.

    Args:
        groups: Each title of a detector once, in any order.

    Returns:
        The merged groups, sorted by detector and title; other spellings are in `also`.
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
        summaries=tuple(dict.fromkeys(summaries))[:_MAX_SUMMARIES],
        also=tuple(sorted(spellings - {lead.title})),
    )


def _near(groups: Sequence[TitleGroup]) -> Iterator[list[int]]:
    """Clusters of indices whose plain titles are alike, each index in exactly one."""
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
    """Pairs of indices with similar texts; only texts of similar length are compared."""
    order = sorted(range(len(plain)), key=lambda place: (len(plain[place]), plain[place]))
    texts = [plain[place] for place in order]
    lengths = np.array([len(text) for text in texts])
    for start in range(0, len(texts), _CHUNK):
        rows = texts[start : start + _CHUNK]
        longest = (
            len(rows[-1]) * (200 - MIN_SIMILARITY) / MIN_SIMILARITY
        )  # longer texts cannot be similar enough
        end = int(np.searchsorted(lengths, longest, side="right"))
        scores = process.cdist(
            rows, texts[start:end], scorer=fuzz.ratio, score_cutoff=MIN_SIMILARITY, dtype=np.uint8
        )
        for row, column in np.argwhere(scores):
            left, right = order[start + row], order[start + column]
            if row < column and _DIGITS.findall(plain[left]) == _DIGITS.findall(plain[right]):
                yield left, right
