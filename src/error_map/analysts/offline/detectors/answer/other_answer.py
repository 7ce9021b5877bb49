"""Notes which answer was given, and which one is right."""

import re
from fractions import Fraction
from typing import Final

from ....texts import clipped
from ...answer_types.multiple_choice import options
from ...answer_types.whole_answer import final_value, in_full
from ...answers.extractors.routes import Answer
from ...answers.final_answer import same_written, written
from ...detector import Case, Detection, Detector
from ...text.ending import loop_span, stops_short
from ...text.mentions import run_on_start
from ...values.equality import is_number, same_value
from ...values.literals import read_literal
from .scorer_missed import detect as scorer_missed

# The statement repeats what is written; the missing 3 % allow for rows on which the route errs, as
# a trusted route reproduces at least 97 % of the scores.
CONFIDENCE: Final = 0.97
# A name, a date, a number, a formula; longer answers are not short ones.
MAX_CHARS: Final = 80
"""Characters of an answer that is quoted whole."""
MAX_OPTION_CHARS: Final = 60
"""Characters of an option's text that are quoted."""
LOOSE_ROUTES: Final = frozenset(
    {
        "leading word",
        "last line",
        "last bold",
        "last field",
        "last code block",
        "last yes or no",
        "first number",
    }
)
"""Routes without a marker: what they read is the answer for certain only if there is no more."""
_NUMERAL: Final = re.compile(r"[-\u2212]?\$?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,12})?")
_AS_PYTHON: Final = str.maketrans({"\u2212": "-", "$": None, ",": None})
_TIMES: Final = {
    Fraction(10): "ten times",
    Fraction(100): "100 times",
    Fraction(1_000): "1,000 times",
    Fraction(1, 10): "a tenth of",
    Fraction(1, 100): "a hundredth of",
    Fraction(1, 1_000): "a thousandth of",
}
_AROUND: Final = " \t\n\"'`*_.,;:()[]{}$"


def detect(case: Case) -> Detection | None:
    """State the answer and the reference, where the answer is certain and not the right one."""
    answer = _certain_answer(case)
    if answer is None or case.gold is None or scorer_missed(case) is not None:
        return None
    summary = _chosen(case, answer, case.gold) or _stated(case, answer, case.gold)
    if not summary:
        return None
    return Detection(
        title="Other answer than the reference",
        summary=summary,
        spans=((answer.start, answer.end),),
        confidence=CONFIDENCE,
    )


def _certain_answer(case: Case) -> Answer | None:
    """The answer, if it was read reliably and is not the reference's."""
    answer = case.answer
    if answer is None or not case.gold or not case.profile.trusted:
        return None
    if case.profile.strict:
        equal = same_written(written(case.output, answer), case.gold)
    else:
        equal = same_value(answer.text, case.gold)
    return None if equal or not _is_certain(case, answer) else answer


def _is_certain(case: Case, answer: Answer) -> bool:
    """Whether the answer has a marker, is all of the output, or ends a finished text."""
    text = case.output[: run_on_start(case.output)].rstrip()
    if case.profile.route in LOOSE_ROUTES:
        return text.strip(_AROUND) == answer.text.strip(_AROUND)
    if not answer.guessed:
        return True
    last_line = text.rfind("\n") + 1
    return last_line <= answer.start < len(text) and not (stops_short(text) or loop_span(text))


def _chosen(case: Case, answer: Answer, gold: str) -> str:
    """The sentence for a multiple-choice question; empty if it is none."""
    listed = options(case.prompt)
    given, right = (text.strip("() .").upper() for text in (answer.text, gold))
    if given == right or given not in listed or right not in listed:
        return ""
    chosen, reference = _option(given, listed[given]), _option(right, listed[right])
    return f"The output chooses {chosen}; the reference is {reference}."


def _option(letter: str, text: str) -> str:
    return f"{letter} ({clipped(' '.join(text.split()), MAX_OPTION_CHARS)})"


def _stated(case: Case, answer: Answer, gold: str) -> str:
    """The sentence for any other answer; empty if it is too long, or the right one in disguise."""
    whole = in_full(case.output, answer)
    shown = written(case.output, answer) if case.profile.strict else whole.text
    given, right = " ".join(shown.split()), " ".join(gold.split())
    if max(len(given), len(right)) > MAX_CHARS or not given or not right:
        return ""
    last = final_value(whole)
    if not case.profile.strict and any(
        same_value(text, right) for text in (given, last.text if last else "")
    ):
        return ""
    if answer.guessed:
        return f"The answer, read as the last number, is {given}; the reference is {_named(right)}."
    # Where names and dates are asked for, a number is mostly a year: neither larger nor smaller.
    relation = "" if case.profile.task == "short answers" else _relation(given, right)
    if relation:
        return f"The answer is {given}, {relation} the reference, {right}."
    return f"The answer is {_named(given)}; the reference is {_named(right)}."


def _named(text: str) -> str:
    """A number or a literal as it is, anything else in quotation marks."""
    return text if is_number(text) or read_literal(text) else f'"{text}"'


def _relation(given: str, right: str) -> str:
    """How one plain number differs from another; empty for anything else."""
    if not _NUMERAL.fullmatch(given) or not _NUMERAL.fullmatch(right):
        return ""
    answer, reference = _value(given), _value(right)
    if answer == -reference:
        return "the negative of"
    if reference and (times := _TIMES.get(answer / reference)):
        return times
    if abs(answer - reference) == 1 and reference.denominator == 1:
        return "one more than" if answer > reference else "one less than"
    return "larger than" if answer > reference else "smaller than"


def _value(numeral: str) -> Fraction:
    return Fraction(numeral.translate(_AS_PYTHON))


DETECTOR: Final = Detector(
    name="other_answer",
    finding="Other answer than the reference",
    description="The answer that was given, and the one in the reference, without a reason.",
    category="hard_to_analyze",
    kind="fact",
    rank=80,
    detect=detect,
)
