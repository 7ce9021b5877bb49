"""Wrong answers that are a letter and nothing else, where reasoning was asked for."""

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
from ...detector import Case, Detector, Measured, Sign

PROMPT_CHARS: Final = 3_000
"""Either end of a prompt is searched for the wish to see reasoning."""
REASONED_CHARS: Final = 80
"""Length from which on a correct answer reasons."""
USUALLY: Final = 0.6
LONGEST: Final = 700
"""Characters: a longer working argues."""
QUOTED_CHARS: Final = 200
CONFIDENCE: Final = 0.84

_CALCULATES: Final = re.compile(r"[=\u2248]|\d\s*[-+*/\u00d7\u00f7]\s*\d|\\(?:frac|times|cdot)")

_DIGIT: Final = re.compile(r"\d|=")
"""What stands before the letter is working, however short, where it has one of these."""

_ASKS: Final = re.compile(
    r"step[- ]by[- ]step|\bexplain|\breason(?:ing)?\b|\bshow (?:your|all|the) (?:work|steps)"
    r"|\bjustify|\bthink (?:about|through|carefully)",
    re.IGNORECASE,
)


def detect(case: Case) -> Sign | None:
    """Fires where a wrong letter or value stands alone, and reasoning was asked for or is usual.

    Silent where the letter is the reference's: a bare letter is hardly sooner wrong than another
    answer, but where it is wrong there is nothing else to see.
    """
    chosen = choice(case)
    gold = case.gold or ""
    if chosen is None or gold not in chosen.options or chosen.letter == gold:
        return None
    if has_no_working(own_text(case.output)):
        due = not _DIGIT.search(chosen.working) and _reasoning_is_due(case)
        return _bare(chosen, gold) if due else None
    return _asserted(case, chosen, gold) if peers_calculate(case) else None


def _bare(chosen: Choice, gold: str) -> Sign:
    return Sign(
        title="Answer letter without reasoning",
        summary=f"The output is the letter {chosen.letter} and nothing else; no step of reasoning"
        f" is shown, although the task asks for it. The right one is {gold}.",
        spans=(chosen.statement,),
        confidence=CONFIDENCE,
    )


def _asserted(case: Case, chosen: Choice, gold: str) -> Sign | None:
    """A value is given in a task that others calculate, and no calculation."""
    working = chosen.working
    if len(working) > LONGEST or _CALCULATES.search(working):
        return None
    stated = values(working)
    if not stated & values(chosen.text) or stated - values(case.prompt[-PROMPT_CHARS:]):
        return None
    end = len(working.rstrip())
    return Sign(
        title="Value asserted without calculation",
        summary=f"The value of option {chosen.letter}, {chosen.text!r}, is asserted and nowhere"
        f" peers_calculate, which the correct answers do; the right one is {gold},"
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
    reasoned = sum(len(output) >= REASONED_CHARS for output in case.correct_outputs)
    return reasoned > 0 and reasoned >= USUALLY * len(case.correct_outputs)


DETECTOR: Final = Detector(
    name="bare_letter",
    finding="Answer without reasoning",
    description="A wrong letter or value stands alone, where reasoning was asked for or is usual.",
    category="incomplete_reasoning",
    kind="cause",
    rank=57,
    detect=detect,
    measured=Measured(right=11, read=13),
)
