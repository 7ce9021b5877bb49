"""Extracts final answers from outputs and references by the profile of their dataset."""

import re
from functools import lru_cache, partial
from typing import Final

from ..text.mentions import run_on_start
from ..values.equality import is_number, same_value
from ..values.literal_diff import Difference, in_case, in_form
from ..values.literals import read_literal, same_literal
from .alternatives import alternatives
from .extractors.routes import (
    ROUTES,
    WORDS_ROUTE,
    Answer,
    boxed,
    hashes,
    last_number,
    letter_or_words,
)
from .profiles import Profile
from .spans import MAX_CHARS

# Texts that every route is tried on: twice the rows that a profile is learned from.
CACHE_SIZE: Final = 4_096
_LETTER_ROUTES: Final = frozenset(
    {
        "leading letter",
        "first letter stated",
        "first letter stated, else boxed",
        "last letter stated",
        "option letter",
    }
)
NUMBER_ROUTES: Final = frozenset(
    {
        "####, else last number",
        "answer line, else last number",
        "last number",
        "stated, else last number",
        "boxed, else last number",
        "first number",
        "number in answer field",
    }
)
"""Routes that read only numbers."""
_LABELLED: Final = re.compile(r"\s*[(\[]?([A-Pa-p])(?:[)\].:]+(?=\s|$)|\s*$)")
_MARKED_GOLD: Final = re.compile(
    r"^(?:a|answer|final answer)[ \t]*:([^\n]+)", re.IGNORECASE | re.MULTILINE
)


def final_answer(output: str, profile: Profile, prompt: str = "") -> Answer | None:
    """Extracts the final answer by the dataset's route, before any run-on text.

    Args:
        output: A model's output.
        profile: The profile of its dataset.
        prompt: The example's prompt, for the one route that needs its options.

    Returns:
        The answer with its span, `output[start:end] == text`; None if the profile has no route or
        the route finds nothing.
    """
    if profile.route is None:
        return None
    route = ROUTES[profile.route]
    if profile.route == WORDS_ROUTE and prompt:
        route = partial(letter_or_words, prompt=prompt)
    # Base models continue with questions of their own, whose answers are not the final one.
    end = run_on_start(output[:MAX_CHARS])
    answer = route(output[:end]) if 0 < end < min(len(output), MAX_CHARS) else None
    return answer or route(output)


def written(output: str, answer: Answer) -> str:
    """The answer with any quotation marks directly around it, as in a literal.

    Example:
        >>> written("x = 'ab'", Answer("ab", 5, 7))
        "'ab'"
    """
    before, after = output[max(0, answer.start - 1) : answer.start], output[answer.end :][:1]
    quoted = before and before == after and before in "\"'"
    return f"{before}{answer.text}{after}" if quoted else answer.text


def gold_answer(reference: str | None, profile: Profile) -> str | None:
    """The reference's final answer, without its working, in the form of the dataset's route."""
    if reference is None or not reference.strip():
        return None
    gold = _marked_gold(reference)
    if profile.route in _LETTER_ROUTES:
        label = _LABELLED.match(gold)
        return label[1].upper() if label else gold
    if profile.route in NUMBER_ROUTES and not is_number(gold):
        number = last_number(gold)
        return number.text if number else gold
    return gold


@lru_cache(maxsize=CACHE_SIZE)
def _marked_gold(reference: str) -> str:
    """The text after the reference's own marker, else all of it."""
    if "####" in reference:
        answer = hashes(reference)
    elif "\\boxed" in reference:
        answer = boxed(reference)
    else:
        lines = _MARKED_GOLD.findall(reference)
        return lines[-1].strip() if lines else reference.strip()
    return answer.text if answer else reference.strip()


def equals_reference(output: str, answer: Answer, *, gold: str, profile: Profile) -> bool:
    """Whether an extracted answer equals the reference, as the dataset's scores compare them.

    Args:
        output: The output that contains the answer.
        answer: Its final answer.
        gold: The reference's final answer; if it names alternatives, any of them counts.
        profile: The profile of the output.
    """
    if any(_same(answer.text, each) for each in alternatives(gold, lists=profile.alternatives)):
        return True
    if not profile.strict:
        return _same(answer.text, gold)
    given = written(output, answer)
    if profile.unquoted:
        return same_unquoted(given, gold)
    return same_written(given, gold)


@lru_cache(maxsize=CACHE_SIZE)
def _same(text: str, gold: str) -> bool:
    """Caches `same_value`, which costs more than the extraction: most routes extract one text."""
    return same_value(text, gold)


def form_difference(
    output: str, answer: Answer, *, gold: str, profile: Profile, prompt: str
) -> Difference | None:
    """How an extracted answer differs from the reference, if only its form differs.

    Args:
        output: The output that contains the answer.
        answer: Its final answer.
        gold: The reference's final answer.
        profile: The profile of the output, whose scores compare literals as written.
        prompt: The example's prompt, from which words may have been copied.
    """
    if equals_reference(output, answer, gold=gold, profile=profile):
        return None
    given = written(output, answer)
    if profile.unquoted:
        given, gold = _unquoted(given), _unquoted(gold)
    return in_form(given, gold) or in_case(given, gold, prompt)


def same_written(left: str, right: str) -> bool:
    """Whether two texts are equal as literals of a program, or identical."""
    if left.strip() == right.strip():
        return True
    first = read_literal(left)
    second = read_literal(right) if first else None
    return first is not None and second is not None and same_literal(first, second)


def same_unquoted(left: str, right: str) -> bool:
    """Whether two texts are equal as written, the quotation marks around them aside.

    Example:
        >>> same_unquoted("'ab'", "ab"), same_unquoted("'ab'", "Ab")
        (True, False)
    """
    return same_written(_unquoted(left), _unquoted(right))


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'`").strip()
