"""Rules on the number of words, sentences, paragraphs and other parts of an answer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from .instructions import QUANTITY, instructions, quantity
from .rule import Violation

# Bounds the work on outputs of megabytes; no length limit of a prompt is near it.
MAX_OUTPUT_CHARS: Final = 100_000
"""Length of an output beyond which it is not counted."""
_CONTEXT_CHARS: Final = 30
"""Characters after a number of words that decide whether it concerns only a part."""

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
_PUNCTUATION: Final = re.compile(
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
_LABEL_EACH: Final = re.compile(r"\bLabel each \w+ with ([A-Z][A-Za-z]{2,14}) X\b")

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
_CHARACTERS: Final = {"exclamation": "!", "question": "?", "hashtag": "#", "semicolon": ";"}


@dataclass(frozen=True, slots=True)
class _Rule:
    instruction: re.Pattern[str]
    things: str
    count: Callable[[str], range]
    title: str
    default_bound: str
    """What a number without a bound means; see `quantity`."""


def counts(task: str, output: str) -> Violation | None:
    """A wrong number of words, sentences, paragraphs, placeholders or highlights."""
    if len(output) > MAX_OUTPUT_CHARS:
        return None
    for sentence in instructions(task):
        for rule in _RULES:
            if violation := _wrong_count(rule, sentence, output):
                return violation
    return None


def punctuation(task: str, output: str) -> Violation | None:
    """A wrong number of exclamation marks, hashtags and the like, or of capitalised words."""
    for sentence in instructions(task):
        for match in _PUNCTUATION.finditer(sentence):
            character = _CHARACTERS[match[4].split()[0].lower()]
            required, count = quantity(match), output.count(character)
            if required and not required.allows(_exactly(count)):
                actual = f"{count} {character!r}"
                return _violation("Wrong number of punctuation marks", required.wording, actual)
        for match in _CAPITALS.finditer(sentence):
            required = quantity(match, default_bound="")
            count = sum(word.isupper() for word in _WORD.findall(output[:MAX_OUTPUT_CHARS]))
            if required and not required.allows(_exactly(count)):
                requirement = f"{required.wording} words in capital letters"
                return _violation("Wrong number of capitalised words", requirement, f"{count}")
    return None


def sections(task: str, output: str) -> Violation | None:
    """Fewer sections than required, if the prompt says how they are labelled."""
    label = _SECTION_NAME.search(task) or _LABEL_EACH.search(task)
    if label is None:
        return None
    for sentence in instructions(task):
        match = _SECTIONS.search(sentence)
        required = quantity(match, default_bound="least") if match else None
        if required is None or required.low is None:
            continue
        heading = rf"\b{label[1]}\b[ \t]*[*_]*[ \t]*(?:\d|[IVX]+\b)"
        count = len(re.findall(heading, output, re.IGNORECASE))
        if count < required.low:
            actual = f"{count} labelled {label[1]!r}"
            return _violation("Wrong number of sections", required.wording, actual)
        return None
    return None


def _wrong_count(rule: _Rule, sentence: str, output: str) -> Violation | None:
    for match in rule.instruction.finditer(sentence):
        if rule.things == "words" and _concerns_a_part(sentence, match):
            continue
        bound = rule.default_bound
        required = quantity(match, default_bound=bound) if match["number"] else None
        if required is None:
            continue
        count = rule.count(output)
        if not required.allows(count):
            actual = f"{_as_text(count)} {rule.things}"
            return _violation(rule.title, required.wording, actual)
    return None


def _concerns_a_part(sentence: str, match: re.Match[str]) -> bool:
    """Whether the number of words is that of a sentence or keyword, not of the whole answer."""
    after = sentence[match.end() : match.end() + _CONTEXT_CHARS]
    return bool(
        re.match(r"[ ](?:that|which|from|in (?:all )?capital|starting|begin|per|each)", after)
    )


def _violation(title: str, requirement: str, actual: str) -> Violation:
    return Violation(title, f"The prompt requires {requirement!r}; the output has {actual}.")


def _as_text(count: range) -> str:
    return f"{count[0]}" if len(count) == 1 else f"{count[0]} to {count[-1]}"


def _exactly(number: int) -> range:
    return range(number, number + 1)


def _range_of(*counts: int) -> range:
    """From the lowest to the highest of the counts, which differ by the way of counting."""
    return range(min(counts), max(counts) + 1)


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))


def _words(output: str) -> range:
    # Scorers differ: IFEval counts `\w+`, others split at white space, with or without dashes.
    pieces = output.split()
    return _range_of(
        sum(map(_has_letters, pieces)),
        len(pieces),
        len(_WORD.findall(output)),
    )


def _sentences(output: str) -> range:
    # Tokenizers differ in whether the full stop of an abbreviation ends a sentence.
    text = output.strip()
    without_abbreviations = _ABBREVIATED.sub("x", text)
    return _range_of(*_sentence_counts(text), *_sentence_counts(without_abbreviations))


def _sentence_counts(text: str) -> Iterator[int]:
    """Sentences by their ends, by their ends and line breaks, and the ends alone."""
    yield sum(map(_has_letters, _SENTENCE_END.split(text)))
    lines = filter(_has_letters, text.splitlines())
    parts = (part for line in lines for part in _SENTENCE_END.split(line))
    yield sum(map(_has_letters, parts))
    yield max(1, len(_SENTENCE_END.findall(text)))


def _paragraphs(output: str) -> range:
    # IFEval divides at `***`, others at blank lines or at line breaks, with or without headings.
    parts = [part for part in _DIVIDER.split(output.strip()) if part.strip()]
    blocks = [block for part in parts for block in _GAP.split(part) if block.strip()]
    lines = [line for part in parts for line in part.splitlines() if line.strip()]
    without_headings = sum(_HEADING.fullmatch(block.strip()) is None for block in blocks)
    return _range_of(len(parts), len(blocks), max(1, without_headings), len(lines))


def _occurrences(pattern: re.Pattern[str]) -> Callable[[str], range]:
    """A function that counts the matches of a pattern in an output."""
    return lambda output: _exactly(len(pattern.findall(output)))


_RULES: Final = (
    _Rule(_WORDS, "words", _words, "Length limit broken", ""),
    _Rule(_SENTENCES, "sentences", _sentences, "Wrong number of sentences", "exact"),
    _Rule(_PARAGRAPHS, "paragraphs", _paragraphs, "Wrong number of paragraphs", "exact"),
    _Rule(
        _PLACEHOLDERS,
        "placeholders",
        _occurrences(_PLACEHOLDER),
        "Wrong number of placeholders",
        "least",
    ),
    *(
        _Rule(
            instruction,
            "highlights",
            _occurrences(_HIGHLIGHT),
            "Wrong number of highlights",
            "least",
        )
        for instruction in (_HIGHLIGHTS, _HIGHLIGHTED)
    ),
)
