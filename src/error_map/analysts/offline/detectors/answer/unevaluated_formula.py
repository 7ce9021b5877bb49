"""Finds answers left as a sum, a product or a root where the task asks for a number."""

import re
from typing import Final

from ...answer_types.answer_kinds import other_kind
from ...answer_types.own_question import own_question
from ...arithmetic.evaluate import comes_to
from ...arithmetic.quantities import quantities
from ...detector import Case, Detection, Detector
from ...values.equality import plain

SHOWN_CHARS: Final = 160
"""A longer answer is truncated in the summary, which should stay one sentence."""
TASK_CHARS: Final = 4_000
"""Searched at the end of a task, where the question is; bounds the work on long prompts."""
# About the mean of all detectors, as no findings were read.
CONFIDENCE: Final = 0.8

_PARTS: Final = re.compile(
    r"\b(?:find|compute|determine|what is|calculate|enter)\b(?: the)?(?: value of| sum)?"
    r"\s*[$\\(]{0,3}[a-zA-Z]\s*(?:[+]\s*[a-zA-Z]\s*)+",
    re.IGNORECASE,
)


def detect(case: Case) -> Detection | None:
    """Find answers left as an operation whose result equals the reference.

    A root counts only if the task asks for the sum of its parts, and they add up to the reference.
    An operation with another result is wrong for another reason.
    """
    found = other_kind(case)
    if found is None or found[1] not in {"formula", "irrational"}:
        return None
    answer, kind = found
    if not (
        _evaluates_to_gold(case, answer.text) if kind == "formula" else _adds_up(case, answer.text)
    ):
        return None
    left = "it evaluates" if kind == "formula" else "the requested parts add up"
    shown = " ".join(answer.text.split())[:SHOWN_CHARS]
    return Detection(
        title="Last operation not carried out",
        summary=f"The answer is left as {shown!r}; {left} to the reference, {case.gold}.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _evaluates_to_gold(case: Case, answer: str) -> bool:
    gold = plain(case.gold or "")
    return comes_to(answer, gold) or comes_to(plain(answer), gold)


def _adds_up(case: Case, answer: str) -> bool:
    """Whether the parts that the task asks to add give the reference."""
    match = _PARTS.search(own_question(case)[-TASK_CHARS:])
    parts = [each.value for each in quantities(answer)]
    if match is None or len(parts) != match[0].count("+") + 1:
        return False
    return any(each.value == sum(parts) for each in quantities(plain(case.gold or "")))


DETECTOR: Final = Detector(
    name="unevaluated_formula",
    finding="Formula left instead of a number",
    description="The answer is left as a sum, product or root where the task asks for a number.",
    category="incomplete_reasoning",
    kind="cause",
    rank=58,
    detect=detect,
    former_names=("formula_left",),
)
