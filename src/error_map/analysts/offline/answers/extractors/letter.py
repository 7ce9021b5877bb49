"""Routes to answers that are an option letter or a single word."""

import re
from collections import deque
from typing import Final

from ...text.mentions import option_texts
from ..spans import MAX_CHARS, Answer, from_match, last_match

# A letter and perhaps the text of its option; a longer output has a working.
MAX_LETTER_ANSWER_CHARS: Final = 200
"""Length up to which an output can consist of its answer alone."""
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
_YES_NO: Final = re.compile(
    r"(?<!\bor )(?<!/)\b(?:yes|no|true|false)\b(?! ?(?:or |/))", re.IGNORECASE
)
"""Not the alternatives of a question: "(Yes or No)"."""


def leading_letter(output: str) -> Answer | None:
    """The option letter that a short output begins with."""
    found = _LEADING_LETTER.match(output)
    if found is None or len(output) > MAX_LETTER_ANSWER_CHARS:
        return None
    return Answer(found[1], found.start(1), found.end(1))


def leading_word(output: str) -> Answer | None:
    """The first word: yes, no, a label."""
    found = _LEADING_WORD.match(output)
    return Answer(found[1], found.start(1), found.end(1)) if found else None


def first_letter(output: str) -> Answer | None:
    """The option letter after the first "answer is", else after "Answer:"."""
    return from_match(_LETTER_STATED.search(output, 0, MAX_CHARS), 1) or from_match(
        _LETTER_LINE.search(output, 0, MAX_CHARS), 1
    )


def first_or_boxed_letter(output: str) -> Answer | None:
    """The option letter after the first "answer is" or "Answer:", else the one in the last box."""
    return first_letter(output) or from_match(last_match(_LETTER_BOXED, output), 1)


def last_letter(output: str) -> Answer | None:
    """The option letter after the last "answer is" or "Answer:"."""
    return from_match(last_match(_LETTER_STATED, output), 1) or from_match(
        last_match(_LETTER_LINE, output), 1
    )


def chosen_letter(output: str) -> Answer | None:
    """The option letter that the text names last as its choice, in any wording."""
    match = last_match(_LETTER_CHOSEN, output)
    return from_match(match, match.lastindex or 0) if match else None


def any_letter(output: str) -> Answer | None:
    """The last stated option letter, else the one at the beginning, else the one chosen."""
    return last_letter(output) or leading_letter(output) or chosen_letter(output)


def letter_or_words(output: str, prompt: str) -> Answer | None:
    """The option letter, else the only option whose text occurs at the end of the output."""
    letter = any_letter(output)
    if letter is not None:
        return letter
    end = len(output)
    start = max(0, end - MAX_LETTER_ANSWER_CHARS)
    matches = [
        match
        for option in option_texts(prompt)
        if (match := _last_occurrence(option, output, start)) is not None
    ]
    longest = max(matches, key=lambda match: match.end() - match.start(), default=None)
    if longest is None or any(m[0].casefold() not in longest[0].casefold() for m in matches):
        return None
    return from_match(longest)


def _last_occurrence(option: str, output: str, start: int) -> re.Match[str] | None:
    pattern = re.compile(rf"(?<!\w){re.escape(option)}(?!\w)", re.IGNORECASE)
    matches = deque(pattern.finditer(output, start), maxlen=1)
    return matches[0] if matches else None


def last_yes_or_no(output: str) -> Answer | None:
    """The last yes, no, true or false."""
    return from_match(last_match(_YES_NO, output))
