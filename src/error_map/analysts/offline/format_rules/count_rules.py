"""Rules on how many words, sentences, paragraphs, marks an answer has."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from .instructions import QUANTITY, orders, quantity
from .rule import Broken

MOST_CHARS: Final = 100_000
"""A longer output is not counted."""

_WORDS: Final = re.compile(rf"{QUANTITY}[ -]words?\b", re.IGNORECASE)
_SENTENCES: Final = re.compile(rf"{QUANTITY}[ -](?:\w+[ ])?sentences?\b", re.IGNORECASE)
_PARAGRAPHS: Final = re.compile(rf"{QUANTITY}[ -](?:\w+[ ])?paragraphs?\b", re.IGNORECASE)
_PLACEHOLDERS: Final = re.compile(rf"{QUANTITY}[ ](?:\w+[ ])?place[ -]?holders?\b", re.IGNORECASE)
_HIGHLIGHTS: Final = re.compile(
    rf"\bhighlight(?:ed)?\b[^.]{{0,30}}?{QUANTITY}"
    r"[ ](?:\w+[ ])?(?:sections?|parts?|phrases?|words?)",
    re.IGNORECASE,
)
_HIGHLIGHTED: Final = re.compile(rf"{QUANTITY}[ ]highlighted\b", re.IGNORECASE)
_SIGNS: Final = re.compile(
    rf"{QUANTITY}[ ](?:\w+[ ])?(exclamation (?:mark|point)|question mark|hashtag|semicolon)s?\b",
    re.IGNORECASE,
)
_CAPITALS: Final = re.compile(
    rf"\bwords (?:with|in) all (?:capital|caps)[^.]{{0,60}}?{QUANTITY}[ ]?(?:times)?", re.IGNORECASE
)
_SECTIONS: Final = re.compile(
    rf"{QUANTITY}[ -](?:\w+[ ])?(?:sections?|parts?|stanzas?|chapters?|paragraphs?)\b",
    re.IGNORECASE,
)
_SECTION_NAME: Final = re.compile(
    r"\b(?:mark(?:ed|ing)?|label(?:l?ed)?|noted|denot\w+|indicat\w+|start\w*|begin\w*)\b"
    r"[^.\n]{0,60}?"
    r"\b(?:with|as|by)\b[^.\n\w]{0,8}?([A-Z][A-Za-z]{2,14}) X\b"
)
_LABEL_ORDER: Final = re.compile(r"\bLabel each \w+ with ([A-Z][A-Za-z]{2,14}) X\b")

_WORD: Final = re.compile(r"\w+")
_SENTENCE_END: Final = re.compile(r"[.!?\u2026]+[\"'\u201d)*_\]]*(?=\s|$)")
_ABBREVIATED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|No|Jr|Sr|[A-Z]|P\.S|a\.m|p\.m|\d+)\.",
    re.IGNORECASE,
)
_DIVIDER: Final = re.compile(r"\s*(?:\*{3,}|-{3,}|_{3,})\s*")
_GAP: Final = re.compile(r"\n[ \t]*\n\s*")
_HEADING: Final = re.compile(r"#{1,6}[ ].*|\*\*[^*\n]+\*\*|<<.*>>|[^.!?\n]{1,80}", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]{1,80}\]|<[A-Za-z][^<>\n]{0,60}>|\{[^{}\n]{1,60}\}")
_HIGHLIGHT: Final = re.compile(r"\*{1,3}[^*\n]{1,400}\*{1,3}|_{1,2}[^_\n]{1,400}_{1,2}")
_SIGN: Final = {"exclamation": "!", "question": "?", "hashtag": "#", "semicolon": ";"}


@dataclass(frozen=True, slots=True)
class _Rule:
    asked: re.Pattern[str]
    things: str
    count: Callable[[str], range]
    title: str
    otherwise: str
    """What a number without bound means."""


def counts(task: str, output: str) -> Broken | None:
    """A number of words, sentences, paragraphs, placeholders or highlights that is not kept."""
    if len(output) > MOST_CHARS:
        return None
    for order in orders(task):
        for rule in _RULES:
            if broken := _miscounted(rule, order, output):
                return broken
    return None


def signs(task: str, output: str) -> Broken | None:
    """A number of exclamation marks, hashtags and the like that is not kept."""
    for order in orders(task):
        for found in _SIGNS.finditer(order):
            sign = _SIGN[found[4].split()[0].lower()]
            wanted, given = quantity(found), output.count(sign)
            if wanted and not wanted.allows(range(given, given + 1)):
                return _told("Wrong number of signs", wanted.told, f"{given} {sign!r}")
        for found in _CAPITALS.finditer(order):
            given = sum(word.isupper() for word in _WORD.findall(output[:MOST_CHARS]))
            wanted = quantity(found, otherwise="")
            if wanted and not wanted.allows(range(given, given + 1)):
                asked, told = f"{wanted.told} words in capital letters", f"{given}"
                return _told("Wrong number of capitalised words", asked, told)
    return None


def sections(task: str, output: str) -> Broken | None:
    """Fewer marked sections than asked for, where the prompt shows how they are marked."""
    name = _SECTION_NAME.search(task) or _LABEL_ORDER.search(task)
    if name is None:
        return None
    for order in orders(task):
        found = _SECTIONS.search(order)
        wanted = quantity(found, otherwise="least") if found else None
        if wanted is None or wanted.low is None:
            continue
        marks = re.findall(rf"\b{name[1]}\b[ \t]*[*_]*[ \t]*(?:\d|[IVX]+\b)", output, re.IGNORECASE)
        if len(marks) < wanted.low:
            told = f"{len(marks)} marked with {name[1]!r}"
            return _told("Wrong number of sections", wanted.told, told)
        return None
    return None


def _miscounted(rule: _Rule, order: str, output: str) -> Broken | None:
    for found in rule.asked.finditer(order):
        if rule.things == "words" and _of_a_part(order, found):
            continue
        wanted = quantity(found, otherwise=rule.otherwise) if found["number"] else None
        given = rule.count(output) if wanted else range(1)
        if wanted and not wanted.allows(given):
            return _told(rule.title, wanted.told, f"{_span(given)} {rule.things}")
    return None


def _of_a_part(order: str, found: re.Match[str]) -> bool:
    """Whether the words are those of a sentence, of a keyword, or a span in the task's subject."""
    behind = order[found.end() : found.end() + 30]
    return bool(
        re.match(r"[ ](?:that|which|from|in (?:all )?capital|starting|begin|per|each)", behind)
    )


