"""Rules on words and phrases that an answer must contain or avoid."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from .instructions import QUANTITY, SUBORDINATE, instructions
from .phrases import contains
from .rule import Violation

# Prompts name a handful of keywords; a longer match has run into the following sentence. The
# longest list of IFEval has twelve.
MAX_KEYWORDS: Final = 15

_QUOTED: Final = r"[\"\u201c\u201d'\u2018`][^\"\u201c\u201d`\n]{1,80}?[\"\u201d'\u2019`](?!\w)"
_ITEM: Final = rf"(?:{_QUOTED}|[\w-]{{2,30}})"
_SEPARATOR: Final = r"(?:,[ ]?(?:and[ ]|or[ ])?|[ ](?:and|or)[ ])"
_QUOTED_LIST: Final = rf"{_QUOTED}(?:{_SEPARATOR}(?:the[ ]word[ ])?{_QUOTED}){{0,14}}"
_ITEMS_END: Final = (
    r"(?=\s*(?:[.!;)\]]|$)|[ ](?:in|into|at|and|should|must|within|somewhere|anywhere|throughout"
    r"|cannot)\b)"
)
_NOUN: Final = (
    r"(?:(?:the|these|this|following|exact|negative|required|two|three|four|five|specific)[ ])*"
    r"(?:key ?words?|words?|phrases?|sentence|line|expression|terms?|name)"
)
_LISTED: Final = re.compile(
    rf"\b{_NOUN}(?::|[ ](?:such as|like|are|of)\b|[ ]\()?[ ]{{0,2}}[\[:]?[ ]?"
    rf"(?P<items>{_QUOTED_LIST})",
    re.IGNORECASE,
)
_BARE_LISTED: Final = re.compile(
    r"\b(?:key ?words|words(?= \w+,)|the words(?= \w+(?: and| or) )|items)\b:?[ ]{1,2}"
    r"(?:are |of )?"
    rf"(?P<items>{_ITEM}(?:{_SEPARATOR}{_ITEM}){{1,14}}){_ITEMS_END}",
    re.IGNORECASE,
)
_BARE_WORD: Final = re.compile(
    r"\bthe (?:key)?word[ ](?P<items>[\w-]{2,30})(?=[ ]?(?:[.!]|$)|[ ](?:in your|in the|in it"
    r"|throughout|should not|must not|cannot|does ?n[o'\u2019]t)\b)",
    re.IGNORECASE,
)
_AFTER_VERB: Final = re.compile(
    r"\b(?:say(?:ing)?|us(?:e|ing)|includ(?:e|ing)|mention(?:ing)?|contain(?:ing)?)[ ]"
    rf"(?P<items>{_QUOTED_LIST})",
    re.IGNORECASE,
)
_REQUIRES: Final = re.compile(
    r"\b(?:includ\w+|contain\w*|us(?:e|es|ing)|mention\w*|with|add\w*|incorporat\w+|have|has|feature"
    r"|insert|employ|say)\b",
    re.IGNORECASE,
)
_FORBIDS: Final = re.compile(
    r"\b(?:not|never|avoid\w*|without|exclud\w+|refrain|omit\w*|no|forbidden|banned|cannot|nor)\b"
    r"(?! (?:longer|more|fewer|less|later|matter|only|just)\b)|n['\u2019]t\b",
    re.IGNORECASE,
)
# "Don't forget to include" asks for what follows.
_DOUBLE_NEGATIVE: Final = re.compile(
    r"(?:\b(?:not|never)|n['\u2019]t)[ ](?:(?:you|ever)[ ])?"
    r"(?:forget|fail|neglect|omit|hesitate|miss|exclude|leave out|only|avoid)\b"
    r"|\bwithout (?:forgetting|omitting|leaving out)\b",
    re.IGNORECASE,
)
_FORBIDS_AFTER: Final = re.compile(
    r"\A(?:(?!\band\b)[^.,;]){0,30}?\b"
    r"(?:(?:must|should|can|may|does|do)(?:[ ]not|n['\u2019]t)|cannot|not allowed"
    r"|(?:is|are) (?:forbidden|banned))\b",
    re.IGNORECASE,
)
_REQUIRES_AFTER: Final = re.compile(
    r"\A(?:(?!\band\b)[^.,;]){0,30}?\b(?:must|should|has to|have to|needs? to)[ ]"
    r"(?:appear|be (?:used|included|mentioned|present|in)|occur|show up)\b"
    r"(?![^.]{0,30}\b(?:less|fewer|at most|times)\b)",
    re.IGNORECASE,
)
_NEXT_VERB: Final = (
    r"(?:do|does|don['\u2019]t|doesn['\u2019]t|please|make|includ\w+|us(?:e|es|ing)|avoid\w*"
    r"|mention\w*|add|never|also)"
)
_CLAUSE: Final = re.compile(
    rf"[.;]|,(?=[ ](?:and|but|or|then)?[ ]?{_NEXT_VERB}\b)|\bbut\b"
    rf"|\band\b(?=[ ](?:{_NEXT_VERB}|must|should|not|contain\w*|with|has|have|to)\b)",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    rf"\A[ ,]{{0,2}}(?:[\w']+[ ,]){{0,6}}?{QUANTITY}[ ]times?\b|\A[^.]{{0,30}}"
    r"\b(?:once|twice|thrice|times)\b",
    re.IGNORECASE,
)
_OF_PARTS: Final = re.compile(
    r"\b(?:each|every|title|heading|paragraph|sentence|line|section|comment|column|file|either)\b"
    r"|\b(?:start|begin|end|finish|conclude)\w*\b[^,.]{0,30}\Z|\b(?:one of|any of|instead of"
    r"|replace|like|similar to|such as|synonym|mean|means|meaning|rhym\w+|about|descri\w+"
    r"|for|of|letter|after|before|(?<!the )following)[ ](?:the[ ])?\Z",
    re.IGNORECASE,
)
_IN_PART: Final = re.compile(
    r"\A[^.,;]{0,10}\b(?:in|within|as|at)[ ](?:the|your|its|any|a)[ ](?:title|first|last|second"
    r"|third|opening|closing|introduction|intro|conclusion|heading|headline|subject|beginning|start|end)\b",
    re.IGNORECASE,
)
_DESCRIBES: Final = re.compile(
    r"\b(?:which|who|does|did|does not|did not|that|was|were|is|are)[ ](?:\w+[ ])?\Z", re.IGNORECASE
)
_EACH: Final = re.compile(rf"{_QUOTED}|[\w-]{{2,30}}")
_QUOTES: Final = "\"'`\u2018\u2019\u201c\u201d"
_CONJUNCTIONS: Final = frozenset({"and", "or", "the", "word"})
_ENDING_MARKS: Final = ".,;:!?"


@dataclass(frozen=True, slots=True)
class _Keywords:
    words: tuple[str, ...]
    forbidden: bool
    any_of: bool = False
    """One of the words is enough."""


def keywords(task: str, output: str) -> Iterator[Violation]:
    """A required keyword that is missing, or a forbidden one that is used."""
    for rule in _keyword_rules(task):
        if rule.forbidden:
            yield from filter(None, (_used(word, output) for word in rule.words))
        else:
            lacking = [word for word in rule.words if not contains(word, output)]
            if lacking and (not rule.any_of or len(lacking) == len(rule.words)):
                required = ("one of " if rule.any_of else "") + _listing(rule.words)
                yield Violation(
                    "keyword",
                    f"The prompt asks for {required}; the answer lacks {_listing(lacking)}.",
                )


@lru_cache(maxsize=64)
def _keyword_rules(task: str) -> tuple[_Keywords, ...]:
    return tuple(
        rule
        for sentence in instructions(task)
        for match in _lists(sentence)
        if (rule := _rule(sentence, match))
    )


def _lists(sentence: str) -> Iterator[re.Match[str]]:
    """The lists of keywords in a sentence, none inside another."""
    end = 0
    patterns = (_LISTED, _BARE_LISTED, _BARE_WORD, _AFTER_VERB)
    found = [match for pattern in patterns for match in pattern.finditer(sentence)]
    for match in sorted(found, key=lambda match: (match.start("items"), -match.end("items"))):
        if match.start("items") >= end:
            end = match.end("items")
            yield match


def _rule(sentence: str, match: re.Match[str]) -> _Keywords | None:
    before = _CLAUSE.split(sentence[: match.start()])[-1]
    if match.re is _AFTER_VERB:
        before += match[0].split()[0]
    after = sentence[match.end() :]
    plain = _DOUBLE_NEGATIVE.sub("", before)
    forbids = bool(_FORBIDS.search(plain) or _FORBIDS_AFTER.match(after))
    words = _items(match)
    if len(words) > MAX_KEYWORDS or _OF_PARTS.search(before) or _COUNTED.match(after):
        return None
    if SUBORDINATE.search(sentence[: match.start()]):
        return None
    if forbids:
        elsewhere = _is_relative(plain) or _IN_PART.match(after)
        return None if elsewhere else _Keywords(words, forbidden=True)
    # A quotation after a verb alone may be anything, as in 'use "quotes"'.
    if match.re is _AFTER_VERB or _DESCRIBES.search(before):
        return None
    required = _REQUIRES.search(before) or _REQUIRES_AFTER.match(after)
    any_of = " or " in match["items"].lower()
    return _Keywords(words, forbidden=False, any_of=any_of) if required else None


def _is_relative(before: str) -> bool:
    """Whether the negation describes a thing of the task: "a list that does not contain"."""
    return re.search(r"\b(?:which|who|was|were|did)\b", before) is not None


def _items(match: re.Match[str]) -> tuple[str, ...]:
    words = [
        item[0].strip(_QUOTES).strip().rstrip(_ENDING_MARKS)
        for item in _EACH.finditer(match["items"])
    ]
    # Several words may share one pair of quotation marks: keywords "raft, river".
    if len(words) == 1 and ", " in words[0] and re.search(r"words\b", match[0], re.IGNORECASE):
        words = words[0].split(", ")
    return tuple(word for word in words if word and word.lower() not in _CONJUNCTIONS)


def _used(word: str, output: str) -> Violation | None:
    """A violation if the word is in the output."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", output, re.IGNORECASE)
    if found is None:
        return None
    return Violation(
        "forbidden_word",
        f"The prompt forbids {word!r}; the answer contains it.",
        spans=(found.span(),),
    )


def _listing(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(map(repr, words))
