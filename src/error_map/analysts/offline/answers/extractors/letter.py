"""Routes to answers of one letter or word."""

import re
from collections import deque
from typing import Final

from ...text.mentions import option_texts
from ..spans import MOST_CHARS, Answer, last, of

LONGEST_LETTER_ANSWER: Final = 200
"""An output that is longer than this does not consist of an option letter or a word."""
_LETTER_STATED: Final = re.compile(r"answer is[\s:*_]*\(?([A-P])\b")
_LETTER_LINE: Final = re.compile(r"answer[*_]*:[\s*_]*\(?([A-P])\b", re.IGNORECASE)
_LETTER_CHOSEN: Final = re.compile(
    r"(?:\b(?:option|choice|answer|statement|response)\b[^\n.()]{0,40}?\b(?:is|would be|to be|as)"
    r"|\b(?:option|choice|answer|matches|match|select|choose|pick))"
    r"(?:[ *_:`]*\(([A-P])\)|[ *_:]*[`*\"]+([A-P])\b|[ ]+([A-P])[ .]*\Z)"
)
_LETTER_BOXED: Final = re.compile(
    r"\\boxed\s*\{\s*(?:\\text\w*\s*\{)?\s*\(?([A-P])(?=[).:}\s])[^{}\n]{0,200}\}"
)
_LEADING_LETTER: Final = re.compile(r"[\s(\[*_`\"']*([A-Pa-p])(?![ ][a-z])(?=[)\].:,\s*_`\"']|$)")
_LEADING_WORD: Final = re.compile(r"[\s*_`\"'(\[]*([A-Za-z][\w-]*)")
_YES_NO: Final = re.compile(r"\b(?:yes|no|true|false)\b", re.IGNORECASE)


def leading_letter(output: str) -> Answer | None:
    """The option letter that a short output begins with."""
    found = _LEADING_LETTER.match(output)
    if found is None or len(output) > LONGEST_LETTER_ANSWER:
        return None
    return Answer(found[1], found.start(1), found.end(1))


def leading_word(output: str) -> Answer | None:
    """The first word: yes, no, a label."""
    found = _LEADING_WORD.match(output)
    return Answer(found[1], found.start(1), found.end(1)) if found else None


def first_letter(output: str) -> Answer | None:
    """The option letter after the first "answer is", else after "Answer:"."""
    return of(_LETTER_STATED.search(output, 0, MOST_CHARS), 1) or of(
        _LETTER_LINE.search(output, 0, MOST_CHARS), 1
    )


def first_or_boxed_letter(output: str) -> Answer | None:
    """The option letter after the first "answer is" or "Answer:", else the one in the last box."""
    return first_letter(output) or of(last(_LETTER_BOXED, output), 1)


def last_letter(output: str) -> Answer | None:
    """The option letter after the last "answer is" or "Answer:"."""
    return of(last(_LETTER_STATED, output), 1) or of(last(_LETTER_LINE, output), 1)


def chosen_letter(output: str) -> Answer | None:
    """The bracketed option letter that the text names last as its choice, in whatever words."""
    found = last(_LETTER_CHOSEN, output)
    return of(found, found.lastindex or 0) if found else None


def any_letter(output: str) -> Answer | None:
    """The option letter last stated, else the one the output begins with or names as its choice."""
    return last_letter(output) or leading_letter(output) or chosen_letter(output)


def letter_or_words(output: str, prompt: str) -> Answer | None:
    """The option letter, else the only option of the prompt whose words the last words name."""
    letter = any_letter(output)
    if letter is not None:
        return letter
    end = len(output)
    start = max(0, end - LONGEST_LETTER_ANSWER)
    named = [
        found
        for option in option_texts(prompt)
        if (found := _last_words(option, output, start)) is not None
    ]
    longest = max(named, key=lambda found: found.end() - found.start(), default=None)
    if longest is None or any(one[0].casefold() not in longest[0].casefold() for one in named):
        return None
    return of(longest)


def _last_words(option: str, output: str, start: int) -> re.Match[str] | None:
    pattern = re.compile(rf"(?<!\w){re.escape(option)}(?!\w)", re.IGNORECASE)
    found = deque(pattern.finditer(output, start), maxlen=1)
    return found[0] if found else None


def last_yes_or_no(output: str) -> Answer | None:
    """The last yes, no, true or false."""
    return of(last(_YES_NO, output))
