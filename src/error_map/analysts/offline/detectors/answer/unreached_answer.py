"""Finds final answers with a value that the working before them never reaches."""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Final

from ...algebra.unevaluated import closed_form, counts, running_totals, sums, worth
from ...answer_types.multiple_choice import choice, peers_calculate
from ...answer_types.own_question import own_question
from ...answer_types.whole_answer import MAX_WORKING_CHARS, in_full, magnitude, working_before
from ...answers.extractors.routes import Answer
from ...arithmetic.evaluate import comes_to
from ...arithmetic.quantities import Quantity, quantities, spelt, values
from ...arithmetic.sentences import Sentence, concluded, last_sentences, near, sentences
from ...arithmetic.tokens import Number
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...values.equality import plain
from ...values.number_words import spelt_out
from ...values.tolerance import WRONG_SUM

MIN_WORKING_CHARS: Final = 150
"""A shorter working may leave its result to the answer."""
MIN_VALUE: Final = 2
"""Smaller values (once, a half) can be reached without being written as numbers."""
TAIL_CHARS: Final = 300
"""About the last two sentences of a working, where its result is."""
LAST_CHARS: Final = 120
"""A formula in these last characters may be the unevaluated result."""
MAX_COMBINED: Final = 12
"""Numbers whose pairs are combined; with more, some pair gives any value by chance."""
LAST_SENTENCES: Final = 2
"""Sentences at the end in which a result is looked for: often the last one only repeats it."""
MIN_CHARS_AFTER: Final = 400
"""A shorter text after the answer is no working, unless it calculates."""
PROMPT_CHARS: Final = 6_000
"""Searched at the end of a prompt, where the task is; bounds the work on long prompts."""
MAX_NUMBERS: Final = 8
"""With more numbers some proportion holds by chance, and the work grows with their square."""
LIST_CHARS: Final = 600
"""Searched before the answer for lists that are counted or added up."""
# The tasks of one operation that were read had two or three numbers, one of them often unused.
MAX_GIVEN: Final = 3
"""With more numbers in the task two of them give any value by chance."""
MIN_ROUNDED_SUM: Final = 100
"""Smaller values are close to some sum by chance."""
# 18 of 20 findings read were right: (18 + 4 * 0.82) / (20 + 4), see `Measured`.
CONFIDENCE: Final = 0.89
QUOTED_CHARS: Final = 160

_RESULT: Final = re.compile(r"[=\u2248][^=]{0,200}\d|\\approx")
_WRITTEN_ON: Final = re.compile(r"[,:/\u2013\u2212-]?\d")
"""More of a number of which only the beginning was read: `15,828,48`, `3-0`."""
_NOTE: Final = re.compile(r"\([^()\d]{1,60}\)")
"""Words in brackets behind a number: `24 (boxes) * 6 (rolls per box)`."""
_PRINTED: Final = re.compile(r"```output\s[-\d.,\s()\[\]/]{1,100}```")
_DIGITS: Final = re.compile(r"[\d,.]+")
_LISTED: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_MINUS: Final = re.compile(r"[-\u2212]\s?\Z")
_PLAN: Final = re.compile(
    r"\b(?:we|you|I|let us|let['\u2019]s|us) (?:\w+ )?(?:can|could|will|would|need|must|should"
    r"|have to|are asked|find|determine|count|calculate|compute|solve|add|evaluate|sum|iterate"
    r"|check|try)\b|\blet['\u2019]s\b|\bneeds? to\b|\bwill (?:give|be|involve)\b|\bgives? us the\b"
    r"|\bshould be\b|\b(?:can|must) be (?:found|calculated|determined|computed|solved)\b",
    re.IGNORECASE,
)
_REFERS: Final = re.compile(r"\b(?:this|these|it|them|above|result)\b", re.IGNORECASE)
_REPEATS: Final = re.compile(r"\banswer\b", re.IGNORECASE)
_ADDS: Final = re.compile(r"\b(?:add|sum|total|together|combin|altogether)", re.IGNORECASE)
_EXAMPLE: Final = re.compile(r"e\.g|example|such as|like", re.IGNORECASE)


