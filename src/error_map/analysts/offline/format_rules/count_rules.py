"""Rules on the number of words, sentences, paragraphs and other parts of an answer."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from .instructions import QUANTITY, Quantity, plain_instructions, quantity
from .rule import FormatKind, Violation

# Bounds the work on outputs of megabytes; no length limit of a prompt is near it.
MAX_OUTPUT_CHARS: Final = 100_000
"""Length of an output beyond which it is not counted."""

_WORDS: Final = re.compile(
    rf"{QUANTITY}[ -]words?\b(?![ ](?:or phrases[ ])?(?:that|which|from|(?:be |are )?in (?:all )?"
    r"(?:capital|caps|upper|lower)|with (?:all )?(?:capital|caps)|starting|beginning|ending"
    r"|begin|end|containing|of the|long each|for each|or phrases|per)\b)"
    # "Seven-letter words" and "made-up words" are things in the answer, not its length.
    r"(?!-)",
    re.IGNORECASE,
)
_NUMBER_OF_WORDS: Final = re.compile(
    r"\b(?:total )?(?:number of|many) words\b(?! (?:with|in|that|you))[^.;]{0,40}?"
    rf"\b(?:be|is|to|of)[ ](?:in the range of[ ])?{QUANTITY}",
    re.IGNORECASE,
)
_SENTENCES: Final = re.compile(
    rf"{QUANTITY}[ -](?:(?:short|long|full|complete|concise|simple|clear|total)[ ])?sentences?\b"
    r"(?![ ](?:that|which|starting|beginning|ending|variations?|type|from|structure)\b)",
    re.IGNORECASE,
)
_NUMBER_OF_SENTENCES: Final = re.compile(
    rf"\bnumber of sentences\b[^.;]{{0,40}}?\b(?:be|is|of)[ ](?:in the range of[ ])?{QUANTITY}",
    re.IGNORECASE,
)
_PARAGRAPHS: Final = re.compile(
    rf"{QUANTITY}[ -](?:(?:short|long|full|distinct|separate|different)[ ])?paragraphs?\b"
    r"(?![ ](?:that|which|starting|from)\b)",
    re.IGNORECASE,
)
_PLACEHOLDERS: Final = re.compile(rf"{QUANTITY}[ ](?:\w+[ ])?place[ -]?holders?\b", re.IGNORECASE)
_HIGHLIGHTS: Final = re.compile(
    rf"\b(?:highlight|italici[sz]e|bold)(?:ed)?\b[^.]{{0,30}}?{QUANTITY}"
    r"[ ](?:\w+[ ]){0,2}?(?:sections?|parts?|phrases?|words?)",
    re.IGNORECASE,
)
_HIGHLIGHTED: Final = re.compile(
    rf"{QUANTITY}[ ](?:(?:text[ ])?(?:sections?|parts?|phrases?)[ ](?:should be[ ])?)?"
    r"(?:highlighted|italic)\b",
    re.IGNORECASE,
)
_PUNCTUATION: Final = re.compile(
    rf"{QUANTITY}[ ](?:\w+[ ])?"
    r"(?P<mark>exclamation (?:mark|point)|question mark|hashtag|semicolon)s?\b",
    re.IGNORECASE,
)
_IN_CAPITALS: Final = r"(?:all[ -]caps\b|(?:all )?capital letters|all capitals|uppercase letters)"
_CAPITALS: Final = (
    re.compile(
        rf"\bwords? (?:with|in|written in) {_IN_CAPITALS}[^.]{{0,60}}?{QUANTITY}", re.IGNORECASE
    ),
    re.compile(
        rf"{QUANTITY}[ ]words?(?: or phrases?)?(?: in \w+ \w+)? (?:should |must )?"
        rf"(?:be |are |is )?(?:with|in|written in) {_IN_CAPITALS}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:all-caps|capitali[sz]ed) words\b[^.]{{0,40}}?{QUANTITY}[ ]times", re.IGNORECASE
    ),
)

_WORD: Final = re.compile(r"\w+")
_WHOLE_WORD: Final = re.compile(r"\w[\w'\u2019&.-]*")
# With the danda of Hindi and the full stops of Chinese and Japanese.
_SENTENCE_END: Final = re.compile(
    r"[.!?\u2026\u0964]+[\"'\u201d)*_\]]*(?=\s|$)|[\u3002\uff01\uff1f]+"
)
_ABBREVIATED: Final = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|e\.g|i\.e|No|Jr|Sr|[A-Z]|P\.S|a\.m|p\.m|\d+)\.",
    re.IGNORECASE,
)
# "Answer in ten words, then explain in five sentences": two parts, each with a length of its own.
_IN_TURN: Final = re.compile(r"\bthen\b", re.IGNORECASE)
# Thai, Lao, Burmese, Khmer, kana and Han: words are not divided, nor are most sentences in Thai.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{4}"
)
_NEEDS_SPACES: Final = frozenset({"words", "sentences"})
_DIVIDER: Final = re.compile(r"\s*(?:\*{3,}|-{3,}|_{3,})\s*")
_STARS: Final = re.compile(r"\*{3}|three asterisk|3 asteri\w+", re.IGNORECASE)
_STAR_DIVIDER: Final = re.compile(r"\*{3,}")
_GAP: Final = re.compile(r"\n[ \t]*\n\s*")
_HEADING: Final = re.compile(r"#{1,6}[ ].*|\*\*[^*\n]+\*\*|<<.*>>|[^.!?\n]{1,80}", re.DOTALL)
_PLACEHOLDER: Final = re.compile(r"\[[^\[\]\n]{1,200}\]|<[A-Za-z][^<>\n]{0,60}>|\{[^{}\n]{1,60}\}")
_SQUARE: Final = re.compile(r"\[[^\]\n]{0,200}\]")
_HIGHLIGHT: Final = re.compile(r"\*{1,3}[^*\n]{1,400}\*{1,3}|_{1,2}[^_\n]{1,400}_{1,2}")
_CHARACTERS: Final = {"exclamation": "!", "question": "?", "hashtag": "#", "semicolon": ";"}


@dataclass(frozen=True, slots=True)
class _Counted:
    """Things whose number a prompt may prescribe."""

    kind: FormatKind
    instructions: tuple[re.Pattern[str], ...]
    thing: str
    count: Callable[[str], range]
    default_bound: str
    """What a number without a bound means; see `quantity`."""


def counts(task: str, output: str) -> Iterator[Violation]:
    """A wrong number of words, sentences, placeholders, highlights or words in capitals."""
    if len(output) > MAX_OUTPUT_CHARS:
        return
    for counted in _COUNTED:
        # Rules that exclude each other are a slip of the prompt, or about different parts.
        rules = _compatible(_rules(counted, task))
        if not rules or (counted.kind in _NEEDS_SPACES and _UNSPACED.search(output)):
            continue
        count = counted.count(output)
        broken = next((rule for rule in rules if not rule.allows(count)), None)
        if broken:
            yield _violation(counted.kind, broken, _as_text(count, counted.thing))


def paragraphs(task: str, output: str) -> Iterator[Violation]:
    """A wrong number of paragraphs, divided as the prompt says or else in any usual way."""
    rules = [
        rule
        for sentence in plain_instructions(task)
        for match in _PARAGRAPHS.finditer(sentence)
        if (rule := quantity(match))
    ]
    rules = _compatible(rules)
    if not rules or len(output) > MAX_OUTPUT_CHARS:
        return
    count = _paragraphs_by_stars(output) if _STARS.search(task) else _paragraphs(output)
    for rule in rules:
        if not rule.allows(count):
            how = " divided by ***" if _STARS.search(task) else ""
            yield _violation("paragraphs", rule, _as_text(count, "paragraph") + how)
            return


def punctuation(task: str, output: str) -> Iterator[Violation]:
    """A wrong number of exclamation marks, hashtags and the like."""
    for sentence in plain_instructions(task):
        for match in _PUNCTUATION.finditer(sentence):
            character = _CHARACTERS[match["mark"].split()[0].lower()]
            required, count = quantity(match), output.count(character)
            if required and not required.allows(_exactly(count)):
                yield _violation("punctuation", required, f"{count} {character!r}")
                return


def _rules(counted: _Counted, task: str) -> list[Quantity]:
    """The quantities that the task prescribes; none if they are those of parts in turn."""
    matches = [
        match
        for sentence in plain_instructions(task)
        for instruction in counted.instructions
        for match in instruction.finditer(sentence)
    ]
    if any(_IN_TURN.search(match.string, 0, match.start()) for match in matches):
        return []
    found = (quantity(match, default_bound=counted.default_bound) for match in matches)
    return list(filter(None, found))


def _compatible(rules: list[Quantity]) -> list[Quantity]:
    """The rules, unless they contradict one another."""
    lowest = max((rule.low for rule in rules if rule.low is not None), default=None)
    highest = min((rule.high for rule in rules if rule.high is not None), default=None)
    contradict = lowest is not None and highest is not None and lowest > highest
    return [] if contradict else rules


def _violation(kind: FormatKind, rule: Quantity, actual: str) -> Violation:
    return Violation(kind, f"The prompt asks for {rule.wording}; the answer has {actual}.")


def _as_text(count: range, thing: str) -> str:
    """A number of things, as "1 word in capitals" or "3 to 4 words in capitals"."""
    noun, space, rest = thing.partition(" ")
    number = f"{count[0]}" if len(count) == 1 else f"{count[0]} to {count[-1]}"
    return f"{number} {noun if count[-1] == 1 else noun + 's'}{space}{rest}"


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


def _paragraphs_by_stars(output: str) -> range:
    parts = [part for part in _STAR_DIVIDER.split(output) if part.strip()]
    return _exactly(len(parts))


def _capital_words(output: str) -> range:
    # Whether "I", "A", "2D" and the parts of "TOP-UP" are words in capitals differs by scorer.
    words = [word.rstrip(".-'&") for word in _WHOLE_WORD.findall(output)]
    long = sum(word.isupper() and len(word) > 1 and word.isalpha() for word in words)
    return _range_of(
        long,
        sum(map(str.isupper, words)),
        sum(map(str.isupper, _WORD.findall(output))),
    )


def _placeholders(output: str) -> range:
    return _range_of(len(_SQUARE.findall(output)), len(_PLACEHOLDER.findall(output)))


def _highlights(output: str) -> range:
    return _exactly(len(_HIGHLIGHT.findall(output)))


_COUNTED: Final = (
    _Counted("words", (_WORDS, _NUMBER_OF_WORDS), "word", _words, ""),
    _Counted("sentences", (_SENTENCES, _NUMBER_OF_SENTENCES), "sentence", _sentences, "exact"),
    _Counted("placeholders", (_PLACEHOLDERS,), "placeholder", _placeholders, "least"),
    _Counted(
        "highlights", (_HIGHLIGHTS, _HIGHLIGHTED), "part in bold or italics", _highlights, "least"
    ),
    _Counted("capital_words", _CAPITALS, "word in capital letters", _capital_words, ""),
)
