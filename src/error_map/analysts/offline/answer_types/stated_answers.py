"""Answers that a text states in words of its own, which the answer route does not read."""

import re
from functools import lru_cache
from typing import Final

from ..answers.alternatives import alternatives
from ..answers.extractors.marked import stated_answer
from ..answers.extractors.routes import Answer, answer_line, boxed, chosen_letter, hashes
from ..arithmetic.sentences import Sentence, last_sentences
from ..detector import Case
from ..text.ending import stops_short
from ..values.equality import is_number, same_value
from ..values.number_words import cardinals
from .multiple_choice import options, own_text
from .whole_answer import final_value

CASE_CACHE_SIZE: Final = 4
"""Cases and outputs kept; several detectors read one in succession."""
# A sentence with an answer, and its option's text, is hardly longer.
SENTENCE_CHARS: Final = 400
"""End of the last sentence that is read."""
# In two sentences, as "The answer is 8. I hope that this helps."
TAIL_CHARS: Final = 200
"""End of a text in which the reference's value may be meant as the answer."""
# Yes, no and single letters occur in any sentence.
MIN_WORD_CHARS: Final = 3
"""Length from which on a word of the reference is looked for in the last sentence."""

_STOP_MARK: Final = re.compile(r"\s*<[|/]?\w{2,20}[|]?>\s*\Z")
_LETTER: Final = re.compile(r"\(([A-P])\)|\b[Oo]ption ([A-P])\b(?!['\u2019])")
_CONCLUDES: Final = re.compile(
    r"[)A-P]\s*(?:[.:]?\s*\Z|(?:is|are|would be|seems|appears|must be)\s+(?:the\s+|most\s+){0,2}"
    r"(?:correct|right|best|true|closest|accurate|appropriate|likely)\b)"
)
_INTRODUCES: Final = re.compile(r"\b(?:is|be|as|choose|pick|select|except|closest to)[\s:*_]*\Z")
_UNSURE: Final = re.compile(
    r"\b(?:not|cannot|can't|isn't|neither|nor|none|incorrect|false|wrong|means|combination|both"
    r"|unless|if|whether)\b",
    re.IGNORECASE,
)
_TAKES_BACK: Final = re.compile(
    r"(?:\bnot|n't|\bnever) (?:\w+ ){0,3}?(?:correct|right|true|accurate|valid|listed|given"
    r"|possible|among|one of|an? option|answer)\b|\b(?:incorrect|wrong|mistaken)\b|\bnone of\b"
    r"|\bno (?:correct|right|answer|option)",
    re.IGNORECASE,
)
_ALTERNATIVE: Final = re.compile(r"[\s)*_.`\"']{0,6}(?:,\s*)?(?:or|and|/)[\s(*]+[A-P]\b[\s).,*]")
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|$)|\n")
_NUMERAL: Final = re.compile(r"[-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?\.?\d+(?:/\d+)?%?")
_WORD: Final = re.compile(r"\w+")
_HEDGED: Final = re.compile(
    r"(?:(?:most|probably|likely|option|choice|letter|closest|to|therefore|thus|clearly) ){1,3}"
    r"\(?([A-P])\)?[. ]*"
)
_GIST: Final = re.compile(
    r"([^,;]{1,60})[,;]\s+(?:in total|altogether|in all|because|since|as|so|which|with|for)\b"
)


def last_stated(case: Case) -> Answer | None:
    """The answer that the output states last, by a marker or in a concluding sentence."""
    head = _STOP_MARK.sub("", own_text(case.output))
    found = _marked(head) or _concluding_letter(head)
    if found is not None:
        return found
    last = _last_sentence(head)
    if last is None or stops_short(head, strictly=False):
        return None
    return final_value(Answer(last.text, last.start, last.start + len(last.text)))


def gist(answer: Answer) -> Answer:
    """A stated answer without the words that hedge it, or the clause that explains it.

    Example:
        >>> gist(Answer("72, in total, as I said", 9, 32)).text
        '72'
        >>> gist(Answer("most likely B", 0, 13)).text
        'B'
    """
    hedged = _HEDGED.fullmatch(answer.text)
    if hedged is not None:
        start, end = (answer.start + place for place in hedged.span(1))
        return Answer(hedged[1], start, end, answer.guessed)
    found = _GIST.match(answer.text)
    if found is None or re.search(r"\d|\bor\b|\bnot\b", answer.text[found.end(1) :]):
        return answer
    text = found[1].rstrip()
    return Answer(text, answer.start, answer.start + len(text), answer.guessed)


