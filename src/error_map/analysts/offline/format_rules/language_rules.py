"""Rules on the language of an answer, checked by its script and its commonest words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

from .instructions import instructions
from .rule import Violation

# Names, terms and code are often left in Latin letters.
MIN_SHARE: Final = 0.3
"""Share of letters in the script of the required language below which it is another language."""
# A title or a quotation does not tell the language of an answer.
MIN_LETTERS: Final = 40
# English prose has 30 to 45 % of these words, other languages in Latin script below 5 %.
MIN_ENGLISH: Final = 0.2
"""Share of English function words from which a text is English."""
# Enough to tell a language; bounds the work on outputs of megabytes.
MAX_LETTERS: Final = 20_000

_SCRIPTS: Final = {
    "DEVANAGARI": ("Hindi", "Marathi", "Nepali", "Sanskrit"),
    "BENGALI": ("Bengali", "Bangla", "Assamese"),
    "GURMUKHI": ("Punjabi",),
    "GUJARATI": ("Gujarati",),
    "TAMIL": ("Tamil",),
    "TELUGU": ("Telugu",),
    "KANNADA": ("Kannada",),
    "MALAYALAM": ("Malayalam",),
    "THAI": ("Thai",),
    "ARABIC": ("Arabic", "Urdu", "Persian", "Farsi"),
    "HEBREW": ("Hebrew",),
    "GREEK": ("Greek",),
    "CYRILLIC": ("Russian", "Bulgarian", "Ukrainian"),
    "HANGUL": ("Korean",),
}
_LATIN: Final = (
    "German",
    "French",
    "Spanish",
    "Italian",
    "Portuguese",
    "Vietnamese",
    "Swahili",
    "Finnish",
    "Dutch",
    "Polish",
    "Turkish",
    "Swedish",
    "Danish",
    "Norwegian",
    "Indonesian",
    "Czech",
)
_SCRIPT_OF: Final = {
    language.lower(): script for script, languages in _SCRIPTS.items() for language in languages
} | {language.lower(): "LATIN" for language in _LATIN}
_LANGUAGE: Final = rf"(?P<language>{'|'.join(_SCRIPT_OF)})"
# Only wordings that exclude every other language: a task may ask for a text in two of them.
_REQUIRED: Final = re.compile(
    r"\b(?:entirely|only|completely|fully|exclusively)(?: in| using)?(?: only)?(?: the)?"
    rf" {_LANGUAGE}\b(?! (?:words|names|translation|food|speakers|cuisine|restaurant))"
    rf"|\b(?:your|the) (?:entire |whole )?(?:response|answer|reply|output) (?:should|must) be "
    rf"(?:entirely |written |only )*in (?:the )?(?P<language_2>{'|'.join(_SCRIPT_OF)})\b",
    re.IGNORECASE,
)
_PART: Final = re.compile(
    r"\b(?:each|title|word|then|first|section|translat\w+|and in)\b", re.IGNORECASE
)
_ENGLISH: Final = frozenset(
    """the of and to a in is it you that he was for on are with as i his they be at this have from
    or had by not but what all were we when your can said there an which their if will""".split()  # noqa: SIM905 - a long list reads best as text
)


def language(task: str, output: str) -> Iterator[Violation]:
    """An answer in another language than the only one that the prompt allows."""
    required = {
        (match["language"] or match["language_2"]).lower()
        for sentence in instructions(task)
        for match in _REQUIRED.finditer(sentence)
        if not _PART.search(sentence)
    }
    if len(required) != 1:
        return
    name = required.pop()
    letters = list(islice(filter(str.isalpha, output), MAX_LETTERS))
    if len(letters) < MIN_LETTERS:
        return
    if _SCRIPT_OF[name] == "LATIN":
        if _is_english(output):
            yield _violation(name, "is in English")
        return
    scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in letters)
    share = scripts[_SCRIPT_OF[name]] / len(letters)
    if share < MIN_SHARE:
        yield _violation(name, f"has {share:.0%} of its letters in the script of that language")


def _violation(name: str, actual: str) -> Violation:
    return Violation(
        "language", f"The prompt asks for an answer in {name.title()} only; the answer {actual}."
    )


def _is_english(output: str) -> bool:
    words = re.findall(r"[^\W\d_]+", output[:MAX_LETTERS].lower())
    return bool(words) and sum(word in _ENGLISH for word in words) / len(words) >= MIN_ENGLISH
