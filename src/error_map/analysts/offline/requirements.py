"""Rules that a prompt states about the form of the answer, and whether an output keeps them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

MARGIN: Final = 0.05
"""A length limit counts as broken beyond this share: ways of counting words differ."""
WRONG_CASE_LETTERS: Final = 3
"""Letters in the wrong case from which on the casing is broken."""
LEAST_PHRASE_LETTERS: Final = 3
"""Fixed letters that a required phrase must have to be looked for."""
NEAR_END_CHARS: Final = 40
ONE_WORD_MOST: Final = 3
PROMPT_CHARS: Final = 20_000
"""Rules are looked for in the first and the last half of this, where instructions stand."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A stated rule that the output does not keep."""

    title: str
    summary: str


Rule: TypeAlias = Callable[[str, str], Broken | None]

_ANSWER: Final = (
    r"(?:your|the|this|each)[ ](?:(?:entire|whole|final|full|complete|last)[ ])?"
    r"(?:response|answer|reply|output|solution|message|explanation|essay|email|letter|summary|story"
    r"|text|description|poem|article|paragraph)"
)
_START: Final = r"(?:^|(?<=[.!?:;\n])[ ]*|\b(?:please|always)[ ])"
_QUOTED: Final = r"[\"“'`]([^\"”`\n]{2,80}?)[.]?[\"”'`](?!\w)"
_END_WITH: Final = re.compile(
    rf"(?:\b(?:end|finish|conclude)[ ]{_ANSWER}|{_ANSWER}[ ](?:must|should|has to)[ ]"
    rf"(?:end|finish|conclude)|{_START}(?:end|finish|conclude))[ ](?:with|by)[^.\n\"“'`]{{0,60}}"
    + _QUOTED,
    re.IGNORECASE | re.MULTILINE,
)
_LAST_LINE: Final = re.compile(
    r"\b(?:last|final)[ ]line\b[^\n\"“'`]{0,100}" + _QUOTED,
    re.IGNORECASE,
)
_INCLUDE: Final = re.compile(
    r"\b(?:include|contain|mention|use)[ ]the[ ](?:exact[ ])?(?:phrase|sentence|keyword|word)s?"
    r"[ :]{1,3}((?:[\"“'`][^\"”`\n]{2,80}[\"”'`](?:,|[ ]and|[ ])*)+)",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    r"(?:\bnot|n't|\bnever|\bavoid|\bwithout|\bwhich|\bthat|\bdoes)\b", re.IGNORECASE
)
_EACH_QUOTED: Final = re.compile(r"[\"“'`]([^\"”`\n]{2,80}?)[\"”'`](?!\w)")
_PLACEHOLDER: Final = re.compile(
    r"<[^<>\n]{1,40}>|\[[^\[\]\n]{1,40}\]|\{[^{}\n]{0,40}\}|\$[A-Z]+|_{2,}|\.{3}|…"
    r"|\(?\b(?:[XN]|YOUR ANSWER|your answer|LETTER|NUMBER|ANSWER)\b\)?|\([A-Za-z ]+\)"
)
_BULLETS: Final = re.compile(
    rf"(?:\b{_ANSWER}[ ](?:must|should|has to|needs to)[ ][^.\n]{{0,20}}?"
    rf"|{_START}(?:write|give|use|provide|list|answer|respond|reply|summari[sz]e)\b[^.\n]{{0,60}}?)"
    r"\b(?:exactly|precisely|contain|have|include|in|with)[ ](?:only[ ])?"
    r"(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)[ ]"
    r"(?:\w+[ ])?(?:bullet[ ]points?|bullets)",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^[ \t]*(?:[-*•+]|\d{1,2}[.)])[ \t]+\S", re.MULTILINE)
_TOP_BULLET: Final = re.compile(r"^(?:[-*•+]|\d{1,2}[.)])[ \t]+\S", re.MULTILINE)
_UPPER: Final = re.compile(
    rf"(?:{_ANSWER}[^.\n]{{0,40}}|{_START}(?:answer|respond|reply|write)[^.\n]{{0,20}})"
    r"\b(?:in|using|use)[ ](?:only[ ]|all[ ])?(?:capital letters|caps\b|uppercase|upper case)"
    r"(?![ ]letters?[ ](?:of|for|from))",
    re.IGNORECASE | re.MULTILINE,
)
_LOWER: Final = re.compile(
    rf"(?:{_ANSWER}[^.\n]{{0,40}}|{_START}(?:answer|respond|reply|write)[^.\n]{{0,20}})"
    r"\b(?:in|using|use)[ ](?:only[ ]|all[ ])?(?:lowercase|lower case|small letters)",
    re.IGNORECASE | re.MULTILINE,
)
_LIMIT: Final = re.compile(
    rf"(?:\b{_ANSWER}\b|{_START}(?:answer|respond|reply|write|limit|keep|use|summari[sz]e|explain"
    r"|describe))\b[^.?!\n]{0,80}?\b(less than|fewer than|under|below|at most|no more than"
    r"|maximum of|up to|within|exceed|at least|more than|over|minimum of)"
    r"[ ](\d[\d,]{0,6})[ ]words?\b"
    r"(?=[^.?\n]*(?:[.!\n]|\Z))",
    re.IGNORECASE | re.MULTILINE,
)
_ONE_WORD: Final = re.compile(
    rf"{_START}(?:answer|respond|reply)[ ](?:only[ ]|just[ ])?(?:with|in|using)[ ]"
    r"(?:only[ ]|just[ ]|exactly[ ])?(?:one|a single)[ ](?:word|number|letter)\b",
    re.IGNORECASE | re.MULTILINE,
)
_NO_COMMAS: Final = re.compile(
    r"\b(?:do not|don't|without|avoid|refrain from)[ ](?:the[ ])?(?:use|using)?(?:[ ]of)?[ ]?"
    r"(?:any[ ])?commas\b",
    re.IGNORECASE,
)
_IN_QUOTES: Final = re.compile(
    rf"\b(?:wrap|put|enclose|surround)[ ]{_ANSWER}[ ](?:with|in|within|inside)[ ](?:double[ ])?"
    r"quot(?:ation mark|e)s?",
    re.IGNORECASE,
)
_NUMBER_WORDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=2
        )
    }
)
_AT_LEAST: Final = frozenset({"at least", "more than", "over", "minimum of"})


