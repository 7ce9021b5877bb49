"""What a prompt asks of the answer's form: where such rules stand, and how one is broken."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

PROMPT_CHARS: Final = 20_000
"""Rules are looked for in the first and the last half of this, where instructions stand."""

ANSWER: Final = (
    r"(?:your|the|this|each)[ ](?:(?:entire|whole|final|full|complete|last)[ ])?"
    r"(?:response|answer|reply|output|solution|message|explanation|essay|email|letter|summary|story"
    r"|text|description|poem|article|paragraph)"
)
"""Pattern: how a prompt speaks of the answer."""
START: Final = r"(?:^|(?<=[.!?:;\n])[ ]*|\b(?:please|always)[ ])"
"""Pattern: where an order begins."""
QUOTED: Final = r"[\"\u201c'`]([^\"\u201d`\n]{2,80}?)[.]?[\"\u201d'`](?!\w)"
"""Pattern: a phrase in quotation marks."""

_TASK_LINE: Final = re.compile(
    r"^[ \t#*]*(task|question|q|problem|input|instruction|text|passage|sentence)[ \t]*\d*[*]*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stated rule that the output does not keep."""

    title: str
    summary: str
    answer_line: bool = False
    """Only the usual words round the answer are missing, which may stand there in others."""


Rule: TypeAlias = Callable[[str, str], Broken | None]


def own_task(prompt: str) -> str:
    r"""The prompt without worked examples: what stands before the first task, and the last task.

    Example:
        >>> own_task("Be brief.\nTask: Use bullets.\nOutput: - a\nTask: Name a tool.")
        'Be brief.\nTask: Name a tool.'
    """
    half = PROMPT_CHARS // 2
    text = prompt if len(prompt) <= PROMPT_CHARS else f"{prompt[:half]}\n{prompt[-half:]}"
    lines = [(found[1].lower(), found.start()) for found in _TASK_LINE.finditer(text)]
    if not lines:
        return text
    same = [start for word, start in lines if word == lines[0][0]]
    return text[: same[0]] + text[same[-1] :]
