"""Answers given although the text says itself that its working has come to an absurdity."""

import re
from itertools import pairwise
from typing import Final

from ...answer_types.whole_answer import working_before
from ...arithmetic.sentences import Sentence, sentences
from ...detector import Case, Detector, Measured, Sign
from ...text.word_overlap import in_quotes, lowercase

TAIL_CHARS: Final = 2_500
"""End of a working that is read: a flaw far before the answer has been mended or left behind."""
REPEATED: Final = 3
"""So often a working is corrected only if the corrections come to nothing."""
CONFIDENCE: Final = 0.66
SHOWN_CHARS: Final = 160

_SLIPS: Final = (
    *("mistake", "error", "misunder", "miscalc", "misinterp", "discrepan", "inconsisten"),
    *("correcting", "re-ev", "reeval", "recheck", "re-check", "reconsider", "re-consider"),
    *("reexam", "re-exam", "revisit", "recalc", "re-calc", "reassess", "correct ", "still "),
)
_CLASHES: Final = (
    *("not possible", "impossible", "not a real", "not real", "incorrect", "not correct"),
    *(" wrong", "contradict", "inconsisten", "absurd", "not equal", "cannot be"),
)
"""One of these stands in every such sentence; plain words are found faster than a pattern."""
_CLASH: Final = re.compile(
    r"\b(?:this|that|which|result|it|calculation|value|answer)(?: \w+)?"
    r" (?:is|are|was|seems?|appears?|leads? to|gives?)(?: also| still| clearly| obviously| an?)?"
    r" (?:not possible|impossible|not (?:a )?real|incorrect|not correct|wrong|contradiction"
    r"|contradictory|inconsistent|absurd|not equal)\b"
    r"|\bcannot be (?:negative|zero|correct|right|true)\b|\bare not equal\b",
    re.IGNORECASE,
)
_CASE: Final = re.compile(
    r"\b(?:if|case|suppose|assum\w+|when|as|unless|setting|let|try|trying|testing|otherwise"
    r"|discard|extraneous|reject\w*|only|so|thus|we have proved|hence|option|set)\b"
    r"|\bsolutions? (?:of|to)\b|\bfor (?:nonzero|non-zero|any|all|integer)\b",
    re.IGNORECASE,
)
_TURNS: Final = re.compile(
    r"\W{0,8}(?:however|but|nevertheless|nonetheless|still|yet)\b"
    r"(?!,? (?:this|that|it|for|when|not|we (?:must|need|should|know|assumed|want)))",
    re.IGNORECASE,
)
_SLIP: Final = re.compile(
    r"\b(?:made|is|was|be|been|seems|appears) (?:an? |some |to be an? )?(?:\w+ )?(?:mistake|error"
    r"|misunderstanding|miscalculation|misinterpretation|discrepancy|inconsistency)\b"
    r"(?! in the (?:problem|question))|\bcorrecting (?:this|the|for)\b"
    r"|\b(?:need to|let us|let['\u2019]s|must|should|we) re-?(?:evaluate|examine|check|consider"
    r"|visit|calculate|assess)\b"
    r"|\b(?:the|a) correct (?:\w+ )?(?:approach|calculation|simplification|interpretation"
    r"|equation|expression|way|method)s? (?:\w+ ){0,6}?"
    r"(?:is|are|should|would|must)\b|\bstill (?:not correct|not possible|incorrect|wrong)\b",
    re.IGNORECASE,
)


def detect(case: Case) -> Sign | None:
    """Fires where an admitted absurdity is passed over, or corrected again and again."""
    if case.answer is None or case.answer.guessed:
        return None
    working = working_before(case.output, case.answer.start)
    begin = max(0, len(working) - TAIL_CHARS)
    low = lowercase(working[begin:])
    if not any(hint in low for hint in (*_SLIPS, *_CLASHES)):
        return None
    said = sentences(working, begin)
    passed = _passed_over(said)
    if passed:
        return _sign(passed, "goes on as if it were not so")
    slips = [each for each in said if _says(each, _SLIPS, _SLIP)]
    if len({each.text for each in slips}) < REPEATED:
        return None
    return _sign(slips[-1], f"is one of {len(slips)} corrections, none of which settles it")


def _passed_over(said: list[Sentence]) -> Sentence | None:
    """The last sentence that admits an absurdity, where the next one turns away from it."""
    found = None
    for one, following in pairwise(said):
        if _TURNS.match(following.text) and _says(one, _CLASHES, _CLASH):
            found = found if _CASE.search(one.text) else one
    return found


def _says(one: Sentence, hints: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    low = lowercase(one.text)
    return any(hint in low for hint in hints) and pattern.search(one.text) is not None


def _sign(flaw: Sentence, how: str) -> Sign:
    return Sign(
        title="Admitted flaw not mended",
        summary=f"The text says {in_quotes(flaw.text, SHOWN_CHARS)}, which {how}; the answer is"
        " given all the same.",
        spans=((flaw.start, flaw.start + len(flaw.text)),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="flaw_passed_over",
    finding="Admitted flaw not mended",
    description="The text admits an absurdity in its working, and answers without mending it.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    measured=Measured(right=6, read=10),
)
