"""Answers that are left standing as a sum, a product or a root, where a plain number is asked."""

import re
from typing import Final

from ...answer_types.answer_kinds import other_kind
from ...arithmetic.evaluate import comes_to
from ...arithmetic.quantities import quantities
from ...detector import Case, Detection, Detector
from ...values.equality import plain

SHOWN_CHARS: Final = 160
TASK_CHARS: Final = 4_000
CONFIDENCE: Final = 0.8

_PARTS: Final = re.compile(
    r"\b(?:find|compute|determine|what is|calculate|enter)\b(?: the)?(?: value of| sum)?"
    r"\s*[$\\(]{0,3}[a-zA-Z]\s*(?:[+]\s*[a-zA-Z]\s*)+",
    re.IGNORECASE,
)


def detect(case: Case) -> Detection | None:
    """Fires where the answer is an operation that comes to the reference when it is carried out.

    A root counts only where the task asks for a sum of the parts that it is written with, and they
    add up to the reference. What comes to another value is wrong for another reason.
    """
    found = other_kind(case)
    if found is None or found[1] not in {"formula", "irrational"}:
        return None
    answer, kind = found
    if not (_leads_there(case, answer.text) if kind == "formula" else _adds_up(case, answer.text)):
        return None
    left = "carried out, it comes" if kind == "formula" else "the parts that are asked for add up"
    shown = " ".join(answer.text.split())[:SHOWN_CHARS]
    return Detection(
        title="Last operation not carried out",
        summary=f"The answer is left as {shown!r}; {left} to the reference, {case.gold}.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _leads_there(case: Case, answer: str) -> bool:
    gold = plain(case.gold or "")
    return comes_to(answer, gold) or comes_to(plain(answer), gold)


def _adds_up(case: Case, answer: str) -> bool:
    """Whether the parts that the task wants added come to the reference."""
    asked = _PARTS.search(case.prompt[-TASK_CHARS:])
    parts = [each.value for each in quantities(answer)]
    if asked is None or len(parts) != asked[0].count("+") + 1:
        return False
    return any(each.value == sum(parts) for each in quantities(plain(case.gold or "")))


DETECTOR: Final = Detector(
    name="unevaluated_formula",
    finding="Last operation not carried out",
    description="The answer is left as a sum, product or root, where a plain number is asked for.",
    category="incomplete_reasoning",
    kind="cause",
    rank=58,
    detect=detect,
    former_names=("formula_left",),
)
