"""The registry of answer routes, each a function from an output to its final answer."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from ..spans import Answer
from .field import answer_field, boxed, last_field, number_in_field
from .letter import (
    any_letter,
    chosen_letter,
    first_letter,
    first_or_boxed_letter,
    last_letter,
    last_yes_or_no,
    leading_letter,
    leading_word,
    letter_or_words,
)
from .marked import (
    answer_line,
    asserted,
    hashes,
    last_block,
    last_bold,
    last_line,
    output_line,
    stated_answer,
    tagged,
    whole_output,
)
from .number import (
    boxed_or_number,
    first_number,
    hashes_or_number,
    last_number,
    line_or_number,
    stated_number,
)

__all__ = [
    "ROUTES",
    "WORDS_ROUTE",
    "YES_NO_ROUTE",
    "Answer",
    "Route",
    "answer_field",
    "answer_line",
    "boxed",
    "chosen_letter",
    "hashes",
    "last_number",
    "letter_or_words",
]

WORDS_ROUTE: Final = "option letter, else its words"
"""The route that needs the prompt's options; without a prompt it reads letters only."""
YES_NO_ROUTE: Final = "last yes or no"
"""The route that reads a word without a marker, which may be no answer: "no record of it"."""
Route: TypeAlias = Callable[[str], Answer | None]

ROUTES: Final[Mapping[str, Route]] = MappingProxyType(
    {
        "whole output": whole_output,
        "leading letter": leading_letter,
        "leading word": leading_word,
        "first letter stated": first_letter,
        "last letter stated": last_letter,
        "first letter stated, else boxed": first_or_boxed_letter,
        "option letter": any_letter,
        WORDS_ROUTE: any_letter,
        "####": hashes,
        "answer line": answer_line,
        "answer tags": tagged,
        "output line": output_line,
        "boxed": boxed,
        "stated answer": stated_answer,
        "answer field": answer_field,
        "number in answer field": number_in_field,
        "last field": last_field,
        "right side of ==": asserted,
        "last code block": last_block,
        "last line": last_line,
        "last bold": last_bold,
        YES_NO_ROUTE: last_yes_or_no,
        "last number": last_number,
        "####, else last number": hashes_or_number,
        "answer line, else last number": line_or_number,
        "boxed, else last number": boxed_or_number,
        "stated, else last number": stated_number,
        "first number": first_number,
    }
)
"""All routes by name, markers before guesses: of routes that agree equally, the first is used."""
