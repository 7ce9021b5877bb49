"""Finds an answer that is the right number with the other sign."""

import re
from typing import Final

from ...answer_types.whole_answer import in_full
from ...answers.route_learning import same_value
from ...detector import Case, Detection, Detector, Measured
from ...values.equality import is_number

CONFIDENCE: Final = 0.9
LONGEST: Final = 60
"""Characters of an answer that may be a number with its unit."""
_MINUS: Final = ("-", "\u2212")
BESIDE_CHARS: Final = 12
_SIGNS: Final = r"(?:[-+/^\u2212\u00d7\u00b7]|(?<!\*)\*(?!\*))"
_OPERAND_BEFORE: Final = re.compile(
    rf"(?:[\w)}}\]][ ]*{_SIGNS}|(?:(?<![A-Za-z])[A-Za-z]|[\d)}}])(?=[ ]*\Z))[ ${{(\\]*\Z"
)
_OPERAND_BEHIND: Final = re.compile(
    rf"[ $}})]*{_SIGNS}[ ]*[\w(\\]|[ ]?\\(?:sqrt|frac|pi|cdot|times)|\("
)


def detect(case: Case) -> Detection | None:
    """Fires where one of answer and reference is negative and they are equal but for that."""
    if case.answer is None or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    if not is_number(whole.text) or _is_part(case.output, whole.start, whole.end):
        return None
    answer, gold = case.answer.text.strip(), case.gold.strip()
    if max(len(answer), len(gold)) > LONGEST or not is_number(answer) or not is_number(gold):
        return None
    turned = answer.startswith(_MINUS) != gold.startswith(_MINUS)
    if not turned or same_value(answer, gold) or same_value(answer, "0"):
        return None
    if not same_value(answer.lstrip("-\u2212 "), gold.lstrip("-\u2212 ")):
        return None
    return Detection(
        title="Wrong sign",
        summary=f"The answer is {answer}; the reference is {gold}, the same with the other sign.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


def _is_part(output: str, start: int, end: int) -> bool:
    """Whether the number stands in a larger expression, whose sign it does not have alone."""
    before = output[max(0, start - BESIDE_CHARS) : start]
    behind = output[end : end + BESIDE_CHARS]
    return bool(_OPERAND_BEFORE.search(before) or _OPERAND_BEHIND.match(behind))


DETECTOR: Final = Detector(
    name="wrong_sign",
    finding="Wrong sign",
    description="The answer is the right number with the other sign.",
    category="computation_error",
    kind="cause",
    rank=56,
    detect=detect,
    measured=Measured(right=3, read=3),
)
