"""Rules on keywords: lists of words that an answer must have, or do without."""

import re
from typing import Final

from .instructions import orders
from .phrase_rules import forbidden, required
from .rule import Broken

MOST_WORDS: Final = 12
"""A longer list is a sentence that goes on."""

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
_ASKS: Final = re.compile(
    r"\b(?:includ\w+|contain\w*|us(?:e|es|ing)|mention\w*|with|add\w*|incorporat\w+|have|has|feature"
    r"|insert|employ|write)\b",
    re.IGNORECASE,
)
_BANS: Final = re.compile(
    r"\b(?:not|never|avoid\w*|without|exclud\w+|refrain|omit\w*|no|forbidden|banned)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_BANNED_BEHIND: Final = re.compile(
    r"\A[^.]{0,30}?\b(?:(?:must|should|can|may)(?:[ ]not|n['\u2019]t)|cannot|is forbidden"
    r"|are forbidden|not allowed)\b"
)
_WORD_BANNED: Final = re.compile(
    r"\bthe (?:word|phrase|keyword)s?[ ](?P<items>(?:[\"\u201c'`][^\"\u201d`'\n]{2,40}[\"\u201d'`]"
    r"(?:,[ ]?(?:and[ ]|or[ ])?|[ ](?:and|or)[ ]|[ ]))+)(?:must|should|can|may)[ ]?"
    r"(?:not\b|n['\u2019]t)[ ](?:appear|be|occur)",
    re.IGNORECASE,
)
_EACH: Final = re.compile(_ITEM)
_JOINS: Final = frozenset({"and", "or"})


def keywords(task: str, output: str) -> Broken | None:
    """A keyword that is asked for and missing, or forbidden and there."""
    for order in orders(task):
        lists = (*_LISTED.finditer(order), *_WORDS_LISTED.finditer(order))
        banned = (word for found in _WORD_BANNED.finditer(order) for word in _items(found["items"]))
        checks = [_broken(found, output) for found in lists]
        checks += [forbidden(word, output) for word in banned]
        if broken := next(filter(None, checks), None):
            return broken
    return None


def _broken(found: re.Match[str], output: str) -> Broken | None:
    before, behind = found.string[: found.start()], found.string[found.end() :]
    words = _items(found["items"])
    if len(words) > MOST_WORDS:
        return None
    banned = bool(_BANS.search(before) or _BANNED_BEHIND.search(behind))
    if not banned and not _ASKS.search(before):
        return None
    rule = forbidden if banned else required
    return next((broken for word in words if (broken := rule(word, output))), None)


def _items(text: str) -> list[str]:
    words = [found[0].strip("\"'`\u201c\u201d") for found in _EACH.finditer(text)]
    return [word for word in words if word.lower() not in _JOINS]
