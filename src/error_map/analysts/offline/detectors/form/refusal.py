"""Finds outputs in which the model refuses the task or says that it cannot do it."""

import re
from typing import Final

from ...detector import Case, Detection, Detector, Habit, title_of
from ...text.mentions import states_answer
from ...text.refusals import Refusal, refusal

MAX_CHARS: Final = 1_500
"""Longer outputs have worked on the task."""
# A guess close to the mean of all detectors: the measured sets contain hardly any refusals.
CONFIDENCE: Final = 0.8

_WORKING: Final = re.compile(r"=\s*[-$]?\d|^\s*(?:step )?[12][.):]\s", re.IGNORECASE | re.MULTILINE)
# A call, an object or a program: what it quotes, the model does not say.
_NO_PROSE: Final = re.compile(r"\s*(?:[\w.]{1,80}\(|[{\[<`]|\w{1,40}\s*=\s)")
# Here the words "I cannot answer" are among the right answers.
_MAY_DECLINE: Final = re.compile(
    r"\b(?:unanswerable|(?:can(?:no|')t|can not) be (?:answered|determined|found)"
    r"|(?:not|n't) (?:have )?enough (?:information|context)|insufficient (?:information|context)"
    r"|(?:do not|don't) know|(?:not|n't) (?:contain|provide|mention|present|available|answered)\b"
    r"[^.\n]{0,40}\b(?:answer|information|passage|context|document|text|article)|no answer"
    r"|(?:decline|refuse) to answer|not sure|impossible to answer|(?:not|n't) answerable)\b",
    re.IGNORECASE,
)
# In these tasks the model repeats what others say.
_OTHERS_WORDS: Final = re.compile(
    r"\b(?:translat\w*|paraphras\w*|rewrite|rephrase|grammar|proofread|play the (?:role|part)"
    r"|role-?play|pretend|dialogue|conversation|lyrics|song|poem|story|letter|e-?mail|monologue"
    r"|script|speech)\b",
    re.IGNORECASE,
)
_OF_A_MODEL: Final = re.compile(
    r"\b(?:AI|language model|assistant|request|translat\w*|guidelines|content|text|fulfil\w*|comply"
    r"|appropriate|inappropriate|harmful|ethical)\b",
    re.IGNORECASE,
)
_ABOUT_MODEL: Final = re.compile(
    r"\b(?:do|are|were|can|could) you (?:have|feel|think|see|know|an?|human|alive|access)\b"
    r"|\byour\b|\byou (?:think|feel)\b",
    re.IGNORECASE,
)


def detect(case: Case) -> Detection | None:
    """Find short outputs that begin with a refusal and give no answer or working after it."""
    output = case.output
    if len(output) > MAX_CHARS or _NO_PROSE.match(output):
        return None
    found = refusal(output)
    if found is None or _is_right(case) or _is_of_another(case, found):
        return None
    if _answers_anyway(case, found.end):
        return None
    return Detection(
        title="Task refused",
        summary="The model refuses instead of answering:"
        f" {' '.join(output[found.start : found.end].split())!r}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _is_right(case: Case) -> bool:
    """Whether declining can be right here, by the prompt, the reference or other answers."""
    if _MAY_DECLINE.search(case.prompt) or _MAY_DECLINE.search(case.reference or ""):
        return True
    return any(refusal(text) for text in (case.reference or "", *case.correct_outputs))


def _is_of_another(case: Case, found: Refusal) -> bool:
    """Whether the sentence may be spoken by somebody in the text, or is a true answer."""
    if _ABOUT_MODEL.search(case.prompt) and found.limit:
        return True
    return bool(_OTHERS_WORDS.search(case.prompt)) and not _OF_A_MODEL.search(case.output)


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
