"""Answers that are left standing as a sum, a product or a root, where a plain number is asked."""

import re
from typing import Final

from ..answer_kinds import other_kind
from ..detector import Case, Detector, Sign

SHOWN_CHARS: Final = 160
TASK_CHARS: Final = 4_000
CONFIDENCE: Final = 0.8

_PARTS: Final = re.compile(
    r"\b(?:find|compute|determine|what is|calculate|enter)\b(?: the)?(?: value of| sum)?"
    r"\s*[$\\(]{0,3}[a-zA-Z]\s*(?:[+]\s*[a-zA-Z]\s*)+",
    re.IGNORECASE,
)


def detect(case: Case) -> Sign | None:
    """Fires where the reference is a plain number, and the answer an operation not carried out.

    A root counts only where the task asks for a sum of the parts that it is written with.
    """
    found = other_kind(case)
    if found is None or found[1] not in {"formula", "irrational"}:
        return None
    if found[1] == "irrational" and not _PARTS.search(case.prompt[-TASK_CHARS:]):
        return None
    answer = found[0]
    shown = " ".join(answer.text.split())[:SHOWN_CHARS]
    return Sign(
        title="Last operation not carried out",
        summary=f"The answer is left as {shown!r}; what is asked for is a plain number, and the"
        f" reference is {case.gold}.",
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="formula_left",
    finding="Last operation not carried out",
    description="The answer is left as a sum, product or root, where a plain number is asked for.",
    category="incomplete_reasoning",
    kind="cause",
    rank=58,
    detect=detect,
)
