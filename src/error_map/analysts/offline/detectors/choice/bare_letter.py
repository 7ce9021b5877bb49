"""Finds wrong answers without reasoning where the task asks for it."""

import re
from functools import lru_cache
from typing import Final

from ...answer_types.multiple_choice import (
    CACHE_SIZE,
    Choice,
    choice,
    has_no_working,
    own_text,
    peers_calculate,
)
from ...arithmetic.quantities import values
from ...detector import Case, Detection, Detector, Habit, Measured
from ...text.word_overlap import lowercase

PROMPT_CHARS: Final = 3_000
"""Searched at either end of a prompt for a request to show reasoning."""
MIN_REASONED_CHARS: Final = 80
"""Shorter peer answers are only a letter or a sentence, no reasoning."""
MIN_REASONED_SHARE: Final = 0.6
"""Share of peer answers with reasoning: a clear majority of the at most three."""
MAX_WORKING_CHARS: Final = 700
"""A longer working gives reasons."""
QUOTED_CHARS: Final = 200
"""End of the working that is quoted: the sentence with the value, and the one before."""
# 11 of 13 findings read were right: (11 + 4 * 0.82) / (13 + 4), see `Measured`.
CONFIDENCE: Final = 0.84

_CALCULATES: Final = re.compile(r"[=\u2248]|\d\s*[-+*/\u00d7\u00f7]\s*\d|\\(?:frac|times|cdot)")

_DIGIT: Final = re.compile(r"\d|=")
"""Text before the letter is a working, however short, if it contains one of these."""

