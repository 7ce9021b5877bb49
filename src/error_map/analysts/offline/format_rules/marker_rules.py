"""Rules on a title, a postscript, separators, a repeated request and paragraphs' first words."""

import re
from collections.abc import Iterator
from typing import Final

from .instructions import instructions
from .rule import Violation, missing, wording

# Enough to recognize the request even if its end was changed or left out.
REPEATED_CHARS: Final = 25
"""Letters of a request to be repeated that the output must contain."""
MIN_REPEATED_CHARS: Final = 20
"""Letters that a request must have for its repetition to be checked."""
# Enough to find the paragraph again.
QUOTED_CHARS: Final = 60

_TITLE: Final = re.compile(
    r"\btitle\b[^.\n]{0,60}?\b(?:double angular|angular|double angle|angle) brackets"
    r"|\btitle\b[^\n]{0,80}?<<[^<>\n]{1,60}>>",
    re.IGNORECASE,
)
_HAS_TITLE: Final = re.compile(r"<<[^\n<>]+>>")
_POSTSCRIPT: Final = re.compile(
    r"\b(?:post-?[ ]?script|note)\b[^.\n]{0,60}?\b(?:start(?:ing|s) with|beginning with|with|marked"
    r"|as|indicated by)\b[^\n\w]{0,4}(?P<marker>P\.?[ ]?(?:P\.?[ ]?)?S\b\.?)"
    r"|\bwith an? (?P<only>P\.(?:P\.)?S\b\.?) at the end",
    re.IGNORECASE,
)
_SEPARATED: Final = re.compile(
    r"\bseparat(?:ed?|ing)\b[^\n]{0,80}?\b(?:by|with|using)\b[^\n*=#~-]{0,60}"
    r"(?P<run>(?P<sign>[*=#~-])(?P=sign){2,})",
    re.IGNORECASE,
)
_REPEAT: Final = re.compile(
    r"\brepeat[ ](?:the[ ])?(?:(?:exact|entire|whole|original)[, ]{1,2}){0,3}"
    r"(?:request|prompt|question|instruction|sentence|text)s?\b",
    re.IGNORECASE,
)
_EXACTLY: Final = re.compile(
    r"\b(?:word (?:for|by) word|verbatim|exact(?:ly)?|without (?:any )?change|as it is)",
    re.IGNORECASE,
)
# These name another text to repeat than the rest of the prompt.
_REPEATS_PART: Final = re.compile(
    r"\bfirst (?:line|sentence|paragraph|part)\b|\brepeat[, ]{1,2}[\"\u201c']|\bonly contains\b"
    r"|\bsentences? in\b",
    re.IGNORECASE,
)
_CHOICES: Final = re.compile(
    r"\b(?:one of (?:the )?(?:following|these)|exactly one of|choose from)\b"
    r"[^\n\"\u201c\u201d'`]{0,60}"
    r"(?P<choices>"
    r"(?:[\"\u201c\u201d'`][^\"\u201c\u201d`\n]{2,60}[\"\u201d'`][),;. ]*(?:or[ ])?){2,})",
    re.IGNORECASE,
)
_CHOICE_LINES: Final = re.compile(
    r"\bone of the following (?:exact )?(?:phrases|options|answers|sentences)[^\n]{0,40}:[ ]*\n"
    r"(?P<lines>(?:[^\n]{2,60}[.!](?:\n|$)){2,6})",
    re.IGNORECASE,
)
_EACH_QUOTED: Final = re.compile(
    r"[\"\u201c\u201d'`]([^\"\u201c\u201d`\n]{2,60}?)[\"\u201d'`](?!\w)"
)
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_ORDINAL: Final = rf"(?P<ordinal>{'|'.join(_ORDINALS)}|last|\d{{1,2}}-?(?:st|nd|rd|th))"
_FIRST_WORD: Final = (
    re.compile(
        rf"\b(?:{_ORDINAL} paragraph|paragraph[ ]{{1,2}}(?:number )?(?P<number>\d{{1,2}}))"
        r"(?: must| should| has to)? starts? with (?:the )?(?:word )?[\"\u201c'`]?"
        r"(?P<word>[\w-]{2,30})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bstart the {_ORDINAL} paragraph with (?:the )?(?:word )?[\"\u201c'`]?"
        r"(?P<word>[\w-]{2,30})",
        re.IGNORECASE,
    ),
)
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n\s*")
_STARS: Final = re.compile(r"\s*\*{3,}\s*")
_HEADING: Final = re.compile(r"#{1,6}[ ].*|\*\*[^*\n]+\*\*|<<.*>>", re.DOTALL)


