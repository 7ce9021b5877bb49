"""Finds answers that are no option: a value, or a refusal to choose."""

import re
from typing import Final

from ...answer_types.multiple_choice import options, own_text
from ...answer_types.stated_answers import gist, is_reference
from ...answers.extractors.routes import Answer, boxed, chosen_letter
from ...detector import Case, Detection, Detector, Measured
from ...text.ending import loop_span, stops_short
from ...text.mentions import names_option, states_answer

LAST_WORDS_CHARS: Final = 200
"""An option named in these last characters may be meant as the answer."""
TAIL_CHARS: Final = 20_000
"""Searched for a stated answer; bounds the work on very long outputs."""
SHOWN_CHARS: Final = 120
"""A longer answer is truncated in the summary, which should stay one sentence."""
# 2 of 2 findings read were right: (2 + 4 * 0.82) / (2 + 4), see `Measured`.
CONFIDENCE: Final = 0.88

_STATED: Final = re.compile(
    r"\banswer\b(?:[^\n.]{0,40}?(?:\bis\b|\bwould be\b)|[*_]{0,3}:)[: *_`$]*([^\n.*]{1,120})",
    re.IGNORECASE,
)
_DECLINES: Final = re.compile(
    r"[\s(]*(?:none|neither|nothing)\s+(?:of|among)\s+(?:these|those|them|(?:the|these|those)"
    r"(?:\s+(?:above|options?|choices?|answers?|given|listed|provided|following|statements?)\b)+)",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(r"[(,]\s*[A-P]\s*[,)]|\b[A-P] (?:and|or) [A-P]\b")
_LETTER: Final = re.compile(r"[\s(\[*_`\"']*[A-Pa-p](?![\w']|[ ][a-z])")


def detect(case: Case) -> Detection | None:
    """Find answers without an option's letter, in datasets where a letter is expected.

    An answer that gives the value of the right option has chosen it.
    """
    text = own_text(case.output).rstrip()
    if not case.profile.expects_answer or not options(case.prompt):
        return None
    if case.answer is not None and not _declines(case.answer):
        return None
    found = _without_letter(case.prompt, text)
    if found is None or is_reference(case, gist(found).text) or loop_span(case.output) is not None:
        return None
    if stops_short(text, strictly=False) and not _declines(found):
        return None
    shown = " ".join(found.text.split())[:SHOWN_CHARS]
    return Detection(
        title="No option chosen",
        summary=f"The answer is {shown!r}, which is not the letter of an option.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _declines(answer: Answer) -> bool:
    return _DECLINES.fullmatch(answer.text.rstrip(" .)")) is not None


def _without_letter(prompt: str, text: str) -> Answer | None:
    """The answer, if it is stated without an option's letter."""
    if chosen_letter(text) or _LETTER.match(text) or not states_answer(text[-TAIL_CHARS:]):
        return None
    last_words = text[-LAST_WORDS_CHARS:]
    if names_option(prompt, last_words) or _has_option(prompt, last_words):
        return None
    found = boxed(text) or _stated(text)
    if found is None or _SEVERAL.search(found.text) or _LETTER.match(gist(found).text):
        return None
    return found


def _has_option(prompt: str, text: str) -> bool:
    """Whether a text contains the text of an option, wherever the prompt lists it."""
    folded = text.casefold()
    texts = (option.strip(" .").casefold() for option in options(prompt).values())
    return any(len(option) > 1 and option in folded for option in texts)


def _stated(text: str) -> Answer | None:
    """The text after the last "the answer is"."""
    found = None
    for each in _STATED.finditer(text, max(0, len(text) - TAIL_CHARS)):
        found = each
    return Answer(found[1], found.start(1), found.end(1)) if found else None


DETECTOR: Final = Detector(
    name="no_option_chosen",
    finding="No option chosen",
    description="The answer is a value or a refusal to choose where the task asks for an option.",
    category="output_format_error",
    kind="cause",
    rank=22,
    detect=detect,
    measured=Measured(right=2, read=2),
)