def is_reference(case: Case, text: str) -> bool:
    """Whether a stated answer is the reference, one of its aliases, or its option."""
    gold = (case.gold or "").strip()
    if any(same_value(text, each) for each in (gold, *_aliases(case))):
        return True
    listed = options(case.prompt)
    letter = text.strip("() .\u2026").upper()
    if letter in listed or gold in listed:
        # By their texts: a bare letter would equal the text of an option such as "(a) 3, (b) 4".
        return same_value(listed.get(letter, text), listed.get(gold, gold))
    return False


def is_taken_back(case: Case, answer: Answer) -> bool:
    """Whether the text after a stated answer names another one or denies it."""
    head = own_text(case.output)
    if answer.end > len(head):
        return False
    rest = head[answer.end :]
    end = _SENTENCE_END.search(rest)
    sentence = rest[: end.start()] if end else rest
    if _TAKES_BACK.search(sentence) or _ALTERNATIVE.match(rest):
        return True
    others = {found[1] or found[2] for found in _LETTER.finditer(sentence)}
    if others - {answer.text.strip("() ").upper()}:
        return True
    later = _marked(rest)
    if later is None or not any(map(str.isalnum, later.text)):
        return False
    return not is_reference(case, gist(later).text)


def ends_in_reference(case: Case) -> bool:
    """Whether the last words contain the value of the reference, however it is expressed.

    Also if the text names the right option, and no other, by its letter.
    """
    tail = own_text(case.output).rstrip()[-TAIL_CHARS:]
    gold = (case.gold or "").strip()
    if not tail or not gold:
        return False
    meant = [gold, *_aliases(case)]
    if gold in (listed := options(case.prompt)):
        meant.append(listed[gold])
        letters = {found[1] or found[2] for found in _LETTER.finditer(own_text(case.output))}
        if letters == {gold}:
            return True
    return any(_mentions(tail, each) for each in meant)


def _mentions(tail: str, value: str) -> bool:
    if is_number(value):
        numerals = (*_NUMERAL.findall(tail), *map(str, cardinals(tail)))
        return any(same_value(numeral, value) for numeral in numerals)
    words = value.casefold().strip(" .")
    if not words.isascii():  # not all languages have blanks between words
        return words in tail.casefold()
    if len(words) < MIN_WORD_CHARS:
        return False
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", tail.casefold()) is not None


def _aliases(case: Case) -> tuple[str, ...]:
    return alternatives(case.gold or "", lists=case.profile.alternatives)


def _marked(text: str) -> Answer | None:
    """The answer that a text states last with a marker."""
    found = [
        answer
        for read in (stated_answer, answer_line, hashes, boxed, chosen_letter)
        if (answer := read(text)) is not None
    ]
    # Of two that overlap, the narrower one: the letter in "the answer is (B) a raft".
    return max(found, key=lambda answer: (answer.start, -answer.end), default=None)


def _concluding_letter(head: str) -> Answer | None:
    """The only letter of an option in the last sentence, if the sentence chooses it."""
    last = _last_sentence(head)
    if last is None or _UNSURE.search(last.text):
        return None
    letters = list(_LETTER.finditer(last.text))
    if len({found[1] or found[2] for found in letters}) != 1:
        return None
    for found in letters:
        group = found.lastindex or 1
        before = last.text[: found.start()]
        if _INTRODUCES.search(before) or _CONCLUDES.match(last.text, found.end() - 1):
            start, end = (last.start + place for place in found.span(group))
            return Answer(found[group], start, end)
    return None


@lru_cache(maxsize=CASE_CACHE_SIZE)
def _last_sentence(head: str) -> Sentence | None:
    """The end of a text's last sentence; None if that is too long to be an answer."""
    found = last_sentences(head)
    return found[-1] if found and len(found[-1].text) <= SENTENCE_CHARS else None
