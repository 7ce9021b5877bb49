"""Finds outputs without any text, or with nothing after the reasoning."""

import re
from typing import Final

from ...answers.spans import last_match
from ...detector import Case, Detection, Detector, Habit, Measured, title_of
from ...text.stop_reason import hit_limit

# 2 of 2 findings read were right: (2 + 4 * 0.82) / (2 + 4), see `Measured`.
CONFIDENCE: Final = 0.88
SHOWN_CHARS: Final = 40
"""Beginning of what there is instead of a text, such as the marks of a model."""
QUOTED_CHARS: Final = 80
"""Characters quoted from the end of the reasoning."""
_NOTHING: Final = re.compile(
    r"(?:\s|[\u200b-\u200f\u2060\ufeff\xad]|<\|\w{1,40}\|>|</?s>|<pad>|<eos>|<bos>"
    r"|\[(?:EOS|PAD)\]|```\w{0,20})*"
)
"""White space, invisible characters, marks of a model and fences of code blocks."""
_REASONING_ENDS: Final = re.compile(
    r"(?:</(?:think|thinking|thought|reasoning)>|\[/THINK\])", re.IGNORECASE
)


def detect(case: Case) -> Detection | None:
    """Find outputs that contain no text, or none after the reasoning."""
    output = case.output
    limit = " The model was stopped at its limit of tokens." if hit_limit(case.stop_reason) else ""
    if _NOTHING.fullmatch(output):
        return Detection(
            title="Empty output", summary=_described(output) + limit, confidence=CONFIDENCE
        )
    end = _end_of_lone_reasoning(output)
    if end is None:
        return None
    return Detection(
        title="Nothing after the reasoning",
        summary="The output ends with the reasoning of the model: no answer follows it." + limit,
        spans=((max(0, end - QUOTED_CHARS), end),),
        confidence=CONFIDENCE,
    )


def _described(output: str) -> str:
    if not output:
        return "The output contains no text."
    if output.isspace():
        return f"The output contains only white space ({len(output)} characters)."
    return f"The output contains no text, only {output.strip()[:SHOWN_CHARS]!r}."


def _end_of_lone_reasoning(output: str) -> int | None:
    """Where the block of reasoning ends after which nothing follows; None without one."""
    last = last_match(_REASONING_ENDS, output)
    if last is None or not _NOTHING.fullmatch(output, last.end()):
        return None
    return last.end()


DETECTOR: Final = Detector(
    name="empty_output",
    finding="Empty output",
    description="The output is empty, or nothing follows the reasoning of the model.",
    category="degenerate_output",
    kind="cause",
    rank=10,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
    measured=Measured(right=2, read=2),
)