def _told(title: str, wanted: str, given: str) -> Broken:
    return Broken(title, f"The prompt asks for {wanted!r}; the output has {given}.")


def _span(given: range) -> str:
    return f"{given[0]}" if len(given) == 1 else f"{given[0]} to {given[-1]}"


def _between(numbers: Iterator[int]) -> range:
    ways = sorted(numbers)
    return range(ways[0], ways[-1] + 1)


def _words(output: str) -> range:
    def ways() -> Iterator[int]:
        pieces = output.split()
        yield sum(any(map(str.isalnum, piece)) for piece in pieces)
        yield len(pieces)
        yield len(_WORD.findall(output))

    return _between(ways())


def _sentences(output: str) -> range:
    def ways() -> Iterator[int]:
        text = output.strip()
        plain = _ABBREVIATED.sub("x", text)
        for one in (text, plain):
            yield sum(any(map(str.isalnum, part)) for part in _SENTENCE_END.split(one))
            lines = [line for line in one.splitlines() if any(map(str.isalnum, line))]
            parts = [part for line in lines for part in _SENTENCE_END.split(line)]
            yield sum(any(map(str.isalnum, part)) for part in parts)
            yield max(1, len(_SENTENCE_END.findall(one)))

    return _between(ways())


def _paragraphs(output: str) -> range:
    def ways() -> Iterator[int]:
        text = output.strip()
        divided = [part for part in _DIVIDER.split(text) if part.strip()]
        yield len(divided)
        blocks = [one for part in divided for one in _GAP.split(part) if one.strip()]
        yield len(blocks)
        yield max(1, sum(_HEADING.fullmatch(block.strip()) is None for block in blocks))
        yield len([line for part in divided for line in part.splitlines() if line.strip()])

    return _between(ways())


def _at(number: int) -> range:
    return range(number, number + 1)


_RULES: Final = (
    _Rule(_WORDS, "words", _words, "Length limit broken", ""),
    _Rule(_SENTENCES, "sentences", _sentences, "Wrong number of sentences", "exact"),
    _Rule(_PARAGRAPHS, "paragraphs", _paragraphs, "Wrong number of paragraphs", "exact"),
    _Rule(
        _PLACEHOLDERS,
        "placeholders",
        lambda output: _at(len(_PLACEHOLDER.findall(output))),
        "Wrong number of placeholders",
        "least",
    ),
    *(
        _Rule(
            asked,
            "highlighted stretches",
            lambda output: _at(len(_HIGHLIGHT.findall(output))),
            "Wrong number of highlights",
            "least",
        )
        for asked in (_HIGHLIGHTS, _HIGHLIGHTED)
    ),
)
