"""Finds answers that contradict themselves: the working supports another option."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ...answer_types.multiple_choice import CACHE_SIZE, Choice, choice, own_text, stem
from ...arithmetic.quantities import values
from ...arithmetic.sentences import concluded, last_sentences
from ...detector import Case, Detection, Detector, Measured
from ...text.word_overlap import content_words, denies, in_quotes, spaced_words

LINE_CHARS: Final = 200
"""Characters read after the letter, on the same line."""
MIN_OPTION_CHARS: Final = 5
"""Shorter option texts occur in a sentence by chance."""
MENTION_CHARS: Final = 1_000
"""Searched before the answer for a mention of the chosen option, which then is no slip."""
QUESTION_END_CHARS: Final = 300
"""Searched at the end of a question for a negation: which of these is NOT ..."""
# 14 of 15 findings read were right: (14 + 4 * 0.82) / (15 + 4), see `Measured`.
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


class _OtherOption(NamedTuple):
    """An option that the text supports although it answers with another one."""

    letter: str
    place: tuple[int, int]


def detect(case: Case) -> Detection | None:
    """Find outputs that support two different options.

    If the extracted answer is right, the contradiction explains no failure and is no finding.
    """
    chosen = choice(case)
    if chosen is None or chosen.letter == case.gold:
        return None
    return (
        _several(case, chosen)
        or _corrected(case, chosen)
        or _between_two(case, chosen, _by_words_after_letter(case, chosen))
        or _between_two(case, chosen, _by_value(chosen))
        or _between_two(case, chosen, _by_words(case.prompt, chosen))
    )


def _between_two(case: Case, chosen: Choice, other: _OtherOption | None) -> Detection | None:
    """The detection, unless the other option is wrong too: it then explains no failure."""
    if other is None or (case.gold or other.letter) != other.letter:
        return None
    return _detection(chosen, other.letter, other.place)


def _several(case: Case, chosen: Choice) -> Detection | None:
    """The answer names more than one option."""
    start, end = chosen.statement
    found = _SEVERAL.search(case.output, start, min(len(case.output), end + LINE_CHARS))
    if found is None or found[1] == found[2] or found[2] not in chosen.options:
        return None
    if case.gold and case.gold not in {found[1], found[2]}:
        return None
    return Detection(
        title="More than one option chosen",
        summary=f"The answer names several options, {found[1]} and {found[2]}; one is right.",
        spans=(found.span(),),
        confidence=CONFIDENCE,
    )


def _by_words_after_letter(case: Case, chosen: Choice) -> _OtherOption | None:
    """The letter of one option followed by the text of another."""
    end = chosen.statement[1]
    line = case.output[end : end + LINE_CHARS].partition("\n")[0]
    words = spaced_words(line)
    if any(map(values, chosen.options.values())):
        return None
    if len(words) < MIN_OPTION_CHARS or words.startswith(spaced_words(chosen.text)):
        return None
    for letter, text in chosen.options.items():
        other = spaced_words(text)
        if len(other) >= MIN_OPTION_CHARS and letter != chosen.letter and words.startswith(other):
            return _OtherOption(letter, (chosen.statement[0], end + len(line)))
    return None


def _corrected(case: Case, chosen: Choice) -> Detection | None:
    """A second final answer after the first one, introduced as a correction."""
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
    return Detection(
        title="Answer corrected after it was given",
        summary=f"The text first answers {chosen.letter} and then corrects this to {found[1]}.",
        spans=(chosen.statement, found.span()),
        confidence=CONFIDENCE,
    )


def _by_value(chosen: Choice) -> _OtherOption | None:
    """The last step gives the value of exactly one option, which is not the chosen one."""
    found = concluded(chosen.working)
    if found is None:
        return None
    sentence, value = found
    same = [letter for letter, text in chosen.options.items() if values(text) == {value.value}]
    chosen_values = values(chosen.text)
    if len(same) != 1 or same[0] == chosen.letter or len(chosen_values) != 1:
        return None
    if chosen_values & values(chosen.working):
        return None
    return _OtherOption(same[0], (sentence.start, sentence.start + len(sentence.text)))


def _by_words(prompt: str, chosen: Choice) -> _OtherOption | None:
    """The last sentence ends in the text of one option, and the chosen one is not mentioned."""
    if any(map(values, chosen.options.values())) or _asks_for_exception(prompt):
        return None
    last = last_sentences(chosen.working)
    if not last or denies(last[-1].text):
        return None
    sentence = spaced_words(last[-1].text)
    named = {letter: spaced_words(text) for letter, text in chosen.options.items()}
    if named[chosen.letter] in spaced_words(chosen.working[-MENTION_CHARS:]):
        return None
    matches = [one for one, words in named.items() if words in sentence and content_words(words)]
    matches = [
        one for one in matches if not any(named[one] in named[o] for o in matches if o != one)
    ]
    if len(matches) != 1 or content_words(chosen.text) <= content_words(sentence):
        return None
    words = named[matches[0]]
    if len(words.strip()) < MIN_OPTION_CHARS or sentence.rfind(words) + len(words) < len(sentence):
        return None
    start = last[-1].start
    return _OtherOption(matches[0], (start, start + len(last[-1].text)))


@lru_cache(maxsize=CACHE_SIZE)
def _asks_for_exception(prompt: str) -> bool:
    return denies(stem(prompt)[-QUESTION_END_CHARS:])


def _detection(chosen: Choice, other: str, place: tuple[int, int]) -> Detection:
    supported, answered = (
        in_quotes(text, SHOWN_CHARS) for text in (chosen.options[other], chosen.text)
    )
    return Detection(
        title="Working and answer contradict each other",
        summary=f"The text supports option {other}, {supported}, but the answer is"
        f" {chosen.letter}, {answered}.",
        spans=(place, chosen.statement),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="contradicted",
    finding="Answer contradicts itself",
    description="The working, or a later statement, supports another option than the answer.",
    category="internal_contradiction",
    kind="cause",
    rank=30,
    detect=detect,
    measured=Measured(right=14, read=15),
)
