"""In which turns of a transcript a quotation is, in words."""

from collections.abc import Iterable, Sequence
from typing import Final

from ..records import FailureRow, turn_at, turn_starts
from .excerpt import quotation

_MAX_NAMED: Final = 3
"""Turns that are named; a quotation of a word or two may be in all of them."""


def quoted_turns(quote: str, output: str, starts: Sequence[int]) -> tuple[int, ...]:
    r"""The turns that contain a quotation, in order; at most one more than are named.

    Args:
        quote: The quotation.
        output: The transcript.
        starts: Where its turns begin; see `turn_starts`.

    Example:
        >>> quoted_turns("a", "[turn 1, x]\na\n\n[turn 2, x]\nb", (0, 13))
        (1,)
    """
    place = quotation(quote, output) if starts else None
    found: list[int] = []
    offset = place[0] if place else -1
    while offset >= 0 and len(found) <= _MAX_NAMED:
        turn = turn_at(starts, offset)
        if turn is None or turn == len(starts):
            found += [turn] if turn else []
            break
        found.append(turn)
        # Headings are no text of a turn, so the search may start with the next one's.
        offset = output.find(quote, starts[turn])
    return tuple(found)


def turns_phrase(turns: Iterable[int]) -> str:
    """Turns in words; empty for none.

    Example:
        >>> turns_phrase([7]), turns_phrase([9, 7, 9]), turns_phrase([1, 2, 3, 4]), turns_phrase([])
        ('turn 7', 'turns 7 and 9', 'turns 1, 2, 3 and more', '')
    """
    numbers = [f"{number:,}" for number in sorted(set(turns))]
    if len(numbers) > _MAX_NAMED:
        numbers = [*numbers[:_MAX_NAMED], "more"]
    if len(numbers) < 2:  # noqa: PLR2004 - one needs no "and"
        return "".join(f"turn {number}" for number in numbers)
    return f"turns {', '.join(numbers[:-1])} and {numbers[-1]}"


def evidence_turns(row: FailureRow) -> tuple[int, ...]:
    """The turns of the evidence that decided: of the first finding, else of a judge's criteria."""
    starts = turn_starts(row.output, row.composed)
    offsets = [quote.start for finding in row.findings[:1] for quote in finding.evidence]
    turns = [turn for offset in offsets if (turn := turn_at(starts, offset))]
    for criterion in () if offsets else row.criteria:
        turns += quoted_turns(criterion.evidence, row.output, starts)
    return tuple(sorted(set(turns)))
