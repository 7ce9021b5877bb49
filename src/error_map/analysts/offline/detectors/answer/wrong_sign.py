"""Finds answers that are the right number with the opposite sign."""

import re
from typing import Final

from ...answer_types.whole_answer import in_full
from ...detector import Case, Detection, Detector, Measured
from ...values.equality import is_number, same_value

# 3 of 3 findings read were right: (3 + 4 * 0.82) / (3 + 4), see `Measured`.
CONFIDENCE: Final = 0.9
MAX_ANSWER_CHARS: Final = 60
"""A longer answer is no number with its unit."""
_PROGRAM: Final = re.compile(r"\bdef \w{1,60}\(|\breturn \S|\bindexOf\(|\bfind\(|\bassert \S")
_MINUS: Final = ("-", "\u2212")
_SIGN: Final = "-\u2212 "
# An operator next to the answer is within a few characters, with the delimiters of LaTeX.
CONTEXT_CHARS: Final = 12
_SIGNS: Final = r"(?:[-+/^\u2212\u00d7\u00b7]|(?<!\*)\*(?!\*))"
_OPERAND_BEFORE: Final = re.compile(
    rf"(?:[\w)}}\]][ ]*{_SIGNS}|(?:(?<![A-Za-z])[A-Za-z]|[\d)}}])(?=[ ]*\Z))[ ${{(\\]*\Z"
)
_OPERAND_AFTER: Final = re.compile(
    rf"[ $}})]*{_SIGNS}[ ]*[\w(\\]|[ ]?\\(?:sqrt|frac|pi|cdot|times)|\("
)


def detect(case: Case) -> Detection | None:
    """Find answers that equal the reference except for the sign."""
    if case.answer is None or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    if not is_number(whole.text) or _is_operand(case.output, whole.start, whole.end):
        return None
    answer, gold = case.answer.text.strip(), case.gold.strip()
    if (
        max(len(answer), len(gold)) > MAX_ANSWER_CHARS
        or not is_number(answer)
        or not is_number(gold)
    ):
        return None
    if not _opposite(answer, gold) or (same_value(gold.lstrip(_SIGN), "1") and _of_program(case)):
        return None
    return Detection(
        title="Wrong sign",
        summary=f"The answer is {answer}; the reference is {gold}, with the opposite sign.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


def _is_operand(output: str, start: int, end: int) -> bool:
    """Whether the number is an operand of a larger expression, so that its sign is not known."""
    before = output[max(0, start - CONTEXT_CHARS) : start]
    after = output[end : end + CONTEXT_CHARS]
    return bool(_OPERAND_BEFORE.search(before) or _OPERAND_AFTER.match(after))


def _opposite(answer: str, gold: str) -> bool:
    """Whether two numbers differ in their sign alone."""
    turned = answer.startswith(_MINUS) != gold.startswith(_MINUS)
    if not turned or same_value(answer, gold) or same_value(answer, "0"):
        return False
    return same_value(answer.lstrip(_SIGN), gold.lstrip(_SIGN))


def _of_program(case: Case) -> bool:
    """Whether a program returns the answer: -1 may say "not found" there, and 1 be a place."""
    return case.profile.task in {"literals", "code"} or _PROGRAM.search(case.prompt) is not None


DETECTOR: Final = Detector(
    name="wrong_sign",
    finding="Right number, wrong sign",
    description="The answer is the right number with the opposite sign.",
    category="computation_error",
    kind="cause",
    rank=56,
    detect=detect,
    measured=Measured(right=3, read=3),
)
