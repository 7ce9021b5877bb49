"""Shared parts of the format rules: where a prompt states them, and a violation of one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...texts import clipped

# Instructions come first or last in a prompt, before or after its material; every rule searches all
# that is kept.
MAX_PROMPT_CHARS: Final = 20_000
"""Characters searched for rules, half of them at either end of the prompt."""
# For readability: a phrase to use or a sentence to end with fits, a pasted paragraph does not.
MAX_WORDING_CHARS: Final = 100
"""Characters of a prompt or an output that a summary quotes."""

FormatKind: TypeAlias = Literal[
    "answer_choice",
    "capital_words",
    "commas",
    "ending",
    "forbidden_word",
    "highlights",
    "items",
    "json_extra_key",
    "json_key",
    "json_missing",
    "json_syntax",
    "json_type",
    "keyword",
    "language",
    "letter_frequency",
    "lower_case",
    "opening",
    "paragraph_opening",
    "paragraphs",
    "placeholders",
    "postscript",
    "punctuation",
    "quotation_marks",
    "repeated_request",
    "sections",
    "sentences",
    "separator",
    "single_answer",
    "title",
    "upper_case",
    "word_frequency",
    "words",
]
"""Kinds of instruction that are checked; each has a detector and a category of its own."""

ANSWER: Final = (
    r"(?:your|the|this|each)[ ](?:(?:entire|whole|final|full|complete|last)[ ])?"
    r"(?:response|answer|reply|output|solution|message|explanation|essay|email|letter|summary|story"
    r"|text|description|poem|article|paragraph|result)"
)
"""Pattern: a reference to the answer, such as "your entire response"."""
START: Final = r"(?:^|(?<=[.!?:;\n])[ ]*|\b(?:please|always)[ ])"
"""Pattern: the beginning of an instruction."""
QUOTED: Final = r"[\"\u201c\u201d'`]([^\"\u201c\u201d`\n]{2,120}?)[.]?[\"\u201d'`](?!\w)"
"""Pattern: a phrase in quotation marks."""

_TASK_LINE: Final = re.compile(
    r"^[ \t#*]*(task|question|q|problem|input|instruction|text|passage|sentence)[ \t]*\d*[*]*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A format rule of the prompt that the output violates."""

    kind: FormatKind
    summary: str
    spans: tuple[tuple[int, int], ...] = ()
    """Places in the output that break the rule; empty if something is missing."""
    answer_line: bool = False
    """Only the prescribed words around the answer are missing; the answer may still be there."""


Rule: TypeAlias = Callable[[str, str], Iterable[Violation]]
"""From the task and the output to the violations of one or more kinds."""


def own_task(prompt: str) -> str:
    r"""The prompt without worked examples: everything before the first task, and the last task.

    Example:
        >>> own_task("Be brief.\nTask: Use bullets.\nOutput: - a\nTask: Name a tool.")
        'Be brief.\nTask: Name a tool.'
    """
    half = MAX_PROMPT_CHARS // 2
    text = prompt if len(prompt) <= MAX_PROMPT_CHARS else f"{prompt[:half]}\n{prompt[-half:]}"
    headings = [(match[1].lower(), match.start()) for match in _TASK_LINE.finditer(text)]
    if not headings:
        return text
    starts = [start for word, start in headings if word == headings[0][0]]
    return text[: starts[0]] + text[starts[-1] :]


def wording(text: str) -> str:
    """A rule in the words of the prompt, on one line and quoted."""
    return repr(clipped(" ".join(text.split()), MAX_WORDING_CHARS))


def missing(kind: FormatKind, requirement: str) -> Violation:
    """A violation by something that the answer lacks."""
    return Violation(kind, f"The prompt asks for {requirement}; the answer has none.")
