"""Answers whose whole working is one claim: the words of a wrong option, given as fact."""

import re
from typing import Final

from ....texts import clipped
from ...answer_types.multiple_choice import (
    Choice,
    choice,
    has_no_working,
    own_text,
    peers_calculate,
    stem,
)
from ...arithmetic.quantities import values
from ...arithmetic.sentences import Sentence, sentences
from ...detector import Case, Detector, Measured, Sign
from ...text.word_overlap import content_words, coverage, denies, in_quotes, spaced_words

LONGEST: Final = 700
"""Characters: a longer working argues."""
LONGEST_TASK: Final = 900
"""Characters: a longer task is about what it tells, not about what one knows."""
SAID: Final = 0.75
"""Share of the option's words that the claim must have."""
ASKED: Final = 0.3
"""Share of the question's words that the claim must have where the option has one word only."""
ONE_WORD: Final = 2
CONFIDENCE: Final = 0.82
SHOWN_CHARS: Final = 160

_PREAMBLE: Final = re.compile(
    r"\s*(?:we (?:can )?refer to|let['\u2019]?s|to answer|to solve)\b", re.IGNORECASE
)
NAME_CHARS: Final = 40
_NAME_BEFORE: Final = re.compile(r"\b(?:in|at|from|of|near) [A-Z][\w.'\u2019-]+,\s\Z")
_CALCULATES: Final = re.compile(r"=|\d\s*[-+*/\u00d7]\s*\d")


def detect(case: Case) -> Sign | None:
    """Fires where the working is one unsupported claim that says what a wrong option says."""
    chosen = choice(case)
    gold = case.gold or ""
    if chosen is None or gold not in chosen.options or chosen.letter == gold:
        return None
    if values(chosen.text) and peers_calculate(case):
        return None
    question = stem(case.prompt)
    if len(chosen.working) > LONGEST or len(question) > LONGEST_TASK:
        return None
    said = [one for one in sentences(chosen.working) if not _PREAMBLE.match(one.text)]
    if len(said) != 1 or _CALCULATES.search(chosen.working):
        return None
    if not has_no_working(own_text(case.output)[chosen.statement[1] :]):
        return None
    claim = _claim(chosen, said[0], question)
    return _sign(chosen, claim, gold) if claim else None


def _claim(chosen: Choice, claim: Sentence, question: str) -> Sentence | None:
    """The sentence, where it says what the chosen option says and no other does better."""
    words = content_words(claim.text)
    mine = coverage(chosen.text, words)
    if mine < SAID or not any(map(str.isalpha, "".join(content_words(chosen.text)))):
        return None
    if denies(claim.text) or _said_as_well(chosen, claim.text, mine) or _only_where(chosen, claim):
        return None
    few = len(content_words(chosen.text)) < ONE_WORD
    return None if few and coverage(question, words) < ASKED else claim


def _only_where(chosen: Choice, claim: Sentence) -> bool:
    """Whether the option stands there only to say where another name belongs: `Reading, Ohio`."""
    option = " ".join(chosen.text.strip(" .").split())[:SHOWN_CHARS]
    said = " ".join(claim.text.split())
    place = said.find(option)
    named = place > 0 and _NAME_BEFORE.search(said, max(0, place - NAME_CHARS), place) is not None
    return named and said.count(option) == 1


def _said_as_well(chosen: Choice, claim: str, mine: float) -> bool:
    """Whether another option is said as fully, and the chosen one not to the letter."""
    words, told = content_words(claim), spaced_words(claim)
    others = [text for letter, text in chosen.options.items() if letter != chosen.letter]
    best = max((coverage(text, words) for text in others), default=0.0)
    if best < mine:
        return False
    own = spaced_words(chosen.text)
    longer = any(
        spaced_words(text) in told and len(spaced_words(text)) > len(own) for text in others
    )
    return best > mine or own not in told or longer


def _sign(chosen: Choice, claim: Sentence, gold: str) -> Sign:
    said = in_quotes(claim.text, SHOWN_CHARS)
    right = clipped(chosen.options[gold], SHOWN_CHARS)
    return Sign(
        title="Wrong option asserted without support",
        summary=f"The whole working is the claim {said}, which is what option"
        f" {chosen.letter} says; the right one is {gold}, {right!r}.",
        spans=((claim.start, claim.start + len(claim.text)), chosen.statement),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="bare_claim",
    finding="Wrong option asserted without support",
    description="The whole working is one claim that says what a wrong option says.",
    category="factual_error",
    kind="cause",
    rank=55,
    detect=detect,
    measured=Measured(right=14, read=17),
)
