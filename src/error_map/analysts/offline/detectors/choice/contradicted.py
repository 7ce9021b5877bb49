"""Answers that contradict themselves: the working says one option, the answer another."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ...answer_types.multiple_choice import CACHE_SIZE as PROMPTS
from ...answer_types.multiple_choice import Choice, choice, own_text, stem
from ...arithmetic.quantities import values
from ...arithmetic.sentences import concluded, last_sentences
from ...detector import Case, Detector, Measured, Sign
from ...text.word_overlap import content_words, denies, in_quotes, spaced_words

BESIDE_CHARS: Final = 200
"""What stands in the line of the answer, behind its letter."""
LEAST_CHARS: Final = 5
"""Shorter words of an option stand in any sentence by chance."""
CACHE_SIZE: Final = 1_000
"""Characters before the answer in which the chosen option may have been named."""
ASKED_CHARS: Final = 300
"""End of a question, which may ask for what is not so."""
CONFIDENCE: Final = 0.91
SHOWN_CHARS: Final = 120

_SEVERAL: Final = re.compile(
    r"\b[Aa]nswers?\b[^\n.()]{0,20}?\b(?:is|are|:)[\s:*_]*\(([A-P])\)?[ ]?(?:,|and|or|&|/)[ ]?"
    r"(?:or |and )?(?:option )?\(?([A-P])\)"
)
_AGAIN: Final = re.compile(
    r"\b(?:[Ff]inal|[Cc]orrect|[Aa]ctual|[Rr]ight|[Tt]he)\s{1,3}(?:\w+ )?[Aa]nswer\b[^\n.()]{0,30}?"
    r"(?:\bis\b|\bshould be\b|:)[\s:*_]*(?:the answer is[\s:*_]*)?\(?([A-P])\b(?![ '\u2019][a-z])",
)
_CORRECTS: Final = re.compile(
    r"\b(?:however|wait|actually|mistake|error|correction|correct(?:ed|ly)?|sorry|apolog\w*|instead"
    r"|re-?(?:check|evaluat|consider)\w*|upon|final answer)\b",
    re.IGNORECASE,
)


class Said(NamedTuple):
    """An option that the text says although it answers another, and where."""

    letter: str
    place: tuple[int, int]


def detect(case: Case) -> Sign | None:
    """Fires where two readings of the same answer name two options.

    Silent where the answer that was read is the reference's: the contradiction then failed nothing.
    """
    chosen = choice(case)
    if chosen is None or chosen.letter == case.gold:
        return None
    return (
        _several(case, chosen)
        or _corrected(case, chosen)
        or _of_two(case, chosen, _beside(case, chosen))
        or _of_two(case, chosen, _by_value(chosen))
        or _of_two(case, chosen, _by_words(case.prompt, chosen))
    )


def _of_two(case: Case, chosen: Choice, said: Said | None) -> Sign | None:
    """The sign, unless the option that the text says is wrong too: it then failed nothing."""
    if said is None or (case.gold or said.letter) != said.letter:
        return None
    return _sign(chosen, said.letter, said.place)


def _several(case: Case, chosen: Choice) -> Sign | None:
    """The answer names more than one option."""
    start, end = chosen.statement
    found = _SEVERAL.search(case.output, start, min(len(case.output), end + BESIDE_CHARS))
    if found is None or found[1] == found[2] or found[2] not in chosen.options:
        return None
    if case.gold and case.gold not in {found[1], found[2]}:
        return None
    return Sign(
        title="More than one option chosen",
        summary=f"The answer names several options, {found[1]} and {found[2]}, where one is right.",
        spans=(found.span(),),
        confidence=CONFIDENCE,
    )


def _beside(case: Case, chosen: Choice) -> Said | None:
    """The letter of one option with the words of another beside it."""
    end = chosen.statement[1]
    line = case.output[end : end + BESIDE_CHARS].partition("\n")[0]
    words = spaced_words(line)
    if any(map(values, chosen.options.values())):
        return None
    if len(words) < LEAST_CHARS or words.startswith(spaced_words(chosen.text)):
        return None
    for letter, text in chosen.options.items():
        other = spaced_words(text)
        if len(other) >= LEAST_CHARS and letter != chosen.letter and words.startswith(other):
            return Said(letter, (chosen.statement[0], end + len(line)))
    return None


def _corrected(case: Case, chosen: Choice) -> Sign | None:
    """A second final answer after the first, in the same text, with words of correction."""
    limit = len(own_text(case.output))
    after = chosen.statement[1]
    found = _AGAIN.search(case.output, after, max(after, limit))
    if found is None or found[1] == chosen.letter or found[1] not in chosen.options:
        return None
    if case.gold and case.gold != found[1]:
        return None
    if not _CORRECTS.search(case.output, after, found.end()):
        return None
    if _AGAIN.search(case.output, found.end(), limit):
        return None
    return Sign(
        title="Answer corrected after it was given",
        summary=f"The text answers {chosen.letter} first and {found[1]} afterwards.",
        spans=(chosen.statement, found.span()),
        confidence=CONFIDENCE,
    )


def _by_value(chosen: Choice) -> Said | None:
    """The last step comes to the value of exactly one option, which is not the one chosen."""
    found = concluded(chosen.working)
    if found is None:
        return None
    sentence, value = found
    same = [letter for letter, text in chosen.options.items() if values(text) == {value.value}]
    mine = values(chosen.text)
    if len(same) != 1 or same[0] == chosen.letter or len(mine) != 1:
        return None
    if mine & values(chosen.working):
        return None
    return Said(same[0], (sentence.start, sentence.start + len(sentence.text)))


def _by_words(prompt: str, chosen: Choice) -> Said | None:
    """The last sentence concludes with the words of one option, and never names the chosen."""
    if any(map(values, chosen.options.values())) or _asks_what_is_not(prompt):
        return None
    last = last_sentences(chosen.working)
    if not last or denies(last[-1].text):
        return None
    sentence = spaced_words(last[-1].text)
    named = {letter: spaced_words(text) for letter, text in chosen.options.items()}
    if named[chosen.letter] in spaced_words(chosen.working[-CACHE_SIZE:]):
        return None
    there = [one for one, words in named.items() if words in sentence and content_words(words)]
    there = [one for one in there if not any(named[one] in named[o] for o in there if o != one)]
    if len(there) != 1 or content_words(chosen.text) <= content_words(sentence):
        return None
    words = named[there[0]]
    if len(words.strip()) < LEAST_CHARS or sentence.rfind(words) + len(words) < len(sentence):
        return None
    start = last[-1].start
    return Said(there[0], (start, start + len(last[-1].text)))


@lru_cache(maxsize=PROMPTS)
def _asks_what_is_not(prompt: str) -> bool:
    return denies(stem(prompt)[-ASKED_CHARS:])


def _sign(chosen: Choice, other: str, place: tuple[int, int]) -> Sign:
    said, answered = (in_quotes(text, SHOWN_CHARS) for text in (chosen.options[other], chosen.text))
    return Sign(
        title="Working and answer contradict each other",
        summary=f"The text says what option {other} says, {said}, and"
        f" answers {chosen.letter}, which is {answered}.",
        spans=(place, chosen.statement),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="contradicted",
    finding="Answer contradicts itself",
    description="The working, or a later word, says another option than the answer.",
    category="internal_contradiction",
    kind="cause",
    rank=30,
    detect=detect,
    measured=Measured(right=14, read=15),
)
