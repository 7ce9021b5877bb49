"""Final answers with a value that the working before them never reaches."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from math import prod
from typing import Final

from ...algebra.unevaluated import closed_form, counts, running_totals, sums, worth
from ...answer_types.multiple_choice import calculated, choice
from ...answer_types.whole_answer import LONGEST, in_full, magnitude, working_before
from ...answers.extractors.routes import Answer
from ...arithmetic.evaluate import comes_to
from ...arithmetic.quantities import quantities, spelt, values
from ...arithmetic.sentences import Sentence, concluded, last_sentences, near, sentences
from ...arithmetic.tokens import Number
from ...detector import Case, Detector, Measured, Sign
from ...values.equality import plain
from ...values.number_words import LARGEST_SPELT
from ...values.tolerance import WRONG_SUM

SHORTEST: Final = 150
"""Characters: a shorter working may leave its result to the answer."""
SMALLEST: Final = 2
"""Smaller values stand for yes, once, a half: they are reached without being written."""
TAIL_CHARS: Final = 300
LAST_CHARS: Final = 120
"""A formula within these of the end may be the result, only not worked out."""
MAX_COMBINED: Final = 12
LAST_SENTENCES: Final = 2
SHORTEST_BEHIND: Final = 400
"""Characters: a shorter text behind the answer is no working, unless it calculates."""
PROMPT_CHARS: Final = 6_000
MOST_IN_PROPORTION: Final = 8
LIST_CHARS: Final = 600
LEAST_ROUGH: Final = 100
"""Smaller values are near a sum by chance."""
CONFIDENCE: Final = 0.89
QUOTED_CHARS: Final = 160

_RESULT: Final = re.compile(r"[=\u2248][^=]{0,200}\d|\\approx")
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


def detect(case: Case) -> Sign | None:
    """Fires where the number given as answer stands nowhere in the working, nor follows from it."""
    if case.answer is None or case.answer.guessed:
        return None
    return _number(case, case.answer) or _option(case)


def _number(case: Case, answer: Answer) -> Sign | None:
    whole = in_full(case.output, answer)
    value = magnitude(whole.text)
    if value is None or value < SMALLEST:
        return None
    working = working_before(case.output, whole.start)
    if len(working.strip()) < SHORTEST:
        return None
    asks_sum = _ADDS.search(case.prompt) is not None
    if value in values(working) or _follows(value, working, asks_sum=asks_sum):
        return None
    if _given(value, working, case):
        return None
    if concluded(working) or _comes_later(value, case.output[whole.end :][:LONGEST]):
        return None
    return _sign(working, f"{whole.text!r}", (whole.start, whole.end))


def _given(value: Number, working: str, case: Case) -> bool:
    """Whether the value is spelt out near the end, or is the prompt's and needs no working."""
    if value <= LARGEST_SPELT and value in spelt(working[-TAIL_CHARS:]):
        return True
    return not _plans(working) and _prompted(value, case)


def _option(case: Case) -> Sign | None:
    """A number that is picked from the options before the working has come to any."""
    chosen = choice(case)
    if chosen is None or len(chosen.working) < SHORTEST // 2 or not calculated(case):
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
    return _sign(chosen.working, f"option {chosen.letter}, {chosen.text!r}", chosen.statement)


def _sign(working: str, answer: str, place: tuple[int, int]) -> Sign:
    end = len(working.rstrip(" \n\t\"',\\"))
    return Sign(
        title="Answer that the working never reaches",
        summary=f"The working ends before it comes to a result; the value of the answer, {answer},"
        " stands nowhere in it and does not follow from its last step.",
        spans=((max(0, end - QUOTED_CHARS), end), place),
        confidence=CONFIDENCE,
    )


