"""Finds outputs in which the model refuses the task or says that it cannot do it."""

import re
from typing import Final

from ...detector import Case, Detection, Detector, Habit, title_of
from ...text.mentions import states_answer
from ...text.word_overlap import lowercase

OPENING_CHARS: Final = 160
"""Characters in which a refusal must begin: later ones concern only a part of the task."""
MAX_CHARS: Final = 1_500
"""Longer outputs have worked on the task."""
# A guess close to the mean of all detectors: the measured sets contain hardly any refusals.
CONFIDENCE: Final = 0.8

_DO: Final = (
    r"(?:help|assist|do that|comply|fulfil|continue|engage|participate|discuss|support|create|write"
    r"|generate|produce|provide|give|offer|share|answer|respond|complete|access|view|see|open|browse"
    r"|process|perform|translate|summari[sz]e|recommend|advise|proceed)"
)
_ABLE: Final = (
    r"(?:can(?:no|')?t|can not|could not|couldn't|won't|will not|am (?:not able|unable) to"
    r"|'m (?:not able|unable) to|am not (?:allowed|permitted) to|must (?:decline|refuse) to"
    r"|have to decline to|don't feel comfortable|do not have (?:access|the ability)"
    r"|don't have (?:access|the ability))"
)
_REFUSAL: Final = re.compile(
    rf"(?:\b(?:I|we)\s?(?:{_ABLE})[^.\n]{{0,30}}?\b{_DO}\b|\bI\s?(?:{_ABLE})\s+to\b"
    r"|\bI(?:'m| am) (?:very |really |so )?sorry,? (?:but|I|this|that)\b"
    r"|\b(?:I|we) (?:must|have to) (?:respectfully )?(?:decline|refuse)\b"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b[^.\n]{0,60}?"
    r"\b(?:can(?:no|')?t|not able|unable|don't|do not|am not)\b"
    r"|\b(?:cannot|can't|unable to) (?:fulfil|comply with|assist with|help with)"
    r" (?:this|that|your)\b)",
    re.IGNORECASE,
)
_HINTS: Final = (
    *("sorry", "cannot", "can't", "can not", "couldn't", "won't", "unable", "not able", "declin"),
    *("refus", "ai", "language model", "don't have", "do not have", "not allowed"),
    *("not permitted", "will not", "could not", "comfortable"),
)
"""Every refusal contains one of these: a substring test is much faster than the pattern."""
_WORKING: Final = re.compile(r"=\s*[-$]?\d|^\s*(?:step )?[12][.):]\s", re.IGNORECASE | re.MULTILINE)


def detect(case: Case) -> Detection | None:
    """Find short outputs that begin with a refusal and give no answer or working after it."""
    output = case.output
    if len(output) > MAX_CHARS:
        return None
    opening = output[: OPENING_CHARS + len(output) - len(output.lstrip())].replace("\u2019", "'")
    low = lowercase(opening)
    if not any(hint in low for hint in _HINTS):
        return None
    found = _REFUSAL.search(opening)
    if found is None or _answers_anyway(case, found.end()):
        return None
    return Detection(
        title="Task refused",
        summary=f"The model refuses instead of answering: {' '.join(found[0].split())!r}.",
        spans=((found.start(), found.end()),),
        confidence=CONFIDENCE,
    )


def _answers_anyway(case: Case, place: int) -> bool:
    """Whether an answer or a working follows the refusal."""
    rest = case.output[place:]
    answered = case.answer is not None and not case.answer.guessed and case.answer.start >= place
    return answered or states_answer(rest) or _WORKING.search(rest) is not None


DETECTOR: Final = Detector(
    name="refusal",
    finding="Task refused",
    description="The model refuses or says that it cannot do the task, and no answer follows.",
    category="inappropriate_refusal",
    kind="cause",
    rank=11,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
)
