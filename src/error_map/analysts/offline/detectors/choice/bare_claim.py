"""Finds answers whose entire working asserts a wrong option as a fact."""

import re
from typing import Final

from ....texts import clipped
from ...answer_types.multiple_choice import (
    Choice,
    choice,
    has_no_working,
    own_text,
    peers_calculate,
)
from ...answer_types.own_question import question_stem
from ...arithmetic.quantities import values
from ...arithmetic.sentences import Sentence, sentences
from ...detector import Case, Detection, Detector, Habit, Measured
from ...text.word_overlap import content_words, coverage, denies, in_quotes, spaced_words

MAX_WORKING_CHARS: Final = 700
"""A longer working gives reasons."""
MAX_TASK_CHARS: Final = 900
"""A longer task is about the text that it contains, not about knowledge."""
MIN_OPTION_SHARE: Final = 0.75
"""Share of the option's words that the claim must contain."""
MIN_QUESTION_SHARE: Final = 0.3
"""Share of the question's words that the claim must contain if the option is a single word, which
may occur in a sentence about something else."""
MIN_WORDS: Final = 2
"""Words of an option that identify it without the question."""
# 14 of 17 findings read were right: (14 + 4 * 0.82) / (17 + 4), see `Measured`.
CONFIDENCE: Final = 0.82
SHOWN_CHARS: Final = 160

_PREAMBLE: Final = re.compile(
    r"\s*(?:we (?:can )?refer to|let['\u2019]?s|to answer|to solve)\b", re.IGNORECASE
)
NAME_CHARS: Final = 40
"""Searched before an option for a place name that it belongs to."""
_NAME_BEFORE: Final = re.compile(r"\b(?:in|at|from|of|near) [A-Z][\w.'\u2019-]+,\s\Z")
_CALCULATES: Final = re.compile(r"=|\d\s*[-+*/\u00d7]\s*\d")

_TITLE: Final = "Wrong option claimed without reasons"


def detect(case: Case) -> Detection | None:
    """Find workings that consist of one unsupported claim with the content of a wrong option."""
    chosen = choice(case)
    gold = case.gold or ""
    if chosen is None or gold not in chosen.options or chosen.letter == gold:
        return None
    claim = _sole_claim(case, chosen)
    return _detection(chosen, claim, gold) if claim else None


def form(case: Case) -> str:
    """The form of a single claim with the content of the chosen option, right or wrong."""
    chosen = choice(case)
    return _TITLE if chosen is not None and _sole_claim(case, chosen) else ""


def _sole_claim(case: Case, chosen: Choice) -> Sentence | None:
    """The claim of which the working consists."""
    if len(chosen.working) > MAX_WORKING_CHARS or _CALCULATES.search(chosen.working):
        return None
    question = question_stem(case)
    if len(question) > MAX_TASK_CHARS or (values(chosen.text) and peers_calculate(case)):
        return None
    claims = [one for one in sentences(chosen.working) if not _PREAMBLE.match(one.text)]
    if len(claims) != 1:
        return None
    if not has_no_working(own_text(case.output)[chosen.statement[1] :]):
        return None
    return _claim(chosen, claims[0], question)


def _claim(chosen: Choice, claim: Sentence, question: str) -> Sentence | None:
    """The sentence, if it matches the chosen option and no other option better."""
    words = content_words(claim.text)
    option_share = coverage(chosen.text, words)
    if option_share < MIN_OPTION_SHARE or not any(
        map(str.isalpha, "".join(content_words(chosen.text)))
    ):
        return None
    if (
        denies(claim.text)
        or _fits_other_option(chosen, claim.text, option_share)
        or _only_names_place(chosen, claim)
    ):
        return None
    short_option = len(content_words(chosen.text)) < MIN_WORDS
    return None if short_option and coverage(question, words) < MIN_QUESTION_SHARE else claim


def _only_names_place(chosen: Choice, claim: Sentence) -> bool:
    """Whether the option only locates another name: `Ohio` in `Reading, Ohio`."""
    option = " ".join(chosen.text.strip(" .").split())[:SHOWN_CHARS]
    text = " ".join(claim.text.split())
    place = text.find(option)
    named = place > 0 and _NAME_BEFORE.search(text, max(0, place - NAME_CHARS), place) is not None
    return named and text.count(option) == 1


def _fits_other_option(chosen: Choice, claim: str, option_share: float) -> bool:
    """Whether another option fits the claim at least as well, unless the chosen one is literal."""
    words, text_of_claim = content_words(claim), spaced_words(claim)
    others = [text for letter, text in chosen.options.items() if letter != chosen.letter]
    best = max((coverage(text, words) for text in others), default=0.0)
    if best < option_share:
        return False
    own = spaced_words(chosen.text)
    longer = any(
        spaced_words(text) in text_of_claim and len(spaced_words(text)) > len(own)
        for text in others
    )
    return best > option_share or own not in text_of_claim or longer


def _detection(chosen: Choice, claim: Sentence, gold: str) -> Detection:
    quote = in_quotes(claim.text, SHOWN_CHARS)
    right = clipped(chosen.options[gold], SHOWN_CHARS)
    return Detection(
        title=_TITLE,
        summary=f"The entire working is the claim {quote}, which is the content of option"
        f" {chosen.letter}; the right option is {gold}, {right!r}.",
        spans=((claim.start, claim.start + len(claim.text)), chosen.statement),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="bare_claim",
    finding="Wrong option claimed without reasons",
    description="The entire working is one claim with the content of a wrong option.",
    category="factual_error",
    kind="cause",
    rank=55,
    detect=detect,
    habit=Habit(form=form),
    measured=Measured(right=14, read=17),
)
