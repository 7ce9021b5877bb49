"""Finds wrong answers without reasoning where the task asks for it."""

import re
from functools import lru_cache
from typing import Final

from ...answer_types.multiple_choice import (
    CACHE_SIZE,
    Choice,
    choice,
    has_no_working,
    own_text,
    peers_calculate,
)
from ...arithmetic.quantities import values
from ...detector import Case, Detection, Detector, Measured

PROMPT_CHARS: Final = 3_000
"""Searched at either end of a prompt for a request to show reasoning."""
MIN_REASONED_CHARS: Final = 80
"""Shorter peer answers are only a letter or a sentence, no reasoning."""
MIN_REASONED_SHARE: Final = 0.6
"""Share of peer answers with reasoning: a clear majority of the at most three."""
MAX_WORKING_CHARS: Final = 700
"""A longer working gives reasons."""
QUOTED_CHARS: Final = 200
"""End of the working that is quoted: the sentence with the value, and the one before."""
# 11 of 13 findings read were right: (11 + 4 * 0.82) / (13 + 4), see `Measured`.
CONFIDENCE: Final = 0.84

_CALCULATES: Final = re.compile(r"[=\u2248]|\d\s*[-+*/\u00d7\u00f7]\s*\d|\\(?:frac|times|cdot)")

_DIGIT: Final = re.compile(r"\d|=")
"""Text before the letter is a working, however short, if it contains one of these."""

_ASKS: Final = re.compile(
    r"step[- ]by[- ]step|\bexplain|\breason(?:ing)?\b|\bshow (?:your|all|the) (?:work|steps)"
    r"|\bjustify|\bthink (?:about|through|carefully)",
    re.IGNORECASE,
)


def detect(case: Case) -> Detection | None:
    """Find wrong letters or values without reasoning where it is requested or usual.

    Right letters are no finding: answers with a bare letter are wrong hardly more often than
    others. If one is wrong, though, the missing reasoning is all that can be seen.
    """
    chosen = choice(case)
    gold = case.gold or ""
    if chosen is None or gold not in chosen.options or chosen.letter == gold:
        return None
    if has_no_working(own_text(case.output)):
        due = not _DIGIT.search(chosen.working) and _reasoning_is_due(case)
        return _bare(chosen, gold) if due else None
    return _asserted(case, chosen, gold) if peers_calculate(case) else None


def _bare(chosen: Choice, gold: str) -> Detection:
    return Detection(
        title="Answer letter without reasoning",
        summary=f"The output is only the letter {chosen.letter}, without the reasoning that the"
        f" task asks for or peer answers show. The right option is {gold}.",
        spans=(chosen.statement,),
        confidence=CONFIDENCE,
    )


def _asserted(case: Case, chosen: Choice, gold: str) -> Detection | None:
    """Find values without a calculation in tasks where peer answers calculate."""
    working = chosen.working
    if len(working) > MAX_WORKING_CHARS or _CALCULATES.search(working):
        return None
    stated = values(working)
    if not stated & values(chosen.text) or stated - values(case.prompt[-PROMPT_CHARS:]):
        return None
    end = len(working.rstrip())
    return Detection(
        title="Value asserted without calculation",
        summary=f"The value of option {chosen.letter}, {chosen.text!r}, is asserted without the"
        f" calculation that right answers show; the right option is {gold},"
        f" {chosen.options[gold]!r}.",
        spans=((max(0, end - QUOTED_CHARS), end), chosen.statement),
        confidence=CONFIDENCE,
    )


@lru_cache(maxsize=CACHE_SIZE)
def _asks(prompt: str) -> bool:
    ends = (prompt[:PROMPT_CHARS], prompt[-PROMPT_CHARS:])
    return any(_ASKS.search(end) for end in ends)


def _reasoning_is_due(case: Case) -> bool:
    if _asks(case.prompt):
        return True
    reasoned = sum(len(output) >= MIN_REASONED_CHARS for output in case.correct_outputs)
    return reasoned > 0 and reasoned >= MIN_REASONED_SHARE * len(case.correct_outputs)


DETECTOR: Final = Detector(
    name="bare_letter",
    finding="Answer without reasoning",
    description="A wrong letter or value without the reasoning that is requested or usual.",
    category="incomplete_reasoning",
    kind="cause",
    rank=57,
    detect=detect,
    measured=Measured(right=11, read=13),
)