def _follows(value: Number, working: str, *, asks_sum: bool) -> bool:
    """Whether one plain step leads from the working's end to the value."""
    tail = working.rstrip()[-TAIL_CHARS:]
    last = last_sentences(tail)
    if not last or closed_form(_end(tail, last)[-LAST_CHARS:]):
        return True
    if any(abs(float(each) - float(value)) < 1 for each in (*values(tail), *worth(tail))):
        return True
    numbers = values(last[-1].text)
    if _combined(value, numbers) or comes_to(tail, f"{float(value):.12g}"):
        return True
    two = "\n".join(each.text for each in last[-LAST_SENTENCES:])
    return (
        _in_proportion(value, values(two))
        or _counted(value, last[-1].text)
        or value in counts(working[-LIST_CHARS:])
        or (asks_sum and value in sums(working[-LIST_CHARS:]))
        or _summed(value, working)
    )


def _end(tail: str, last: Sequence[Sentence]) -> str:
    """What may be the result: the last sentence, with the one before unless it is a mere plan."""
    alone = _PLAN.search(last[-1].text) and not _REFERS.search(last[-1].text)
    first = last[-1] if alone else last[-LAST_SENTENCES:][0]
    return tail[first.start :]


def _plans(working: str) -> bool:
    """Whether the working ends with what is still to be done."""
    last = last_sentences(working)
    return bool(last) and _PLAN.search(last[-1].text) is not None


def _comes_later(value: Number, behind: str) -> bool:
    """Whether a working behind the answer has the value, and does not only repeat the answer."""
    if value not in values(behind):
        return False
    long = len(behind.strip()) >= SHORTEST_BEHIND
    new = (each.text for each in sentences(behind) if not _REPEATS.search(each.text))
    return any(value in values(each) for each in new if long or "=" in each)


def _combined(value: Number, numbers: AbstractSet[Number]) -> bool:
    """Whether all numbers, or two of them, add up or multiply to the value."""
    if len(numbers) > MAX_COMBINED:
        return True
    pairs = {one + other for one in numbers for other in numbers}
    pairs |= {one - other for one in numbers for other in numbers}
    pairs |= {one * other for one in numbers for other in numbers}
    quotients = (Fraction(one) / other for one in numbers for other in numbers if other)
    return value in pairs or value in {sum(numbers), prod(numbers), *quotients}


def _in_proportion(value: Number, numbers: AbstractSet[Number]) -> bool:
    """Whether the value solves a proportion of three of the numbers."""
    if len(numbers) > MOST_IN_PROPORTION:
        return False
    products = {one * other for one in numbers for other in numbers}
    return any(value * below in products for below in numbers if below)


def _counted(value: Number, sentence: str) -> bool:
    """Whether the sentence lists as many things, perhaps behind a word and a comma."""
    listed = len(_LISTED.split(sentence.strip(" .,;\\\"'")))
    return listed >= SMALLEST and listed - value in {0, 1}


def _summed(value: Number, working: str) -> bool:
    """Whether the last numbers of the working, three or more, add up to about the value."""
    slack = float(value * WRONG_SUM) if value > LEAST_ROUGH else 0
    last = last_sentences(working)[-LAST_SENTENCES:]
    if not any(_ADDS.search(each.text) for each in last):
        return False
    totals = running_totals(working[-LIST_CHARS:])
    return any(abs(float(total) - float(value)) <= slack for total in totals)


def _prompted(value: Number, case: Case) -> bool:
    """Whether the value is given in the prompt other than as an example of an answer."""
    prompt = case.prompt
    negative = case.answer is not None and plain(case.answer.text).startswith("-")
    return any(
        each.value == value
        and negative == (_MINUS.search(prompt, max(0, each.start - 3), each.start) is not None)
        and not prompt.startswith("!", each.end)
        and not _EXAMPLE.search(prompt, max(0, each.start - 40), each.start)
        for each in quantities(prompt)
    )


DETECTOR: Final = Detector(
    name="unreached_answer",
    finding="Answer that the working never reaches",
    description="The value given as answer stands nowhere in the working, which stops before it.",
    category="incomplete_reasoning",
    kind="cause",
    rank=47,
    detect=detect,
    measured=Measured(right=18, read=20),
)
