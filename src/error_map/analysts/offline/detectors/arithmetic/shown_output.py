"""Finds programs in the working that give another number than the output shown below them."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ...answers.extractors.number import last_number
from ...arithmetic.straight_line import Number, printed
from ...detector import Case, Detection, Detector
from ...values.equality import is_number, same_value

# A guess: the measured sets contain no such programs, but the numbers are calculated exactly.
CONFIDENCE: Final = 0.9
MAX_BLOCKS: Final = 20
"""Programs that are evaluated in one output."""

_PROGRAM: Final = re.compile(
    r"```(?:python|py|python3)[ \t]*\n([^`]{1,4000})\n[ \t]*```\s{0,4}", re.IGNORECASE
)
_OUTPUT: Final = re.compile(
    r"(?:[*_]{0,2}(?:the )?output(?: is)?:?[*_]{0,2}:?\s{1,4}(?:```\w{0,10}[ \t]*\n)?"
    r"|```(?:output|text|plaintext|console)[ \t]*\n)([^`\n]{1,200}(?:\n[^`\n]{1,200}){0,9})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A number that is shown as the output of a program, and the one that it gives."""

    start: int
    end: int
    text: str
    right: str


def detect(case: Case) -> Detection | None:
    """Find a false output that the answer repeats, where the program gives the right answer."""
    gold = (case.gold or case.reference or "").strip()
    if "```" not in case.output or not is_number(gold):
        return None
    answer = case.answer or last_number(case.output)
    programs = islice(_PROGRAM.finditer(case.output), MAX_BLOCKS)
    for shown in filter(None, map(_false_output, programs)):
        if answer and same_value(answer.text, shown.text) and same_value(shown.right, gold):
            return _detection(shown)
    return None


def _false_output(program: re.Match[str]) -> _Shown | None:
    """The first shown number that the program does not give; None if all are right or unknown."""
    output = _OUTPUT.match(program.string, program.end())
    numbers = printed(program[1]) if output else None
    if output is None or numbers is None:
        return None
    lines = output[1].split("\n")
    start = output.start(1)
    for line, number in zip(lines, numbers, strict=False):
        text = line.strip()
        if not is_number(text):
            return None
        if not _shows(text, number):
            place = start + line.index(text)
            return _Shown(place, place + len(text), text, str(number))
        start += len(line) + 1
    return None


def _shows(text: str, number: Number) -> bool:
    """Whether a number is shown as it is, or rounded to the decimals that are shown."""
    plain = text.replace(",", "")
    decimals = len(plain.partition(".")[2])
    try:
        shown = float(plain)
    except ValueError:
        return True  # in a notation that is not read
    return abs(shown - number) <= max(0.51 * 10.0**-decimals, abs(number) * 1e-9)


def _detection(shown: _Shown) -> Detection:
    return Detection(
        title="Shown output is not the program's",
        summary=f"The program in the working gives {shown.right}; the output shown below it is"
        f" {shown.text}.",
        spans=((shown.start, shown.end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="shown_output",
    finding="Shown output is not the program's",
    description="A program in the working gives the right answer, but another output is shown.",
    category="computation_error",
    kind="cause",
    rank=39,
    detect=detect,
)