# An instruction, not the words in a question: "Which theory explains ...?" asks for no reasoning.
_YOURS: Final = (
    r"(?:your|the|all|each|every|how you) (?:\w+ ){0,2}"
    r"(?:reasoning|rationale|work|working|steps?|answer|choice|thinking|solution|calculations?|got)"
)
_ASKS: Final = re.compile(
    r"(?P<no>(?:\b(?:not|without|never|avoid|no need to)|n['\u2019]t)\b[^.\n]{0,30})?"
    r"\b(?:(?:think|reason|explain|solve|work|answer|go|show|proceed)\w*\b[^.\n]{0,40}"
    r"\bstep[- ]by[- ]step"
    rf"|(?:explain|justify|show|describe|give|provide|write|state) {_YOURS}"
    r"|(?:give|provide|state) (?:your |a |the )?(?:reasons|reasoning|rationale|explanation))\b",
    re.IGNORECASE,
)
_REASONING_FIELD: Final = re.compile(r"[\"'](?:reasoning|rationale|explanation|thought)[\"']\s*:")
_ONLY_LETTER: Final = re.compile(
    r"\b(?:answer|respond|reply|output|return|give|write|provide|print|select)\b[^.\n]{0,30}"
    r"\b(?:only|just|nothing but)\b[^.\n]{0,30}\b(?:letter|option|choice|character)"
    r"|\b(?:only|just) (?:answer|respond|reply|output|return|give|write|provide|print)\b"
    r"|\b(?:letter|answer|option) only\b|\bsingle (?:letter|character)\b"
    r"|\bnur\b[^.\n]{0,30}\bBuchstaben|\b(?:uniquement|seulement)\b[^.\n]{0,30}\blettre"
    r"|\b(?:solo|s\u00f3lo|solamente|\u00fanicamente)\b[^.\n]{0,30}\bletra",
    re.IGNORECASE,
)
_ONLY_HINTS: Final = (
    *("only", "just", "nothing but", "single", "nur", "uniquement", "seulement", "solo"),
    *("s\u00f3lo", "solamente", "\u00fanicamente"),
)
"""Every match contains one of these: a substring test is much faster than the pattern."""
# The answer of a worked example: "A: (B)", "Answer: C.", "Assistant: The answer is D".
_BARE_EXAMPLE: Final = re.compile(
    r"^[ \t]*[^\W\d_]\w{0,20}[ \t]*[:\uff1a][ \t]*(?:the answer is[ \t:]*)?[(*]{0,3}[A-P]\b"
    r"[)*.]{0,4}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_LETTER_STATED: Final = re.compile(r"\b[A-P]\b")
_BARE: Final = "Answer letter without reasoning"
_ASSERTED: Final = "Value asserted without calculation"


def detect(case: Case) -> Detection | None:
    """Find wrong letters or values without reasoning where it is requested or usual."""
    chosen = choice(case)
    gold = case.gold or ""
    if chosen is None or gold not in chosen.options or chosen.letter == gold:
        return None
    match form(case):
        case title if title == _BARE:
            return _bare(case, chosen, gold)
        case title if title == _ASSERTED:
            return _asserted(chosen, gold)
        case _:
            return None


def form(case: Case) -> str:
    """The form of a chosen option without reasoning, right or wrong; empty for any other."""
    chosen = choice(case)
    if chosen is None:
        return ""
    if has_no_working(own_text(case.output)):
        due = not _DIGIT.search(chosen.working) and _reasoning_is_due(case)
        return _BARE if due else ""
    return _ASSERTED if _asserts(case, chosen) and peers_calculate(case) else ""


def _bare(case: Case, chosen: Choice, gold: str) -> Detection:
    own = own_text(case.output)
    letters = dict.fromkeys(_LETTER_STATED.findall(own[chosen.statement[0] :]))
    said = (
        f"only the letter {chosen.letter}"
        if len(letters) <= 1
        else f"only letters, first {chosen.letter},"
    )
    reasoned, peers = _reasoned(case), len(case.correct_outputs)
    due = (
        "the reasoning that the task asks for"
        if _asks(case.prompt)
        else f"reasoning, which {reasoned} of {peers} right answers of other models show"
    )
    ran_on = " Other text follows it." if case.output[len(own) :].strip() else ""
    return Detection(
        title=_BARE,
        summary=f"The answer is {said} without {due}. The right option is {gold}.{ran_on}",
        spans=(chosen.statement,),
        confidence=CONFIDENCE,
    )


def _asserts(case: Case, chosen: Choice) -> bool:
    """Whether the working gives the option's value, and no other, without a calculation."""
    working = chosen.working
    if len(working) > MAX_WORKING_CHARS or _CALCULATES.search(working):
        return False
    stated = values(working)
    return bool(stated & values(chosen.text)) and not stated - values(case.prompt[-PROMPT_CHARS:])


def _asserted(chosen: Choice, gold: str) -> Detection:
    end = len(chosen.working.rstrip())
    return Detection(
        title=_ASSERTED,
        summary=f"The value of option {chosen.letter}, {chosen.text!r}, is asserted without the"
        f" calculation that right answers show; the right option is {gold},"
        f" {chosen.options[gold]!r}.",
        spans=((max(0, end - QUOTED_CHARS), end), chosen.statement),
        confidence=CONFIDENCE,
    )


@lru_cache(maxsize=CACHE_SIZE)
def _asks(prompt: str) -> bool:
    """Whether the prompt asks for reasoning."""
    return any(
        _REASONING_FIELD.search(end) or any(not found["no"] for found in _ASKS.finditer(end))
        for end in _ends(prompt)
    )


@lru_cache(maxsize=CACHE_SIZE)
def _wants_letter(prompt: str) -> bool:
    """Whether the prompt asks for nothing but a letter, or its own examples give nothing else."""
    return any(_asks_for_letter(end) or _BARE_EXAMPLE.search(end) for end in _ends(prompt))


def _asks_for_letter(text: str) -> bool:
    low = lowercase(text)
    return any(hint in low for hint in _ONLY_HINTS) and _ONLY_LETTER.search(text) is not None


def _ends(prompt: str) -> tuple[str, str]:
    return prompt[:PROMPT_CHARS], prompt[-PROMPT_CHARS:]


def _reasoned(case: Case) -> int:
    """Right answers of other models with reasoning."""
    return sum(len(output) >= MIN_REASONED_CHARS for output in case.correct_outputs)


def _reasoning_is_due(case: Case) -> bool:
    if _wants_letter(case.prompt):
        return False
    reasoned = _reasoned(case)
    usual = reasoned > 0 and reasoned >= MIN_REASONED_SHARE * len(case.correct_outputs)
    return usual or _asks(case.prompt)


DETECTOR: Final = Detector(
    name="bare_letter",
    finding="Answer without reasoning",
    description="A wrong letter or value without the reasoning that is requested or usual.",
    category="incomplete_reasoning",
    kind="cause",
    rank=57,
    detect=detect,
    habit=Habit(form=form),
    measured=Measured(right=11, read=13),
)
