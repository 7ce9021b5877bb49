"""Shortens transcripts turn by turn: both ends and the errors of tools stay."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from ..records import Record, turn_starts
from .texts import fitted, shortened

_LEAST_CHARS: Final = 400
"""Room for a turn with an error: the message of most tools. Bounds the errors that are kept."""


def shortened_output(record: Record, limit: int) -> str:
    """The output of a record within a limit: a transcript by turns, any other text in its middle.

    Args:
        record: Its turns say which of them are errors of tools.
        limit: Characters to keep, at least 1; the notes on what is left out are extra.
    """
    starts = turn_starts(record.output, record.composed)
    if len(record.output) <= limit or len(starts) < 2 or len(starts) != len(record.turns):  # noqa: PLR2004 - one turn has no ends
        return shortened(record.output, limit)
    ends = (*starts[1:], len(record.output))
    turns = [record.output[start:end].strip("\n") for start, end in zip(starts, ends, strict=True)]
    failed = [number for number, turn in enumerate(record.turns) if turn.error]
    return _shortened_turns(turns, limit, failed=failed)


def _shortened_turns(turns: Sequence[str], limit: int, *, failed: Sequence[int]) -> str:
    """The first and the last turn, those that failed, and as many from both ends as fit.

    Args:
        turns: At least two.
        limit: Characters for all of them.
        failed: Indices of the turns with errors of tools, in order.
    """
    last = len(turns) - 1
    needed = sorted({0, last, *_from_ends(failed, limit // _LEAST_CHARS)})
    texts = dict(zip(needed, fitted([turns[one] for one in needed], limit), strict=True))
    room = limit - sum(map(len, texts.values()))
    for side in (range(last), range(last, 0, -1)):
        # Each end gets half of the room, and the second what the first has left over.
        share = room // 2 if side.start == 0 else room
        for one in side:
            if one in texts:
                continue
            if len(turns[one]) > share:
                break
            texts[one] = turns[one]
            share -= len(turns[one])
            room -= len(turns[one])
    return "\n\n".join(_with_notes(texts, len(turns), failed=set(failed)))


def _from_ends(numbers: Sequence[int], most: int) -> Iterable[int]:
    """At most so many of the numbers, half of them from each end."""
    if len(numbers) <= most:
        return numbers
    half = most // 2
    return (*numbers[: most - half], *numbers[len(numbers) - half :])


def _with_notes(texts: dict[int, str], number: int, *, failed: Collection[int]) -> Iterator[str]:
    for kept, group in groupby(range(number), texts.__contains__):
        run = list(group)
        if kept:
            yield from (texts[one] for one in run)
            continue
        first, last = run[0] + 1, run[-1] + 1
        which = f"turn {first:,}" if first == last else f"turns {first:,} to {last:,}"
        errors = sum(one in failed for one in run)
        yield f"[{which} left out{f', {errors:,} of them errors' if errors else ''}]"
