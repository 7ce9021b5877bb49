"""Rules on marks of an answer: a title, a postscript, separators, a first phrase, the request."""

import re
from typing import Final

from .instructions import QUANTITY, orders, quantity
from .rule import QUOTED, Broken

NEAR_START_CHARS: Final = 10
REPEATED_CHARS: Final = 60
"""Of the request that is to be repeated, so much is looked for."""

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
_TIMES: Final = re.compile(r"\b(?:times|once|twice)\b", re.IGNORECASE)


def marks(task: str, output: str) -> Broken | None:
    """A title, a postscript or a separator that is asked for and missing."""
    for order in orders(task):
        if _TITLE.search(order) and "title" in order.lower() and not _HAS_TITLE.search(output):
            return _missing("title", "a title in double angular brackets")
        if found := _POSTSCRIPT.search(order):
            letters = re.sub(r"[^A-Z]", "", found[1].upper())
            if not re.search(r"\.?\s*".join(letters), output, re.IGNORECASE):
                return _missing("postscript", f"a postscript with {found[1]!r}")
        if (found := _SEPARATED.search(order)) and found[1] not in output:
            return _missing("separator", f"parts separated by {found[1]!r}")
    return None


def start_phrase(task: str, output: str) -> Broken | None:
    """The phrase that the output must begin with, where it does not."""
    for order in orders(task):
        for found in _START.finditer(order):
            if re.search(
                r"\b(?:each|every|section|paragraph|title|words?)\b",
                order[: found.start()],
                re.IGNORECASE,
            ):
                continue
            phrase = " ".join(found[1].split()).rstrip(".,").lower()
            head = " ".join(output[: len(phrase) * 2 + 80].split()).lower()
            place = head.find(phrase)
            if not 0 <= place <= NEAR_START_CHARS and "<" not in phrase and "[" not in phrase:
                told = f"The prompt asks to begin with {found[1]!r}; the output does not."
                return Broken("Required phrase missing", told)
    return None


def repeated_request(task: str, output: str) -> Broken | None:
    """The request at the beginning of the output, where it is to be repeated and is not."""
    order = next((order for order in orders(task) if _REPEAT.search(order)), None)
    if order is None:
        return None
    request = _letters(task[: task.find(order)])[:REPEATED_CHARS]
    if len(request) < REPEATED_CHARS // 3 or request in _letters(output[: 4 * len(task)]):
        return None
    return _missing("repetition of the request", "the request to be repeated first")


def frequency(task: str, output: str) -> Broken | None:
    """A word or letter that stands in the output more or less often than asked for."""
    for order in orders(task):
        for found in _FREQUENCY.finditer(order):
            if not _TIMES.search(found[0]) and not order[found.end() :].startswith(
                (" or more", " times")
            ):
                continue
            wanted = quantity(found, otherwise="")
            given = _occurrences(found["what"].lower(), found["term"], output)
            if wanted and not wanted.allows(given):
                return Broken(
                    "Word or letter used too often or too rarely",
                    f"The prompt says {' '.join(found[0].split())!r}; in the output the"
                    f" {found['what']} {found['term']!r} stands {given[-1]} times.",
                )
    return None


def choices(task: str, output: str) -> Broken | None:
    """One of several given answers, where the output has none of them."""
    for order in orders(task):
        if found := _CHOICES.search(order):
            given = _letters(output)
            options = _EACH_QUOTED.findall(found[1])
            if options and not any(_letters(option) in given for option in options):
                return _missing("answer out of those given", f"one of {', '.join(options)}")
    return None


def _missing(thing: str, told: str) -> Broken:
    return Broken(f"Required {thing} missing", f"The prompt asks for {told}; the output has none.")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _occurrences(what: str, term: str, output: str) -> range:
    """How often the term stands in the output, as a word alone and as a part of words."""
    text, term = output.lower(), term.lower()
    everywhere = text.count(term)
    if what == "letter" or not term[0].isalnum():
        return range(everywhere, everywhere + 1)
    alone = len(re.findall(rf"\b{re.escape(term)}\b", text))
    return range(alone, everywhere + 1)
