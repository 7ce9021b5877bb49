"""The format rules that an output breaks, where its form is why it failed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Final

from ..answer_types.whole_answer import final_value, in_full
from ..answers.extractors.routes import ROUTES
from ..detector import Case, Detection
from ..text.mentions import names_option, states_answer
from ..values.equality import is_number, same_value
from .json_rules import json_violation, requires_json
from .requirements import violations
from .rule import FormatKind, Violation

# An answer in another form is stated in the last sentence or two.
TAIL_CHARS: Final = 200
# A single word, letter or number, perhaps with a unit.
MAX_REFERENCE_WORDS: Final = 3
# Bounds the work on outputs of megabytes.
MAX_NUMBERS: Final = 500
_NUMBER: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_READABLE: Final = ("answer field", "####", "answer line", "boxed", "stated answer")
"""Routes that find an answer in a text of any form."""
_LETTERS: Final = frozenset("ABCDEFGHIJ")
_THOUGHT_START: Final = ("<think>", "<thinking>", "<reasoning>")
_THOUGHT_END: Final = ("</think>", "</thinking>", "</reasoning>")
_BEYOND_REPAIR: Final[frozenset[FormatKind]] = frozenset(
    {"commas", "forbidden_word", "lower_case", "opening", "upper_case"}
)
"""Kinds of rules that a text which breaks them does not keep again, however it goes on."""
_NONE: Final[Mapping[FormatKind, Violation]] = MappingProxyType({})


def detect_violation(
    case: Case, kind: FormatKind, *, title: str, confidence: float
) -> Detection | None:
    """The finding of one kind of broken rule, unless the answer could be extracted regardless."""
    broken = broken_rules(case).get(kind)
    if broken is None:
        return None
    return Detection(title=title, summary=broken.summary, spans=broken.spans, confidence=confidence)


def is_broken_before(case: Case, place: int) -> bool:
    """Whether the output breaks a rule before an offset in a way that no continuation mends.

    Then it is no cause that the text stops or repeats itself from there on.
    """
    return any(
        kind in _BEYOND_REPAIR and any(end <= place for _, end in one.spans)
        for kind, one in broken_rules(case).items()
    )


# Each kind of rule has a detector, and all of them ask for the same case in succession.
@lru_cache(maxsize=8)
def broken_rules(case: Case) -> Mapping[FormatKind, Violation]:
    """The format rules that the output breaks, by kind; none if the answer is readable anyway."""
    start = _reasoning_end(case.output)
    body = case.output[start:]
    if not body.strip():
        return _NONE
    if _answer_was_read(case):
        unread = _scorer_read_other_number(case)
        return _moved(violations(case.prompt, body), start) if unread else _NONE
    found = dict(violations(case.prompt, body))
    if requires_json(case.prompt):
        if _states_wrong_value(case):
            return _NONE
        if broken := json_violation(case.prompt, body):
            found = {broken.kind: broken, **found}
    if "single_answer" in found and _lacks_reference(case, body):
        del found["single_answer"]
    answered = any(one.answer_line for one in found.values()) and _answered(case)
    kept = {kind: one for kind, one in found.items() if not (one.answer_line and answered)}
    return _moved(kept, start)


def _lacks_reference(case: Case, body: str) -> bool:
    """Whether a short reference is nowhere in the answer, so that no other form would be right."""
    gold = (case.gold or "").strip()
    if not gold or len(gold.split()) > MAX_REFERENCE_WORDS:
        return False
    if is_number(gold):
        numbers = islice(_NUMBER.finditer(body), MAX_NUMBERS)
        return not any(same_value(number[0], gold) for number in numbers)
    return re.search(rf"(?<!\w){re.escape(gold)}(?!\w)", body, re.IGNORECASE) is None


def _reasoning_end(output: str) -> int:
    """Where the answer begins: rules do not concern the reasoning before it, if that is marked."""
    end = max(output.rfind(mark) + len(mark) if mark in output else 0 for mark in _THOUGHT_END)
    unfinished = not end and output.lstrip().startswith(_THOUGHT_START)
    return len(output) if unfinished else end


def _moved(found: Mapping[FormatKind, Violation], offset: int) -> Mapping[FormatKind, Violation]:
    """Violations with places in the whole output."""
    if not offset:
        return found
    return {
        kind: replace(one, spans=tuple((start + offset, end + offset) for start, end in one.spans))
        for kind, one in found.items()
    }


def _answered(case: Case) -> bool:
    """Whether the output states an answer in another form than the required one."""
    tail = case.output.rstrip()[-TAIL_CHARS:]
    guessed = case.answer is None or case.answer.guessed
    return not guessed or names_option(case.prompt, tail) or states_answer(tail)


def _answer_was_read(case: Case) -> bool:
    """Whether the answer route, which reproduces the scores, extracted an answer."""
    if case.answer is None or not case.profile.trusted:
        return False
    return case.profile.route != "whole output"


def _scorer_read_other_number(case: Case) -> bool:
    """Whether a wordy answer concludes with the right number, but another one was extracted."""
    gold = case.gold or ""
    if case.answer is None or not is_number(gold) or same_value(case.answer.text, gold):
        return False
    last = final_value(in_full(case.output, case.answer))
    return last is not None and same_value(last.text, gold)


def _states_wrong_value(case: Case) -> bool:
    """Whether the text states a value anyway, and one that differs from the reference.

    Only for numbers and option letters: if the reference is text or JSON, the form itself may be
    scored.
    """
    gold = (case.gold or "").strip()
    if not is_number(gold) and gold not in _LETTERS:
        return False
    found = [answer.text for name in _READABLE if (answer := ROUTES[name](case.output))]
    stated = [text for text in found if is_number(text) or text.strip("() .") in _LETTERS]
    return bool(stated) and not any(same_value(text, gold) for text in stated)
