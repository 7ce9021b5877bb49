"""Shared parts of the format rules: where a prompt states them, and a violation of one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

# Instructions come first or last in a prompt, before or after its material; every rule searches all
# that is kept.
MAX_PROMPT_CHARS: Final = 20_000
"""Characters searched for rules, half of them at either end of the prompt."""

ANSWER: Final = (
    r"(?:your|the|this|each)[ ](?:(?:entire|whole|final|full|complete|last)[ ])?"
    r"(?:response|answer|reply|output|solution|message|explanation|essay|email|letter|summary|story"
    r"|text|description|poem|article|paragraph)"
)
"""Pattern: a reference to the answer, such as "your entire response"."""
START: Final = r"(?:^|(?<=[.!?:;\n])[ ]*|\b(?:please|always)[ ])"
"""Pattern: the beginning of an instruction."""
QUOTED: Final = r"[\"\u201c'`]([^\"\u201d`\n]{2,80}?)[.]?[\"\u201d'`](?!\w)"
"""Pattern: a phrase in quotation marks."""

_TASK_LINE: Final = re.compile(
    r"^[ \t#*]*(task|question|q|problem|input|instruction|text|passage|sentence)[ \t]*\d*[*]*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A format rule of the prompt that the output violates."""

    title: str
    summary: str
    answer_line: bool = False
    """Only the prescribed words around the answer are missing; the answer may still be there."""


Rule: TypeAlias = Callable[[str, str], Violation | None]
"""From the task and the output to a violation, if there is one."""


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
