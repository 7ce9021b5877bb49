"""Final answers with a value that the working before them never reaches."""

import re
from collections.abc import Set as AbstractSet
from fractions import Fraction
from itertools import accumulate
from math import prod
from typing import Final

from ..carried_out import comes_to
from ..detector import Case, Detector, Measured, Sign
from ..options import calculated, choice
from ..quantities import quantities, spelt, values
from ..routes import Answer
from ..sentences import concluded, last_sentences, near
from ..tokens import Number
from ..values import is_number, plain
from ..whole_answer import in_full

SHORTEST: Final = 150
"""Characters: a shorter working may leave its result to the answer."""
LONGEST: Final = 20_000
"""Characters of a working that are read."""
SMALLEST: Final = 2
"""Smaller values stand for yes, once, a half: they are reached without being written."""
TAIL_CHARS: Final = 300
LAST_CHARS: Final = 120
"""A formula within these of the end may be the result, only not worked out."""
COUNTED: Final = 12
"""Numbers up to this are spelt out, and stand in a prompt by chance."""
LAST_SENTENCES: Final = 2
PROMPT_CHARS: Final = 6_000
MOST_IN_PROPORTION: Final = 8
LIST_CHARS: Final = 600
SUM_SLACK: Final = Fraction(1, 100)
"""Relative difference up to which a value is a sum added up wrongly."""
CONFIDENCE: Final = 0.88
QUOTED_CHARS: Final = 160

_KEY: Final = re.compile(
    r"[\s\"'\u201c\u201d*#]*(?:(?:the )?(?:final[ _]?)?answer(?: is)?|a)?[\"'\u201c\u201d*]*\s*:?"
    r"\s*[\"'$\\(]{0,3}\Z",
    re.IGNORECASE,
)
_RESULT: Final = re.compile(r"[=\u2248][^=]{0,200}\d|\\approx")
_LISTED: Final = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
_LABEL: Final = re.compile(r"(?:(?<=\n)|(?<=\\n))\s*\d+[.)](?=\s)")
_CLOSED_FORM: Final = re.compile(r"!|choose|binom|\bC\(|\bP\(|\^|nCr|squared|cubed|sum of|root")
_EXAMPLE: Final = re.compile(r"e\.g|example|such as|like", re.IGNORECASE)


def detect(case: Case) -> Sign | None:
    """Fires where the number given as answer stands nowhere in the working, nor follows from it."""
    if case.answer is None or case.answer.guessed:
        return None
    return _number(case, case.answer) or _option(case)


def _number(case: Case, answer: Answer) -> Sign | None:
    whole = in_full(case.output, answer)
    value = _value(whole.text)
    if value is None or value < SMALLEST:
        return None
    working = _working(case.output, whole.start)
    if len(working.strip()) < SHORTEST:
        return None
    if value in values(working) or _follows(value, working) or _prompted(value, case.prompt):
        return None
    if value <= COUNTED and value in spelt(working[-TAIL_CHARS:]):
        return None
    if concluded(working) or value in values(case.output[whole.end :][:LONGEST]):
        return None
    return _sign(working, f"{whole.text!r}", (whole.start, whole.end))


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


def _working(output: str, answer: int) -> str:
    """What stands before the answer, without the words that announce it."""
    begin = max(0, answer - 60)
    key = _KEY.search(output, begin, answer)
    return output[: key.start() if key else answer][:LONGEST]


def _value(text: str) -> Number | None:
    if not is_number(text) or "/" in text or "%" in text:
        return None
    found = list(quantities(plain(text)))
    return found[0].value if len(found) == 1 else None


def _follows(value: Number, working: str) -> bool:
    """Whether one plain step leads from the working's end to the value."""
    tail = working.rstrip()[-TAIL_CHARS:]
    last = last_sentences(tail)
    if not last or _CLOSED_FORM.search(tail[-LAST_CHARS:]):
        return True
    near_by = values(tail)
    if any(abs(Fraction(each) - value) < 1 for each in near_by):
        return True
    numbers = values(last[-1].text)
    if _combined(value, numbers) or comes_to(tail, f"{float(value):.12g}"):
        return True
    two = "\n".join(each.text for each in last[-LAST_SENTENCES:])
    return (
        _in_proportion(value, values(two))
        or _counted(value, last[-1].text)
        or _summed(value, working)
    )


def _combined(value: Number, numbers: AbstractSet[Number]) -> bool:
    """Whether all numbers, or two of them, add up or multiply to the value."""
    if len(numbers) > COUNTED:
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
    listed = [each.value for each in quantities(_LABEL.sub("", working[-LIST_CHARS:]))]
    totals = list(accumulate(reversed(listed)))[SMALLEST:]
    return any(abs(Fraction(total) - value) <= value * SUM_SLACK for total in totals)


def _prompted(value: Number, prompt: str) -> bool:
    """Whether the value is given in the prompt other than as an example of an answer."""
    return any(
        each.value == value and not _EXAMPLE.search(prompt, max(0, each.start - 40), each.start)
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
    measured=Measured(right=9, read=10),
)