def detect(case: Case) -> Detection | None:
    """Find answers whose value is not in the working and does not follow from its end."""
    if case.answer is None or case.answer.guessed:
        return None
    return _number(case, case.answer) or _option(case)


def _number(case: Case, answer: Answer) -> Detection | None:
    whole = in_full(case.output, answer)
    value = magnitude(whole.text)
    if value is None or value < MIN_VALUE or _WRITTEN_ON.match(case.output, whole.end):
        return None
    working = working_before(case.output, whole.start)
    if len(working.strip()) < MIN_WORKING_CHARS:
        return None
    wants_sum = _ADDS.search(case.prompt) is not None
    if value in values(working) or _follows(value, working, wants_sum=wants_sum):
        return None
    if _needs_no_working(value, working, case):
        return None
    if concluded(working) or _comes_later(value, case.output[whole.end :][:MAX_WORKING_CHARS]):
        return None
    return _detection(working, f"{whole.text!r}", (whole.start, whole.end))


def _needs_no_working(value: Number, working: str, case: Case) -> bool:
    """Whether the value is spelled out near the end, or given in the prompt, or code ran for it.

    A working that ends in what its program printed does reach a result, though another one.
    """
    tail = working[-TAIL_CHARS:]
    if value in spelt(tail) | spelt_out(tail) or _PRINTED.search(tail):
        return True
    return _one_step(value, case) or (not _plans(working) and _in_prompt(value, case))


def _one_step(value: Number, case: Case) -> bool:
    """Whether the task needs a single operation: its few numbers give the value."""
    task = own_question(case)[:PROMPT_CHARS]
    if "\\" in task:  # the numbers of formulas are no quantities
        return False
    numbers = {each.value for each in quantities(task) if not _in_example(task, each)}
    return len(numbers) <= MAX_GIVEN and any(
        value in {one + other, abs(one - other), one * other}
        or value * one == other
        or value * other == one
        for one, other in combinations(sorted(numbers), 2)
    )


def _in_example(text: str, number: Quantity) -> bool:
    return _EXAMPLE.search(text, max(0, number.start - 40), number.start) is not None


def _option(case: Case) -> Detection | None:
    """A numeric option that is chosen before the working has reached any value."""
    chosen = choice(case)
    if chosen is None or len(chosen.working) < MIN_WORKING_CHARS // 2 or not peers_calculate(case):
        return None
    mine = values(chosen.text)
    numeric = sum(bool(values(text)) for text in chosen.options.values())
    if not mine or numeric < len(chosen.options) or concluded(chosen.working):
        return None
    last = "\n".join(each.text for each in last_sentences(chosen.working)[-LAST_SENTENCES:])
    if _RESULT.search(last) or values(last) - values(case.prompt[-PROMPT_CHARS:]):
        return None
    if any(near(value, mine) for value in values(chosen.working)):
        return None
    return _detection(chosen.working, f"option {chosen.letter}, {chosen.text!r}", chosen.statement)


def _detection(working: str, answer: str, place: tuple[int, int]) -> Detection:
    end = len(working.rstrip(" \n\t\"',\\"))
    return Detection(
        title="Answer never reached by the working",
        summary=f"The working stops before it reaches a result; the answer, {answer}, does not"
        " appear in it and does not follow from its last step.",
        spans=((max(0, end - QUOTED_CHARS), end), place),
        confidence=CONFIDENCE,
    )


def _follows(value: Number, working: str, *, wants_sum: bool) -> bool:
    """Whether one simple step leads from the end of the working to the value."""
    tail = _NOTE.sub(" ", working.rstrip()[-TAIL_CHARS:])
    last = last_sentences(tail)
    if not last or closed_form(_ending(tail, last)[-LAST_CHARS:]):
        return True
    if any(abs(float(each) - float(value)) < 1 for each in (*values(tail), *worth(tail))):
        return True
    two = "\n".join(each.text for each in last[-LAST_SENTENCES:])
    if _combined(value, values(two) | spelt_out(two)) or comes_to(tail, f"{float(value):.12g}"):
        return True
    return (
        _in_proportion(value, values(two))
        or _counted(value, last[-1].text)
        or value in counts(working[-LIST_CHARS:])
        or value in _repeated(working)
        or (wants_sum and value in sums(working[-LIST_CHARS:]))
        or _summed(value, working)
    )


