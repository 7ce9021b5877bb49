"""Rules on the items of a list and on labelled sections."""

import re
from collections.abc import Iterator
from typing import Final

from .instructions import QUANTITY, Quantity, plain_instructions, quantity
from .rule import Violation

_BULLETS: Final = re.compile(
    rf"{QUANTITY}[ ](?:(?:very|short|brief|concise|key|main|clear|distinct|markdown)[ ]){{0,2}}"
    r"(?:bullet[ -]?points?|bullets)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    rf"\bnumbered list (?:with|of|containing)[ ]{QUANTITY}(?:[ ]items\b)?", re.IGNORECASE
)
_SECTIONS: Final = re.compile(
    rf"{QUANTITY}[ -](?:\w+[ ])?(?:sections?|parts?|stanzas?|chapters?|paragraphs?)\b",
    re.IGNORECASE,
)
_HIGHLIGHT: Final = re.compile(r"\bhighlight", re.IGNORECASE)
_SECTION_NAME: Final = re.compile(
    r"\b(?:mark(?:ed|ing)?|label(?:l?ed)?|noted|denot\w+|indicat\w+|start\w*|begin\w*)\b"
    r"[^.\n]{0,60}?"
    r"\b(?:with|as|by)\b[^.\n\w]{0,8}?([A-Z][A-Za-z]{2,14}) X\b"
)
_LABEL_EACH: Final = re.compile(r"\bLabel each \w+ with ([A-Z][A-Za-z]{2,14}) X\b")
_BULLET: Final = re.compile(
    r"^[ \t]*(?:[-*\u2022+\u2013][ \t]+\S|\*(?=\w)|\u2022|-(?=\w))", re.MULTILINE
)
_TOP_BULLET: Final = re.compile(r"^[-*\u2022+][ \t]+\S", re.MULTILINE)
_ANY_BULLET: Final = re.compile(r"^[ \t]*(?:[*\u2022+](?!\*)|[-\u2013](?!-))", re.MULTILINE)
_NUMBER: Final = re.compile(r"^[ \t]*\d{1,3}[.)][ \t]+\S", re.MULTILINE)


def items(task: str, output: str) -> Iterator[Violation]:
    """A wrong number of bullet points or numbered items."""
    numbers = len(_NUMBER.findall(output))
    # Nested bullets, and signs without a blank, may or may not count.
    found = [len(sign.findall(output)) for sign in (_BULLET, _TOP_BULLET, _ANY_BULLET)]
    bullets = range(min(found), max(found) + 1)
    numbered = range(numbers, numbers + 1)
    for sentence in plain_instructions(task):
        for match in _BULLETS.finditer(sentence):
            required = quantity(match)
            if required and not required.allows(bullets):
                yield _wrong_count(required, (bullets, "bullet points"), (numbered, "numbers"))
                return
        for match in _NUMBERED.finditer(sentence):
            required = quantity(match)
            if required and not required.allows(numbered):
                yield _wrong_count(required, (numbered, "numbers"), (bullets, "bullet points"))
                return


def _wrong_count(
    required: Quantity, counted: tuple[range, str], other: tuple[range, str]
) -> Violation:
    """Says what the list has instead, where it has none of the required signs."""
    count, signs = counted
    instead, other_signs = other
    also = f", but {instead[-1]} items with {other_signs}" if not count[-1] and instead[-1] else ""
    return Violation(
        "items",
        f"The prompt asks for {required.wording}; the answer has {count[-1] or 'no'} items with"
        f" {signs}{also}.",
    )


def sections(task: str, output: str) -> Iterator[Violation]:
    """Fewer sections than required, if the prompt says how they are labelled."""
    label = _SECTION_NAME.search(task) or _LABEL_EACH.search(task)
    if label is None:
        return
    for sentence in plain_instructions(task):
        match = None if _HIGHLIGHT.search(sentence) else _SECTIONS.search(sentence)
        required = quantity(match, default_bound="least") if match else None
        if required is None or required.low is None:
            continue
        heading = rf"\b{label[1]}\b[ \t]*[*_]*[ \t]*(?:\d|[IVX]+\b)"
        count = len(re.findall(heading, output, re.IGNORECASE))
        if count < required.low:
            yield Violation(
                "sections",
                f"The prompt asks for {required.wording}; the answer has {count} labelled"
                f" {label[1]!r}.",
            )
        return
