"""Rules on a title, a postscript, separators, an opening phrase and a repeated request."""

import re
from typing import Final

from .instructions import QUANTITY, instructions, quantity
from .rule import QUOTED, Violation

# Room for markup such as "**" or a quotation mark before the phrase.
START_SLACK_CHARS: Final = 10
# A sentence's worth: enough to recognize the request even if its end was changed.
REPEATED_CHARS: Final = 60
"""Letters of a request to be repeated that the output must contain."""
MIN_REPEATED_CHARS: Final = 20
"""Letters that a request must have for its repetition to be checked."""

_TITLE: Final = re.compile(
    r"\btitle\b[^.\n]{0,60}?\b(?:double angular|angular|angle) brackets|<<[^<>\n]{1,60}>>",
    re.IGNORECASE,
)
_HAS_TITLE: Final = re.compile(r"<<[^\n<>]+>>")
_POSTSCRIPT: Final = re.compile(
    r"\bpost-?script\b[^.\n]{0,60}?\b(?:starting with|beginning with|with|marked|as)\b[^\n\w]{0,4}"
    r"(P\.?[ ]?(?:P\.?[ ]?)?S\.?)",
    re.IGNORECASE,
)
_SEPARATED: Final = re.compile(
    r"\bseparated?\b[^\n]{0,60}?\b(?:by|with|using)\b[^\n*=#~-]{0,60}"
    r"((?P<sign>[*=#~-])(?P=sign){2,})",
    re.IGNORECASE,
)
_START: Final = re.compile(
    r"\b(?:start|begin)(?:s|ning|ing)?\b[ ](?:(?:your|the|this)[ ](?:entire[ ])?(?:response|answer"
    r"|reply|output|email|letter|story|poem|essay|message)[ ])?with[ ](?:exactly[ ])?(?:the[ ])?"
    rf"(?:exact[ ])?(?:phrase|word|words|sentence|line)?[ :]{{0,2}}{QUOTED}",
    re.IGNORECASE,
)
_REPEAT: Final = re.compile(
    r"\brepeat the (?:request|prompt|question|instruction)s?\b[^.\n]{0,40}?"
    r"\b(?:word for word|verbatim|exactly|without change)",
    re.IGNORECASE,
)
_FREQUENCY: Final = re.compile(
    r"\b(?P<what>word|keyword|phrase|letter)s?[ ][\"\u201c'`]?"
    r"(?P<term>[\w#!?&'-]+(?: [\w'-]+){0,4}?)[\"\u201d'`]?[ ]"
    r"(?:(?:should|must|has to|needs to|to)[ ])?(?:only[ ])?(?:appears?[ ]|be used[ ]"
    rf"|occurs?[ ]|be mentioned[ ]|be included[ ])?(?:for[ ])?{QUANTITY}(?:[ ]times?|\b(?=\W|$))",
    re.IGNORECASE,
)
_CHOICES: Final = re.compile(
    r"\b(?:one of (?:the )?(?:following|these)|exactly one of)\b[^\n\"\u201c'`]{0,40}"
    r"((?:[\"\u201c'`][^\"\u201d`\n]{2,60}[\"\u201d'`][,;. ]*(?:or[ ])?){2,})",
    re.IGNORECASE,
)
_EACH_QUOTED: Final = re.compile(r"[\"\u201c'`]([^\"\u201d`\n]{2,60}?)[\"\u201d'`](?!\w)")
_OF_A_PART: Final = re.compile(r"\b(?:each|every|section|paragraph|title|words?)\b", re.IGNORECASE)
_TIMES: Final = re.compile(r"\b(?:times|once|twice)\b", re.IGNORECASE)


def marks(task: str, output: str) -> Violation | None:
    """A required title, postscript or separator that is missing."""
    for sentence in instructions(task):
        titled = _TITLE.search(sentence) and "title" in sentence.lower()
        if titled and not _HAS_TITLE.search(output):
            return _missing("title", "a title in double angular brackets")
        if match := _POSTSCRIPT.search(sentence):
            letters = re.sub(r"[^A-Z]", "", match[1].upper())
            if not re.search(r"\.?\s*".join(letters), output, re.IGNORECASE):
                return _missing("postscript", f"a postscript with {match[1]!r}")
        if (match := _SEPARATED.search(sentence)) and match[1] not in output:
            return _missing("separator", f"parts separated by {match[1]!r}")
    return None


def start_phrase(task: str, output: str) -> Violation | None:
    """A required opening phrase that is missing."""
    for sentence in instructions(task):
        for match in _START.finditer(sentence):
            if _OF_A_PART.search(sentence[: match.start()]):
                continue
            phrase = " ".join(match[1].split()).rstrip(".,").lower()
            head = " ".join(output[: len(phrase) * 2 + 80].split()).lower()
            position = head.find(phrase)
            placeholder = "<" in phrase or "[" in phrase
            if not 0 <= position <= START_SLACK_CHARS and not placeholder:
                return Violation(
                    "Required phrase missing",
                    f"The prompt requires the output to begin with {match[1]!r}; it does not.",
                )
    return None


def repeated_request(task: str, output: str) -> Violation | None:
    """A required repetition of the request that is missing."""
    sentence = next(filter(_REPEAT.search, instructions(task)), None)
    if sentence is None:
        return None
    request = _letters(task[: task.find(sentence)])[:REPEATED_CHARS]
    if len(request) < MIN_REPEATED_CHARS or request in _letters(output[: 4 * len(task)]):
        return None
    return _missing("repetition of the request", "a repetition of the request first")


def frequency(task: str, output: str) -> Violation | None:
    """A word or letter that occurs more or less often than required."""
    for sentence in instructions(task):
        for match in _FREQUENCY.finditer(sentence):
            after = sentence[match.end() :]
            if not _TIMES.search(match[0]) and not after.startswith((" or more", " times")):
                continue
            required = quantity(match, default_bound="")
            counts = _occurrences(match["what"].lower(), match["term"], output)
            if required and not required.allows(counts):
                return Violation(
                    "Word or letter used too often or too rarely",
                    f"The prompt requires {' '.join(match[0].split())!r}; in the output the"
                    f" {match['what']} {match['term']!r} occurs {counts[-1]} times.",
                )
    return None


def choices(task: str, output: str) -> Violation | None:
    """None of the answers to choose from is in the output."""
    for sentence in instructions(task):
        if match := _CHOICES.search(sentence):
            letters = _letters(output)
            options = _EACH_QUOTED.findall(match[1])
            if options and not any(_letters(option) in letters for option in options):
                return _missing("answer choice", f"one of {', '.join(options)}")
    return None


def _missing(thing: str, requirement: str) -> Violation:
    summary = f"The prompt requires {requirement}; the output has none."
    return Violation(f"Required {thing} missing", summary)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _occurrences(what: str, term: str, output: str) -> range:
    """How often the term occurs in the output, from whole words only to parts of words too."""
    text, term = output.lower(), term.lower()
    everywhere = text.count(term)
    # Letters and hashtags have no word boundaries.
    if what == "letter" or not term[0].isalnum():
        return range(everywhere, everywhere + 1)
    whole_words = len(re.findall(rf"\b{re.escape(term)}\b", text))
    return range(whole_words, everywhere + 1)