def _ending(tail: str, last: Sequence[Sentence]) -> str:
    """The text that may hold the result: the last two sentences, or one if it is only a plan."""
    alone = _PLAN.search(last[-1].text) and not _REFERS.search(last[-1].text)
    first = last[-1] if alone else last[-LAST_SENTENCES:][0]
    return tail[first.start :]


def _plans(working: str) -> bool:
    """Whether the working ends by announcing what remains to be done."""
    last = last_sentences(working)
    return bool(last) and _PLAN.search(last[-1].text) is not None


def _comes_later(value: Number, after: str) -> bool:
    """Whether a working after the answer has the value, other than by repeating the answer."""
    if value not in values(after):
        return False
    long = len(after.strip()) >= MIN_CHARS_AFTER
    new = (each.text for each in sentences(after) if not _REPEATS.search(each.text))
    return any(value in values(each) for each in new if long or "=" in each)


def _combined(value: Number, numbers: AbstractSet[Number]) -> bool:
    """Whether an operation on two numbers, or on all of them, gives the value."""
    if len(numbers) > MAX_COMBINED:
        return True
    pairs = {one + other for one in numbers for other in numbers}
    pairs |= {one - other for one in numbers for other in numbers}
    pairs |= {one * other for one in numbers for other in numbers}
    quotients = (Fraction(one) / other for one in numbers for other in numbers if other)
    return value in pairs or value in {sum(numbers), prod(numbers), *quotients}


def _in_proportion(value: Number, numbers: AbstractSet[Number]) -> bool:
    """Whether the value completes a proportion with three of the numbers."""
    if len(numbers) > MAX_NUMBERS:
        return False
    products = {one * other for one in numbers for other in numbers}
    return any(value * below in products for below in numbers if below)


def _counted(value: Number, sentence: str) -> bool:
    """Whether the sentence lists this many items, perhaps after an introduction and a comma."""
    listed = len(_LISTED.split(sentence.strip(" .,;\\\"'")))
    return listed >= MIN_VALUE and listed - value in {0, 1}


def _repeated(working: str) -> set[int]:
    """How often sentences occur that differ in their numbers only: steps that are counted."""
    shapes = Counter(_DIGITS.sub("", each.text).strip() for each in sentences(working))
    return {times for times in shapes.values() if times > MIN_VALUE}


def _summed(value: Number, working: str) -> bool:
    """Whether the last three or more numbers of the working add up to about the value."""
    slack = float(value * WRONG_SUM) if value > MIN_ROUNDED_SUM else 0
    last = last_sentences(working)[-LAST_SENTENCES:]
    if not any(_ADDS.search(each.text) for each in last):
        return False
    totals = running_totals(working[-LIST_CHARS:])
    return any(abs(float(total) - float(value)) <= slack for total in totals)


def _in_prompt(value: Number, case: Case) -> bool:
    """Whether the prompt states the value, other than in an example of an answer."""
    prompt = case.prompt
    negative = case.answer is not None and plain(case.answer.text).startswith("-")
    return any(
        each.value == value
        and negative == (_MINUS.search(prompt, max(0, each.start - 3), each.start) is not None)
        and not prompt.startswith("!", each.end)
        and not _in_example(prompt, each)
        for each in quantities(prompt)
    )


DETECTOR: Final = Detector(
    name="unreached_answer",
    finding="Working stops before it reaches the answer",
    description="The answer does not appear in the working, which stops before reaching it.",
    category="incomplete_reasoning",
    kind="cause",
    rank=47,
    detect=detect,
    habit=Habit(form=title_of(detect)),
    measured=Measured(right=18, read=20),
)
