"""Finds answers that the question itself rules out, such as a fractional count."""

import re
from fractions import Fraction
from typing import Final

from ...answer_types.own_question import own_question
from ...answer_types.whole_answer import in_full
from ...detector import Case, Detection, Detector, Measured
from ...values.equality import is_number, plain

TASK_CHARS: Final = 4_000
"""Searched at the end of a task, where the question is; bounds the work on long prompts."""
# 1 of 1 findings read were right: (1 + 4 * 0.82) / (1 + 4), see `Measured`.
CONFIDENCE: Final = 0.86

_COUNT: Final = re.compile(
    r"\bhow many (?:\w+[ -]){0,3}?(?:integers?|ways|solutions|numbers|pairs|triples|tuples|values"
    r"|primes|divisors|factors|multiples|squares|cubes|subsets|people|students|children|boys|girls"
    r"|men|women|games|arrangements|combinations|permutations|distinct|different)\b"
    r"|\bnumber of (?:\w+[ -]){0,3}?(?:integers|ways|solutions|pairs|triples|values|divisors"
    r"|factors|subsets|arrangements|combinations|permutations)\b|\bin how many ways\b",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\b(?:find|compute|determine|what is|calculate|give)\b(?: the)?(?: (?:value|sum) of)?"
    r"\s*[$\\(]*[a-zA-Z](?:\s*[+]\s*[a-zA-Z])+\b"
    r"|\b(?:smallest|largest|least|greatest|maximum|minimum) (?:possible )?(?:positive "
    r"|non-?negative )?(?:\w+-digit )?(?:integer|whole number|prime|multiple|divisor)\b",
    re.IGNORECASE,
)
_INTEGERS: Final = re.compile(r"\b(?:integers?|whole numbers?|prime)\b", re.IGNORECASE)
_PLAIN: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?(?:/[1-9]\d{0,14})?")
_AVERAGE: Final = re.compile(r"\b(?:average|expected|mean|per)\b", re.IGNORECASE)
_CHANCE: Final = re.compile(
    r"\b(?:what is|find|compute|determine|calculate) the probability\b", re.IGNORECASE
)
_OTHER_FORM: Final = re.compile(r"percent|%|\bform\b|[a-z]\s*\+\s*[a-z]\b|odds", re.IGNORECASE)


def detect(case: Case) -> Detection | None:
    """Find answers that cannot be the kind of value that the question asks for."""
    if case.answer is None or case.answer.guessed:
        return None
    whole = in_full(case.output, case.answer)
    value = _value(whole.text)
    if value is None:
        return None
    task = own_question(case)[-TASK_CHARS:]
    reason = _ruled_out(task, value)
    if reason is None or _is_possible(task, case.gold):
        return None
    return Detection(
        title="Impossible value",
        summary=f"The answer is {whole.text!r}, but {reason}.",
        spans=((whole.start, whole.end),),
        confidence=CONFIDENCE,
    )


def _ruled_out(task: str, value: Fraction) -> str | None:
    """Explain why the value cannot be what the task asks for; None if it can."""
    if value.denominator != 1 and not _AVERAGE.search(task):
        match = _COUNT.search(task)
        if match:
            return f"{match[0]!r} asks for a whole number"
        match = _WHOLE.search(task) if _INTEGERS.search(task) else None
        if match:
            return f"{match[0]!r} asks for a whole number"
    if value < 0 and (counted := _COUNT.search(task)):
        return f"{counted[0]!r} cannot be negative"
    if not 0 <= value <= 1 and _CHANCE.search(task) and not _OTHER_FORM.search(task):
        return "a probability lies between 0 and 1"
    return None


def _is_possible(task: str, gold: str | None) -> bool:
    """Whether the reference is such a value too, so that the question was misread here."""
    value = _value(gold.strip()) if gold else None
    return value is not None and _ruled_out(task, value) is not None


def _value(text: str) -> Fraction | None:
    written = plain(text)
    if not is_number(text) or not _PLAIN.fullmatch(written):
        return None
    above, _, below = written.partition("/")
    return Fraction(above) / int(below or 1)


DETECTOR: Final = Detector(
    name="impossible_value",
    finding="Impossible answer, such as half a person",
    description="The answer is a fractional or negative count, or a probability outside 0 to 1.",
    category="specification_misinterpretation",
    kind="cause",
    rank=58,
    detect=detect,
    measured=Measured(right=1, read=1),
)
