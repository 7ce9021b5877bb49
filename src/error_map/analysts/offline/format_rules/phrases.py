"""Whether a text contains a phrase that a prompt prescribes."""

import re
from typing import Final

# Fewer letters, as in "A: ___", occur in any text by chance.
MIN_PHRASE_LETTERS: Final = 3
"""Letters outside placeholders that a phrase with placeholders must have to be checked."""

PLACEHOLDER: Final = re.compile(
    r"<[^<>\n]{1,40}>|\[[^\[\]\n]{1,40}\]|\{[^{}\n]{0,40}\}|\$[A-Z]+|_{2,}|\.{3}|\u2026"
    r"|\(?\b(?:[XN]|YOUR ANSWER|your answer|LETTER|NUMBER|ANSWER)\b\)?|\([A-Za-z ]+\)"
)
_STRAIGHT: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "*": None}
)


def contains(phrase: str, text: str) -> bool:
    """Whether the text contains the phrase, with anything in place of its placeholders.

    Case, emphasis and the shape of quotation marks do not matter. True also for a phrase with
    placeholders that has too few letters to tell.
    """
    pieces = [flattened(piece).strip(" .:") for piece in PLACEHOLDER.split(phrase)]
    fixed = [piece for piece in pieces if piece]
    if len(pieces) > 1 and sum(map(str.isalpha, "".join(fixed))) < MIN_PHRASE_LETTERS:
        return True
    flat, position = flattened(text), 0
    for piece in fixed:
        position = flat.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return True


def flattened(text: str) -> str:
    """The text in lower case on one line, without emphasis and with straight quotation marks."""
    return " ".join(text.translate(_STRAIGHT).split()).lower()
