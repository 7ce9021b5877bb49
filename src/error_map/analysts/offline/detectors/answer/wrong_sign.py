"""Finds answers that are the right number with the opposite sign."""

import re
from itertools import combinations, islice
from typing import Final

from ...answer_types.own_question import question_stem
from ...answer_types.whole_answer import in_full, magnitude, working_before
from ...answers.extractors.routes import Answer
from ...arithmetic.quantities import quantities
from ...detector import Case, Detection, Detector, Measured
from ...values.equality import is_number, same_value

# 3 of 3 findings read were right: (3 + 4 * 0.82) / (3 + 4), see `Measured`.
CONFIDENCE: Final = 0.9
SMALL: Final = 10
"""Below this value, the opposite number is often met by chance."""
MAX_NUMBERS: Final = 24
"""Numbers of a task that are compared in pairs."""
MAX_ANSWER_CHARS: Final = 60
"""A longer answer is no number with its unit."""
_MINUS: Final = ("-", "\u2212")
# An operator next to the answer is within a few characters, with the delimiters of LaTeX.
CONTEXT_CHARS: Final = 12
_REVERSED: Final = re.compile(
    r"\d[\d,.]{0,12}[a-z$ ]{0,20}[-\u2212] ?\$?\d[\d,.]{0,12}[a-z ]{0,20}= ?\$?[-\u2212] ?\$?"
    r"(\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
"""A difference with a negative result."""
_SIGNED: Final = re.compile(
    r"((?<![\w)] )(?<![\w)])[-\u2212])?(?<![\w.])(\d+(?:\.\d+)?)(?![\w.]\d)"
)
_SIGNS: Final = r"(?:[-+/^\u2212\u00d7\u00b7]|(?<!\*)\*(?!\*))"
_OPERAND_BEFORE: Final = re.compile(
    rf"(?:[\w)}}\]][ ]*{_SIGNS}|(?:(?<![A-Za-z])[A-Za-z]|[\d)}}])(?=[ ]*\Z))[ ${{(\\]*\Z"
)
_OPERAND_AFTER: Final = re.compile(
    rf"[ $}})]*{_SIGNS}[ ]*[\w(\\]|[ ]?\\(?:sqrt|frac|pi|cdot|times)|\("
)


def detect(case: Case) -> Detection | None:
    """Find answers that equal the reference except for the sign.

    A small number must also be the result of a difference taken the wrong way round, or occur in
    the working with the other sign.
    """
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
    if not _is_opposite(answer, gold) or not _is_meant(case, case.answer):
        return None
    return Detection(
        title="Wrong sign",
        summary=f"The answer is {answer}; the reference is {gold}, with the opposite sign.",
        spans=((case.answer.start, case.answer.end),),
        confidence=CONFIDENCE,
    )


def _is_opposite(answer: str, gold: str) -> bool:
    turned = answer.startswith(_MINUS) != gold.startswith(_MINUS)
    if not turned or same_value(answer, gold) or same_value(answer, "0"):
        return False
    return same_value(answer.lstrip("-\u2212 "), gold.lstrip("-\u2212 "))


def _is_meant(case: Case, answer: Answer) -> bool:
    """Whether the sign is the error: the number is not small, or the working shows it.

    The working has the other sign, or reverses the only difference of this size.
    """
    size = answer.text.strip().lstrip("-\u2212 ")
    value = magnitude(size)
    if value is None or value >= SMALL:
        return True
    working = working_before(case.output, answer.start)
    turned = [found for found in _REVERSED.finditer(working) if same_value(found[1], size)]
    if turned:
        return _pairs_apart(question_stem(case), size) <= 1
    minus = answer.text.strip().startswith(_MINUS)
    others = (found[2] for found in _SIGNED.finditer(working) if bool(found[1]) != minus)
    return any(same_value(each, size) for each in islice(others, MAX_NUMBERS))


def _pairs_apart(task: str, size: str) -> int:
    """How many pairs of different numbers of the task differ by this size."""
    numbers = {each.value for each in islice(quantities(task), MAX_NUMBERS)}
    return sum(same_value(str(abs(one - two)), size) for one, two in combinations(numbers, 2))


def _is_operand(output: str, start: int, end: int) -> bool:
    """Whether the number is an operand of a larger expression, so that its sign is not known."""
    before = output[max(0, start - CONTEXT_CHARS) : start]
    after = output[end : end + CONTEXT_CHARS]
    return bool(_OPERAND_BEFORE.search(before) or _OPERAND_AFTER.match(after))


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
