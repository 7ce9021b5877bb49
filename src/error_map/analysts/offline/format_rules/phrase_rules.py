"""Rules on how an answer begins and ends, and on quotation marks around it."""

import re
from collections.abc import Iterator
from typing import Final

from .instructions import instructions
from .phrases import PLACEHOLDER, contains, flattened
from .rule import ANSWER, QUOTED, START, Violation, wording

# Room for a signature mark or closing markup after the phrase.
END_SLACK_CHARS: Final = 40
# Room for markup such as "**" or a quotation mark before the phrase.
START_SLACK_CHARS: Final = 10
# Enough of the end or the beginning of an answer to see that it differs.
QUOTED_CHARS: Final = 80

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
_UNQUOTED_END: Final = re.compile(
    r"\b(?:end|finish|conclude)[ ](?:(?:the|your|this)[ ](?:\w+[ ]){1,3})?with"
    r"(?:[ ](?:this|the)[ ]exact[ ](?:phrase|question|sentence|words)(?:[ ]of)?:?[ ]|:[ ]?)"
    r"(?P<phrase>[^\"\u201c\u201d'\n]{4,120}?)"
    r"(?=[.?!]*(?:\s*$|[ ](?:with |and )?no other\b|[.?!][ ][A-Z]))",
    re.IGNORECASE,
)
_NOTHING_AFTER: Final = re.compile(
    r"\bno other words? (?:should|must|may)|\bnothing (?:else )?(?:should|must|may)? ?"
    r"(?:follow|after)|\bexact phrase\b",
    re.IGNORECASE,
)
_START: Final = re.compile(
    r"\b(?:start|begin)(?:s|ning|ing)?\b[ ](?:(?:your|the|this)[ ](?:entire[ ])?(?:response|answer"
    r"|reply|output|email|letter|story|poem|essay|message)[ ])?with[ ](?:exactly[ ])?(?:the[ ])?"
    rf"(?:exact[ ])?(?:phrase|word|words|sentence|line)?[ :]{{0,2}}{QUOTED}",
    re.IGNORECASE,
)
_OF_A_PART: Final = re.compile(
    r"\b(?:each|every|section|paragraph|title|words?|lines?|items?|bullets?|sentences?|names?|note"
    r"|postscript|if|when|which|stanza|version)\b",
    re.IGNORECASE,
)
_CLOSING: Final = " \"'_.!?,:;)]>}`#-"
"""Marks after a phrase that do not count."""
_NEGATED: Final = re.compile(r"\b(?:not|never|don['\u2019]t|avoid)[ ](?:\w+[ ])?\Z", re.IGNORECASE)
_NEGATION_CHARS: Final = 30
"""Characters before an instruction in which it may be negated; a few words."""
_QUOTES_AROUND: Final = r"(?:double[ ])?(?:quotations?[ ]marks?|quotes)"
_WHOLE: Final = (
    r"(?:your|the|this)[ ](?:(?:entire|whole|final|full|complete)[ ])?"
    r"(?:\w+-sentence[ ])?(?:response|answer|reply|output|email|message)"
)
_IN_QUOTES: Final = (
    re.compile(
        rf"\b(?:wrap|put|enclose|surround)[ ](?:up[ ])?{_WHOLE}(?:[ ]\([^()\n]{{0,60}}\))?[ ]"
        rf"(?:with|in|within|inside|between|on)[ ]{_QUOTES_AROUND}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_WHOLE}[ ](?:is|must be|should be|has to be)[ ](?:\w+[ ])?"
        rf"(?:with|in|within|inside)[ ]{_QUOTES_AROUND}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_WHOLE}[ ](?:must|should)[^.\n]{{0,60}}?\bbe wrapped (?:with|in) {_QUOTES_AROUND}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_QUOTES_AROUND}[ ](?:(?:should|must)[ ]be[ ]placed[ ])?around[ ]{_WHOLE}",
        re.IGNORECASE,
    ),
)


def end_phrase(task: str, output: str) -> Iterator[Violation]:
    """The phrase that the output must end with, where it does not."""
    strict = _NOTHING_AFTER.search(task) is not None
    for phrase in _end_phrases(task):
        blank = PLACEHOLDER.search(phrase) is not None or "answer" in phrase.lower()
        # A line with the answer may be anywhere; a fixed phrase must be at the end.
        slack = 0 if strict else END_SLACK_CHARS
        if contains(phrase, output) if blank else _ends(output, phrase, slack):
            continue
        text = output.rstrip()
        yield Violation(
            "ending",
            f"The prompt asks to end with {wording(phrase)}; the answer does not.",
            spans=((max(0, len(text) - QUOTED_CHARS), len(text)),),
            answer_line=blank,
        )
        return


def start_phrase(task: str, output: str) -> Iterator[Violation]:
    """A required opening phrase that is missing."""
    for sentence in instructions(task):
        for match in _START.finditer(sentence):
            phrase = flattened(match[1]).rstrip(".,:")
            before = sentence[: match.start()]
            if _OF_A_PART.search(before) or _NEGATED.search(before) or PLACEHOLDER.search(phrase):
                continue
            head = flattened(output[: len(match[1]) * 2 + QUOTED_CHARS])
            if not 0 <= head.find(phrase) <= START_SLACK_CHARS:
                start = len(output) - len(output.lstrip())
                yield Violation(
                    "opening",
                    f"The prompt asks to begin with {wording(match[1])}; the answer does not.",
                    spans=((start, min(len(output), start + QUOTED_CHARS)),),
                )
                return


def quotation_marks(task: str, output: str) -> Iterator[Violation]:
    """Required quotation marks around the whole output that are missing."""
    text = output.strip()
    in_quotes = any(pattern.search(task) for pattern in _IN_QUOTES)
    if in_quotes and not (text[:1] in '"\u201c' and text[-1:] in '"\u201d'):
        yield Violation(
            "quotation_marks",
            "The prompt asks for quotation marks around the whole answer; the answer begins with"
            f" {wording(text[:1])} and ends with {wording(text[-1:])}.",
        )


def _end_phrases(task: str) -> Iterator[str]:
    for pattern in (_END_WITH, _LAST_LINE):
        yield from (
            match[1]
            for match in pattern.finditer(task)
            if not _NEGATED.search(task[max(0, match.start() - _NEGATION_CHARS) : match.start()])
        )
    for sentence in instructions(task):
        yield from (match[1] for match in _ENDS.finditer(sentence))
        yield from (match["phrase"] for match in _UNQUOTED_END.finditer(sentence))


def _ends(output: str, phrase: str, slack: int) -> bool:
    """Whether the output ends with the phrase, but for some characters and closing marks."""
    closing = flattened(phrase).rstrip(_CLOSING)
    text = flattened(output).rstrip(_CLOSING)
    position = text.rfind(closing)
    return position >= 0 and len(text) - position - len(closing) <= slack
