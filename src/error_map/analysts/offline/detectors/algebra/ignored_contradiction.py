"""Finds answers given although the text admits that its working contradicts itself."""

import re
from itertools import pairwise
from typing import Final

from ...answer_types.whole_answer import working_before
from ...arithmetic.sentences import Sentence, sentences
from ...detector import Case, Detection, Detector, Measured
from ...text.word_overlap import in_quotes, lowercase

TAIL_CHARS: Final = 2_500
"""Searched at the end of a working: earlier contradictions are mostly resolved by then."""
MIN_CORRECTIONS: Final = 3
"""So many corrections rarely resolve anything: 3 of 1,565 right answers contain a finding."""
# 6 of 10 findings read were right: (6 + 4 * 0.82) / (10 + 4), see `Measured`.
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
"""Every match contains one of these: a substring test is much faster than the pattern."""
_CLASH: Final = re.compile(
    r"\b(?:this|that|which|result|it|calculation|value|answer)(?: \w+)?"
    r" (?:is|are|was|seems?|appears?|leads? to|gives?)(?: also| still| clearly| obviously| an?)?"
    r" (?:(?:not possible|impossible)(?! to (?:provide|give|determine|find|say|tell|calculate"
    r"|compute|know|express|state|answer|solve)\b)|not (?:a )?real|incorrect|not correct|wrong"
    r"|contradiction|contradictory|inconsistent|absurd|not equal)\b"
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


def detect(case: Case) -> Detection | None:
    """Find contradictions that the text admits and ignores, or corrects again and again."""
    if case.answer is None or case.answer.guessed:
        return None
    working = working_before(case.output, case.answer.start)
    begin = max(0, len(working) - TAIL_CHARS)
    low = lowercase(working[begin:])
    if not any(hint in low for hint in (*_SLIPS, *_CLASHES)):
        return None
    all_sentences = sentences(working, begin)
    ignored = _ignored_clash(all_sentences)
    if ignored:
        return _detection(ignored, "then continues regardless")
    slips = [each for each in all_sentences if _matches(each, _SLIPS, _SLIP)]
    if len({each.text for each in slips}) < MIN_CORRECTIONS:
        return None
    return _detection(slips[-1], f"one of {len(slips)} corrections that do not resolve the problem")


def _ignored_clash(all_sentences: list[Sentence]) -> Sentence | None:
    """The last sentence that admits a contradiction, if the next one starts with a "but"."""
    found = None
    for one, following in pairwise(all_sentences):
        if _TURNS.match(following.text) and _matches(one, _CLASHES, _CLASH):
            found = found if _CASE.search(one.text) else one
    return found


def _matches(one: Sentence, hints: tuple[str, ...], pattern: re.Pattern[str]) -> bool:
    low = lowercase(one.text)
    return any(hint in low for hint in hints) and pattern.search(one.text) is not None


def _detection(flaw: Sentence, how: str) -> Detection:
    return Detection(
        title="Admitted contradiction ignored",
        summary=f"The text says {in_quotes(flaw.text, SHOWN_CHARS)}, {how}.",
        spans=((flaw.start, flaw.start + len(flaw.text)),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="ignored_contradiction",
    finding="Contradiction noticed, but not resolved",
    description="The text notices a contradiction in its working and answers without resolving it.",
    category="hard_to_analyze",
    kind="place",
    rank=59,
    detect=detect,
    measured=Measured(right=6, read=10),
    former_names=("flaw_passed_over",),
)
