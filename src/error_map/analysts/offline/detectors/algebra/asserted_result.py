"""Finds wrong results that a working asserts without showing how it found them."""

from typing import Final

from ...algebra.unsupported_values import asserted, asserted_unknowns, assigned_in
from ...answer_types.whole_answer import MAX_WORKING_CHARS, in_full, magnitude, working_before
from ...arithmetic.sentences import Sentence
from ...arithmetic.tokens import Number
from ...detector import Case, Detection, Detector, Measured
from ...text.word_overlap import in_quotes
from ...values.equality import same_value

MIN_VALUE: Final = 2
"""Smaller values can be reached without being written as numbers."""
MIN_WORKING_CHARS: Final = 150
"""A shorter working may leave its result to the answer."""
# 18 of 20 findings read were right: (18 + 4 * 0.82) / (20 + 4), see `Measured`.
CONFIDENCE: Final = 0.89
SHOWN_CHARS: Final = 160


def detect(case: Case) -> Detection | None:
    """Find answers that are asserted, or computed from asserted values, unlike right answers.

    If at least half of the right answers assert their result too, the working is not expected in
    writing, and there is no finding.
    """
    if case.answer is None or case.answer.guessed or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    value, right = magnitude(whole.text), magnitude(case.gold)
    if value is None or right is None:
        return None
    working = working_before(case.output, whole.start)
    if value < MIN_VALUE or len(working.strip()) < MIN_WORKING_CHARS:
        return None
    claim = asserted(working, value)
    if claim is not None:
        usual = same_value(whole.text, case.gold) or _usual(case, right)
        return None if usual else _detection(claim, whole.text)
    step = asserted_unknowns(working, value)
    if step is None or same_value(whole.text, case.gold) or _same_in_peer_answer(case, step[1]):
        return None
    return _detection(step[0], whole.text)


def _same_in_peer_answer(case: Case, unknowns: frozenset[str]) -> bool:
    """Whether a peer answer assigns the same values to the unknowns."""
    return any(unknowns <= assigned_in(each) for each in case.correct_outputs)


def _usual(case: Case, right: Number) -> bool:
    """Whether at least half of the peer answers assert their result too."""
    skipped = sum(
        asserted(each[:MAX_WORKING_CHARS], right) is not None for each in case.correct_outputs
    )
    return bool(skipped) and 2 * skipped >= len(case.correct_outputs)


def _detection(claim: Sentence, answer: str) -> Detection:
    return Detection(
        title="Result asserted without working",
        summary=f"The answer, {answer!r}, rests on {in_quotes(claim.text, SHOWN_CHARS)}; nothing"
        " before this statement leads to it.",
        spans=((claim.start, claim.start + len(claim.text)),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="asserted_result",
    finding="Result stated without working it out",
    description="The answer, or a value that it is computed from, is stated without working.",
    category="incomplete_reasoning",
    kind="cause",
    rank=48,
    detect=detect,
    measured=Measured(right=18, read=20),
)
