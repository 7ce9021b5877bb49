"""Wrong results that a working says were found, where it shows no way to them."""

from typing import Final

from ...algebra.unsupported_values import asserted, asserted_unknowns, assigned_in
from ...answer_types.whole_answer import MAX_WORKING_CHARS, in_full, magnitude, working_before
from ...arithmetic.sentences import Sentence
from ...arithmetic.tokens import Number
from ...detector import Case, Detector, Measured, Sign
from ...text.word_overlap import in_quotes
from ...values.equality import same_value

SMALLEST: Final = 2
SHORTEST: Final = 150
"""Characters: a shorter working leaves its result to the answer."""
CONFIDENCE: Final = 0.89
SHOWN_CHARS: Final = 160


def detect(case: Case) -> Sign | None:
    """Fires where the answer, or what it comes from, is asserted, and right answers show their way.

    Silent where most of the right answers assert theirs as well: the work is not for writing then.
    """
    if case.answer is None or case.answer.guessed or not case.gold or not case.profile.trusted:
        return None
    whole = in_full(case.output, case.answer)
    value, right = magnitude(whole.text), magnitude(case.gold)
    if value is None or right is None:
        return None
    working = working_before(case.output, whole.start)
    if value < SMALLEST or len(working.strip()) < SHORTEST:
        return None
    claim = asserted(working, value)
    if claim is not None:
        usual = same_value(whole.text, case.gold) or _usual(case, right)
        return None if usual else _sign(claim, whole.text)
    step = asserted_unknowns(working, value)
    if step is None or same_value(whole.text, case.gold) or _right(case, step[1]):
        return None
    return _sign(step[0], whole.text)


def _right(case: Case, said: frozenset[str]) -> bool:
    """Whether a right answer gives the unknowns the same numbers."""
    return any(said <= assigned_in(each) for each in case.correct_outputs)


def _usual(case: Case, right: Number) -> bool:
    """Whether half of the right answers assert their result too."""
    skipped = sum(
        asserted(each[:MAX_WORKING_CHARS], right) is not None for each in case.correct_outputs
    )
    return bool(skipped) and 2 * skipped >= len(case.correct_outputs)


def _sign(claim: Sentence, answer: str) -> Sign:
    return Sign(
        title="Result asserted without working",
        summary=f"The answer, {answer!r}, rests on {in_quotes(claim.text, SHOWN_CHARS)}, and"
        " nothing before that leads to it.",
        spans=((claim.start, claim.start + len(claim.text)),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="asserted_result",
    finding="Result asserted without working",
    description="The answer, or what it is worked out from, is said to be found without a way.",
    category="incomplete_reasoning",
    kind="cause",
    rank=48,
    detect=detect,
    measured=Measured(right=18, read=20),
)
