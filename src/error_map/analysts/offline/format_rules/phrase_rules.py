"""Rules on the words of an answer: phrases that it must have, end with, or do without."""

import re
from typing import Final

from .instructions import orders
from .rule import ANSWER, QUOTED, START, Broken

LEAST_PHRASE_LETTERS: Final = 3
"""Fixed letters that a required phrase must have to be looked for."""
NEAR_END_CHARS: Final = 40

_END_WITH: Final = re.compile(
    rf"(?:\b(?:end|finish|conclude)[ ]{ANSWER}|{ANSWER}[ ](?:must|should|has to)[ ]"
    rf"(?:end|finish|conclude)|{START}(?:then[ ])?(?:end|finish|conclude))[ ](?:with|by)"
    rf"[^.\n\"\u201c'`]{{0,60}}{QUOTED}",
    re.IGNORECASE | re.MULTILINE,
)
_ENDS: Final = re.compile(
    r"(?:^[\s*#-]{0,10}(?:please[ ])?|\b(?:and|then|must|should)[ ])(?:end|finish|conclude)[ ]"
    rf"(?:(?:the|your|this)[ ](?:\w+[ ]){{1,3}})?(?:with|by)[^.\n\"\u201c'`]{{0,60}}{QUOTED}",
    re.IGNORECASE,
)
_LAST_LINE: Final = re.compile(
    rf"\b(?:(?:last|final)[ ](?:line|words?|sentence|phrase)|very[ ]end)[ ]of[ ]{ANSWER}\b"
    rf"[^\n\"\u201c'`]{{0,80}}{QUOTED}",
    re.IGNORECASE,
)
_PHRASES: Final = re.compile(
    r"\b(include|contain|mention|use|avoid|using|without)[ ]"
    r"the[ ](?:exact[ ])?(?:phrase|sentence|keyword|word)s?"
    r"[ :]{1,3}((?:[\"\u201c'`][^\"\u201d`\n]{2,80}[\"\u201d'`](?:,|[ ]and|[ ]or|[ ])*)+)",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(r"(?:\b(?:do not|never|without)|n't)[ ]$", re.IGNORECASE)
_TELLS: Final = re.compile(
    r"\b(?:which|that|who|does|did|does not|did not|not to)[ ]$|\b(?:was|were|is|are)[ ]\w*[ ]?$",
    re.IGNORECASE,
)
_EACH_QUOTED: Final = re.compile(r"[\"\u201c'`]([^\"\u201d`\n]{2,80}?)[\"\u201d'`](?!\w)")
_PLACEHOLDER: Final = re.compile(
    r"<[^<>\n]{1,40}>|\[[^\[\]\n]{1,40}\]|\{[^{}\n]{0,40}\}|\$[A-Z]+|_{2,}|\.{3}|\u2026"
    r"|\(?\b(?:[XN]|YOUR ANSWER|your answer|LETTER|NUMBER|ANSWER)\b\)?|\([A-Za-z ]+\)"
)
_IN_QUOTES: Final = re.compile(
    rf"\b(?:(?:wrap|put|enclose|surround)[ ]{ANSWER}|{ANSWER}[ ](?:must|should)[ ]be[ ]\w+)[ ]"
    r"(?:with|in|within|inside)[ ](?:double[ ])?quot(?:ation mark|e)s?",
    re.IGNORECASE,
)


def end_phrase(task: str, output: str) -> Broken | None:
    """The phrase that the output must end with, where it does not."""
    ends = [found for order in orders(task) for found in _ENDS.finditer(order)]
    for found in (*_END_WITH.finditer(task), *_LAST_LINE.finditer(task), *ends):
        phrase = found[1]
        blank = _PLACEHOLDER.search(phrase) is not None or "answer" in phrase.lower()
        tail = output if blank else output.rstrip()[-len(phrase) - NEAR_END_CHARS :]
        if not _stands_in(phrase, tail):
            return Broken(
                "Required phrase missing",
                f"The prompt asks to end with {phrase!r}; the output does not.",
                answer_line=blank,
            )
    return None


def used_phrases(task: str, output: str) -> Broken | None:
    """A phrase that the output must have and has not, or must not have and has."""
    asked = (found for order in orders(task) for found in _PHRASES.finditer(order))
    for found in asked:
        before = found.string[max(0, found.start() - 20) : found.start()]
        banned = found[1].lower() in {"avoid", "without"} or bool(_FORBIDS.search(before))
        if _TELLS.search(before) and not _FORBIDS.search(before):
            continue
        for phrase in _EACH_QUOTED.findall(found[2]):
            broken = (forbidden if banned else required)(phrase, output)
            if broken is not None:
                return broken
    return None


def quotation_marks(task: str, output: str) -> Broken | None:
    """Quotation marks round the whole output, where they are asked for and missing."""
    text = output.strip()
    if not _IN_QUOTES.search(task) or (text[:1] in '"\u201c' and text[-1:] in '"\u201d'):
        return None
    return Broken(
        "Required quotation marks missing",
        "The prompt asks to put the whole response in quotation marks.",
    )


def required(phrase: str, output: str) -> Broken | None:
    """A phrase that is not in the output."""
    if _stands_in(phrase, output):
        return None
    return Broken(
        "Required phrase missing", f"The prompt asks for {phrase!r}; the output does not have it."
    )


def forbidden(phrase: str, output: str) -> Broken | None:
    """A phrase that is in the output."""
    if re.search(rf"\b{re.escape(phrase)}\b", output, re.IGNORECASE) is None:
        return None
    return Broken("Forbidden phrase used", f"The prompt forbids {phrase!r}; the output has it.")


def _stands_in(phrase: str, text: str) -> bool:
    """Whether the phrase stands in the text, with anything in its blanks; True if it has none."""
    pieces = [" ".join(piece.split()).strip(" .:*") for piece in _PLACEHOLDER.split(phrase)]
    fixed = [piece.lower() for piece in pieces if piece]
    if sum(map(str.isalpha, "".join(fixed))) < LEAST_PHRASE_LETTERS:
        return True
    flat, place = " ".join(text.replace("*", "").split()).lower(), 0
    for piece in fixed:
        place = flat.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True
