"""Values that are said to solve an equation, and do not."""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from ..asked import own_task
from ..assigned import Assigned
from ..chains import equalities
from ..claims import own_end
from ..detector import Case, Detector, Measured, Sign
from ..options import options, stem
from ..other_arithmetic import named_near
from ..polynomials import add, unknowns
from ..reached import equation_on_the_way
from ..slips import shown
from ..solutions import alone, found_values, holds, task_equations, vanishes
from ..values import same_value
from . import wrong_turn

CONFIDENCE: Final = 0.8
BEFORE_CHARS: Final = 100
BEHIND_CHARS: Final = 200
SHOWN_CHARS: Final = 80
FEWEST_TERMS: Final = 2
TOGETHER_CHARS: Final = 160
"""The values of one solution stand within these of each other."""

_SOLVES: Final = re.compile(
    r"\b(?:solving|satisf\w+|trial|trying|testing|inspection)\b[^.]{0,90}\Z", re.IGNORECASE
)
_UNSOLVED: Final = re.compile(
    r"\bnot (?:equal|satisf|work|true|hold|an? integer)|n't|\u2260|\\neq?\b|contradict"
    r"|however|recheck",
    re.IGNORECASE,
)
_EXTREME: Final = re.compile(
    r"\b(?:min|max)imum value|\b(?:smallest|largest|least) value", re.IGNORECASE
)
"""There values only show that a bound is met, which mostly is wrong before."""
_WORDS: Final = ("olving", "atisf", "trial", "rying", "esting", "nspection")
"""Parts of those that say that something is solved, which are quick to look for."""


def detect(case: Case) -> Sign | None:
    """Fires on an equation of the task, or one that a right working has too.

    Where the way to the values can be followed to a wrong equation, that is left to `wrong_turn`.
    """
    if case.answer is None or case.gold is None or not case.correct_outputs:
        return None
    if not case.profile.trusted or options(case.prompt) or same_value(case.answer.text, case.gold):
        return None
    if not any(word in case.output for word in _WORDS):
        return None
    if _EXTREME.search(own_task(case.prompt)):
        return None
    found = found_values(case.output, own_end(case))
    for equation, values in _broken(case, found) if found else ():
        start = min(each.of.start for each in values.values())
        end = max(each.end for each in values.values())
        if end - start > TOGETHER_CHARS:
            continue
        said = _SOLVES.search(case.output, max(0, start - BEFORE_CHARS), start)
        if said and not _UNSOLVED.search(case.output, end, end + BEHIND_CHARS):
            return None if wrong_turn.detect(case) else _sign(equation, values, (start, end))
    return None


def _broken(
    case: Case, found: Mapping[str, Assigned]
) -> Iterator[tuple[str, Mapping[str, Assigned]]]:
    """The equations that the values found for all their unknowns do not satisfy."""
    numbers = {name: each.value for name, each in found.items()}
    for equation, names in task_equations(stem(case.prompt)):
        if names <= found.keys() and not holds(equation, numbers):
            yield equation, {name: found[name] for name in sorted(names)}
    for each in equalities(case.output):
        rest = add(each.left.of.value, each.right.of.value, sign=-1)
        names = unknowns(rest)
        if None not in {alone(each.left.of.value), alone(each.right.of.value)}:
            continue
        if len(rest) < FEWEST_TERMS or not names or not names <= found.keys() or each.rough:
            continue
        before = all(found[name].of.start >= each.right.end for name in names)
        if not before or vanishes(rest, numbers):
            continue
        if named_near(case.output, each.left.start, each.right.end):
            continue
        if equation_on_the_way(each, case):
            equation = case.output[each.left.start : each.right.end]
            yield equation, {name: found[name] for name in sorted(names)}


def _sign(equation: str, values: Mapping[str, Assigned], place: tuple[int, int]) -> Sign:
    *ahead, last = [f"{name} = {shown(Fraction(each.value))}" for name, each in values.items()]
    listed = f"{', '.join(ahead)} and {last}" if ahead else last
    return Sign(
        title="Values that do not solve the equation",
        summary=f"The working says that {listed} is a solution, but it does not satisfy"
        f" \u201c{' '.join(equation.split())[:SHOWN_CHARS]}\u201d.",
        spans=(place,),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="unsolved_equation",
    finding="Values that do not solve the equation",
    description="Values that are said to solve an equation of the task, and do not satisfy it.",
    category="unsupported_content",
    kind="cause",
    rank=53,
    detect=detect,
    measured=Measured(right=6, read=7),
)
