"""Rules on keywords: lists of words that an answer must contain or avoid."""

import re
from typing import Final

from .instructions import instructions
from .phrase_rules import forbidden, required
from .rule import Violation

# Prompts name a handful of keywords; a longer match has run into the following sentence.
MAX_KEYWORDS: Final = 12

_ITEM: Final = r"(?:[\"\u201c'`][^\"\u201d`'\n]{2,40}[\"\u201d'`]|[\w-]{2,30})"
_LISTED: Final = re.compile(
    r"\bkey ?words?\b(?::|[ ](?:such as|like|are|of)\b)?[ ]{0,2}\[?"
    rf"(?P<items>{_ITEM}(?:(?:,[ ]?(?:and[ ]|or[ ])?|[ ](?:and|or)[ ]){_ITEM})*)\]?"
    r"(?=\s*(?:[.!;)\]]|$)|[ ](?:in|into|at|and|should|must|within|somewhere|anywhere)\b)",
    re.IGNORECASE,
)
_WORDS_LISTED: Final = re.compile(
    r"\bwords:?[ ](?P<items>[\"\u201c'`][^\"\u201d`'\n]{2,40}[\"\u201d'`]"
    rf"(?:(?:,[ ]?(?:and[ ]|or[ ])?|[ ](?:and|or)[ ]){_ITEM})*)",
    re.IGNORECASE,
)
_REQUIRES: Final = re.compile(
    r"\b(?:includ\w+|contain\w*|us(?:e|es|ing)|mention\w*|with|add\w*|incorporat\w+|have|has|feature"
    r"|insert|employ|write)\b",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(
    r"\b(?:not|never|avoid\w*|without|exclud\w+|refrain|omit\w*|no|forbidden|banned)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_FORBIDS_AFTER: Final = re.compile(
    r"\A[^.]{0,30}?\b(?:(?:must|should|can|may)(?:[ ]not|n['\u2019]t)|cannot|is forbidden"
    r"|are forbidden|not allowed)\b"
)
_FORBIDDEN_WORDS: Final = re.compile(
    r"\bthe (?:word|phrase|keyword)s?[ ](?P<items>(?:[\"\u201c'`][^\"\u201d`'\n]{2,40}[\"\u201d'`]"
    r"(?:,[ ]?(?:and[ ]|or[ ])?|[ ](?:and|or)[ ]|[ ]))+)(?:must|should|can|may)[ ]?"
    r"(?:not\b|n['\u2019]t)[ ](?:appear|be|occur)",
    re.IGNORECASE,
)
_EACH: Final = re.compile(_ITEM)
_CONJUNCTIONS: Final = frozenset({"and", "or"})


def keywords(task: str, output: str) -> Violation | None:
    """A required keyword that is missing, or a forbidden one that is used."""
    for sentence in instructions(task):
        lists = (*_LISTED.finditer(sentence), *_WORDS_LISTED.finditer(sentence))
        forbidden_words = (
            word for match in _FORBIDDEN_WORDS.finditer(sentence) for word in _items(match["items"])
        )
        violations = [_violation_of_list(match, output) for match in lists]
        violations += [forbidden(word, output) for word in forbidden_words]
        if violation := next(filter(None, violations), None):
            return violation
    return None


def _violation_of_list(match: re.Match[str], output: str) -> Violation | None:
    before, after = match.string[: match.start()], match.string[match.end() :]
    words = _items(match["items"])
    if len(words) > MAX_KEYWORDS:
        return None
    forbids = bool(_FORBIDS.search(before) or _FORBIDS_AFTER.search(after))
    if not forbids and not _REQUIRES.search(before):
        return None
    rule = forbidden if forbids else required
    return next((violation for word in words if (violation := rule(word, output))), None)


def _items(text: str) -> list[str]:
    words = [match[0].strip("\"'`\u201c\u201d") for match in _EACH.finditer(text)]
    return [word for word in words if word.lower() not in _CONJUNCTIONS]