def marks(task: str, output: str) -> Iterator[Violation]:
    """A required title, postscript or separator that is missing."""
    for sentence in instructions(task):
        if _TITLE.search(sentence) and not _HAS_TITLE.search(output):
            yield missing("title", "a title in double angular brackets")
        if match := _POSTSCRIPT.search(sentence):
            marker = match["marker"] or match["only"]
            letters = re.sub(r"[^A-Z]", "", marker.upper())
            if not re.search(r"\.?\s?".join(letters), output, re.IGNORECASE):
                yield missing("postscript", f"a postscript with {wording(marker)}")
        if (match := _SEPARATED.search(sentence)) and match["run"] not in output:
            yield missing("separator", f"parts separated by {wording(match['run'])}")


def repeated_request(task: str, output: str) -> Iterator[Violation]:
    """A required repetition of the request that is missing."""
    sentences = [line for line in task.splitlines() if _REPEAT.search(line)]
    if not sentences or not _EXACTLY.search(" ".join(sentences)) or _REPEATS_PART.search(task):
        return
    # The request is above or below the rule, or on its line; any of the lines will do.
    lines = [_REPEAT.split(line)[0] for line in task.splitlines()]
    requests = [_letters(line)[:REPEATED_CHARS] for line in lines]
    requests = [request for request in requests if len(request) >= MIN_REPEATED_CHARS]
    head = _letters(output[: 4 * len(task)])
    if requests and not any(request in head for request in requests):
        yield missing("repeated_request", "a repetition of the request first")


def choices(task: str, output: str) -> Iterator[Violation]:
    """None of the answers to choose from is in the output."""
    letters = _letters(output)
    for options in _choices(task):
        if options and not any(_letters(option) in letters for option in options):
            yield missing("answer_choice", f"one of {', '.join(map(repr, options))}")
            return


def paragraph_opening(task: str, output: str) -> Iterator[Violation]:
    """A paragraph that begins with another word than the prompt says."""
    divisions = _divisions(output)
    rules = (
        match
        for sentence in instructions(task)
        for pattern in _FIRST_WORD
        for match in pattern.finditer(sentence)
    )
    for match in rules:
        position = _position(match)
        starts = [_words_at(paragraphs, position) for paragraphs in divisions]
        if any(start.startswith(match["word"].lower()) for start in starts):
            continue
        found = next(filter(None, starts), "")
        has = f"it begins with {wording(found)}" if found else "there is none"
        yield Violation("paragraph_opening", f"The prompt asks for {wording(match[0])}; {has}.")


def _choices(task: str) -> Iterator[list[str]]:
    for sentence in instructions(task):
        if match := _CHOICES.search(sentence):
            yield _EACH_QUOTED.findall(match["choices"])
    if match := _CHOICE_LINES.search(task):
        yield [line.strip() for line in match["lines"].splitlines() if line.strip()]


def _divisions(output: str) -> list[list[str]]:
    """The paragraphs of the output, by each usual way to divide them."""
    by_lines = [part for part in _BLANK_LINE.split(output.strip()) if part.strip()]
    by_stars = [part for part in _STARS.split(output.strip()) if part.strip()]
    lines = [line for line in output.splitlines() if line.strip()]
    text_only = [part for part in by_lines if not _HEADING.fullmatch(part.strip())]
    without_stars = [part for part in by_lines if not _STARS.fullmatch(part)]
    return [by_lines, by_stars, text_only, without_stars, lines]


def _position(match: re.Match[str]) -> int:
    """The index of the paragraph that a match of `_FIRST_WORD` is about; -1 for the last."""
    groups = match.groupdict()
    if groups.get("number"):
        return int(groups["number"]) - 1
    ordinal = groups["ordinal"].lower()
    if ordinal == "last":
        return -1
    return _ORDINALS.index(ordinal) if ordinal in _ORDINALS else int(ordinal[:-2].rstrip("-")) - 1


def _words_at(paragraphs: list[str], position: int) -> str:
    if not -len(paragraphs) <= position < len(paragraphs):
        return ""
    return paragraphs[position].lstrip(" \n\t\"'*_#\u201c").lower()[:QUOTED_CHARS]


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
