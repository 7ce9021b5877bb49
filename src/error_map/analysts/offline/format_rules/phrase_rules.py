"""Rules on phrases that an answer must contain, end with or avoid."""

import re
from typing import Final

from .instructions import instructions
from .rule import ANSWER, QUOTED, START, Violation

# Fewer letters, as in "A: ___", occur in any text by chance.
MIN_PHRASE_LETTERS: Final = 3
"""Letters outside placeholders that a required phrase must have to be checked."""
# Room for a signature mark or closing markup after the phrase.
END_SLACK_CHARS: Final = 40

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
_CONTEXT_CHARS: Final = 20
"""Characters before a match that decide whether it forbids or only describes; a few words."""
_PHRASES: Final = re.compile(
    r"\b(include|contain|mention|use|avoid|using|without)[ ]"
    r"the[ ](?:exact[ ])?(?:phrase|sentence|keyword|word)s?"
    r"[ :]{1,3}((?:[\"\u201c'`][^\"\u201d`\n]{2,80}[\"\u201d'`](?:,|[ ]and|[ ]or|[ ])*)+)",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(r"(?:\b(?:do not|never|without)|n't)[ ]$", re.IGNORECASE)
_DESCRIBES: Final = re.compile(
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


def end_phrase(task: str, output: str) -> Violation | None:
    """The phrase that the output must end with, where it does not."""
    ends = [match for sentence in instructions(task) for match in _ENDS.finditer(sentence)]
    for match in (*_END_WITH.finditer(task), *_LAST_LINE.finditer(task), *ends):
        phrase = match[1]
        blank = _PLACEHOLDER.search(phrase) is not None or "answer" in phrase.lower()
        # A line with the answer may be anywhere; a fixed phrase must be at the end.
        tail = output if blank else output.rstrip()[-len(phrase) - END_SLACK_CHARS :]
        if not _contains(phrase, tail):
            return Violation(
                "Required phrase missing",
                f"The prompt requires the output to end with {phrase!r}; it does not.",
                answer_line=blank,
            )
    return None


def used_phrases(task: str, output: str) -> Violation | None:
    """A required phrase that is missing, or a forbidden one that is used."""
    matches = (match for sentence in instructions(task) for match in _PHRASES.finditer(sentence))
    for match in matches:
        before = match.string[max(0, match.start() - _CONTEXT_CHARS) : match.start()]
        forbids = match[1].lower() in {"avoid", "without"} or bool(_FORBIDS.search(before))
        if _DESCRIBES.search(before) and not _FORBIDS.search(before):
            continue
        for phrase in _EACH_QUOTED.findall(match[2]):
            violation = (forbidden if forbids else required)(phrase, output)
            if violation is not None:
                return violation
    return None


def quotation_marks(task: str, output: str) -> Violation | None:
    """Required quotation marks around the whole output that are missing."""
    text = output.strip()
    if not _IN_QUOTES.search(task) or (text[:1] in '"\u201c' and text[-1:] in '"\u201d'):
        return None
    return Violation(
        "Required quotation marks missing",
        "The prompt requires quotation marks around the whole response.",
    )


def required(phrase: str, output: str) -> Violation | None:
    """A violation if the phrase is not in the output."""
    if _contains(phrase, output):
        return None
    return Violation(
        "Required phrase missing",
        f"The prompt requires {phrase!r}; the output does not contain it.",
    )


def forbidden(phrase: str, output: str) -> Violation | None:
    """A violation if the phrase is in the output."""
    if re.search(rf"\b{re.escape(phrase)}\b", output, re.IGNORECASE) is None:
        return None
    return Violation(
        "Forbidden phrase used", f"The prompt forbids {phrase!r}; the output contains it."
    )


def _contains(phrase: str, text: str) -> bool:
    """Whether the text contains the phrase, with anything in place of its placeholders.

    True also for a phrase of too few letters to tell.
    """
    pieces = [" ".join(piece.split()).strip(" .:*") for piece in _PLACEHOLDER.split(phrase)]
    fixed = [piece.lower() for piece in pieces if piece]
    if sum(map(str.isalpha, "".join(fixed))) < MIN_PHRASE_LETTERS:
        return True
    flat, position = " ".join(text.replace("*", "").split()).lower(), 0
    for piece in fixed:
        position = flat.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return True