def broken_rule(prompt: str, output: str) -> Broken | None:
    """The first explicit rule of form in the prompt that the output breaks; None where none is.

    Rules are read only where they are addressed to the answer ("your response must …", "End with
    …"), never out of the task's own material. JSON is not among them: see `json_form`.
    """
    half = PROMPT_CHARS // 2
    rules = prompt if len(prompt) <= PROMPT_CHARS else f"{prompt[:half]}\n{prompt[-half:]}"
    lowered = rules.lower()
    for hints, rule in _RULES:
        if any(hint in lowered for hint in hints):
            broken = rule(rules, output)
            if broken is not None:
                return broken
    return None


def asks_for_answer_line(phrase: str) -> bool:
    """Whether a required phrase has a blank in it, for the answer to stand in."""
    return _PLACEHOLDER.search(phrase) is not None


def _end_phrase(prompt: str, output: str) -> Broken | None:
    for found in (*_END_WITH.finditer(prompt), *_LAST_LINE.finditer(prompt)):
        phrase = found[1]
        tail = output if asks_for_answer_line(phrase) else output[-len(phrase) - NEAR_END_CHARS :]
        if not _stands_in(phrase, tail):
            return Broken(
                "Required phrase missing",
                f"The prompt asks to end with {phrase!r}; the output does not.",
            )
    return None


def _included_phrase(prompt: str, output: str) -> Broken | None:
    for found in _INCLUDE.finditer(prompt):
        if _NEGATED.search(prompt, max(0, found.start() - 20), found.start()):
            continue
        for phrase in _EACH_QUOTED.findall(found[1]):
            if not _stands_in(phrase, output):
                return Broken(
                    "Required phrase missing",
                    f"The prompt asks for {phrase!r}; the output does not have it.",
                )
    return None


def _stands_in(phrase: str, text: str) -> bool:
    """Whether the phrase stands in the text, with anything in its blanks; True if it has none."""
    pieces = [" ".join(piece.split()) for piece in _PLACEHOLDER.split(phrase)]
    fixed = [piece.strip(" .:*").lower() for piece in pieces]
    fixed = [piece for piece in fixed if piece]
    if sum(map(str.isalpha, "".join(fixed))) < LEAST_PHRASE_LETTERS:
        return True
    flat, place = " ".join(text.replace("*", "").split()).lower(), 0
    for piece in fixed:
        place = flat.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return True


def _bullets(prompt: str, output: str) -> Broken | None:
    found = _BULLETS.search(prompt)
    if found is None:
        return None
    wanted = _NUMBER_WORDS.get(found[1].lower()) or int(found[1])
    counts = {len(_BULLET.findall(output)), len(_TOP_BULLET.findall(output))}
    if wanted in counts:
        return None
    return Broken(
        "Wrong number of items",
        f"The prompt asks for {wanted} bullet points; the output has {max(counts)}.",
    )


def _casing(prompt: str, output: str) -> Broken | None:
    for pattern, wrong, wanted in ((_UPPER, str.islower, "upper"), (_LOWER, str.isupper, "lower")):
        if pattern.search(prompt) and sum(map(wrong, output)) >= WRONG_CASE_LETTERS:
            return Broken("Wrong casing", f"The prompt asks for {wanted} case throughout.")
    return None


def _length(prompt: str, output: str) -> Broken | None:
    words = len(output.split())
    for found in _LIMIT.finditer(prompt):
        bound, limit = found[1].lower(), int(found[2].replace(",", ""))
        short = bound in _AT_LEAST and words < limit * (1 - MARGIN)
        if short or (bound not in _AT_LEAST and words > limit * (1 + MARGIN)):
            return Broken(
                "Length limit broken",
                f"The prompt asks for {bound} {limit} words; the output has {words}.",
            )
    if _ONE_WORD.search(prompt) and words > ONE_WORD_MOST:
        return Broken("Length limit broken", f"The prompt asks for one word; there are {words}.")
    return None


def _commas(prompt: str, output: str) -> Broken | None:
    if "," in output and _NO_COMMAS.search(prompt):
        return Broken("Forbidden character used", "The prompt forbids commas; the output has some.")
    return None


def _quotation_marks(prompt: str, output: str) -> Broken | None:
    text = output.strip()
    if not _IN_QUOTES.search(prompt) or (text[:1] in '"“' and text[-1:] in '"”'):
        return None
    return Broken(
        "Required quotation marks missing",
        "The prompt asks to put the whole response in quotation marks.",
    )


_RULES: Final[tuple[tuple[tuple[str, ...], Rule], ...]] = (
    (("end ", "finish", "conclude", "last line", "final line"), _end_phrase),
    (("phrase", "keyword", "the word", "sentence"), _included_phrase),
    (("bullet",), _bullets),
    (("capital", "caps", "uppercase", "upper case", "lowercase", "lower case"), _casing),
    ((" words", "single word", "one word", "single letter", "single number"), _length),
    (("commas",), _commas),
    (("quotation mark", "double quotes"), _quotation_marks),
)
