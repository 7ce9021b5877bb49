"""Rules on casing and commas in prompts in French and Spanish."""

import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

Case: TypeAlias = Literal["upper", "lower"]

_SENTENCE: Final = re.compile(r"[^.;!?\n]+")
_ALL: Final = (
    r"\b(?:uniquement|seulement|enti\u00e8rement|int\u00e9gralement|compl\u00e8tement"
    r"|exclusivement|tout(?:e|es)?|\u00fanicamente|s[o\u00f3]lo|solamente|completamente"
    r"|enteramente|\u00edntegramente|exclusivamente|tod[oa]s?)\b[^,]{0,40}?\b"
)
_WITHOUT: Final = r"\b(?:sans|aucune?|sin|ninguna?)\b[^,]{0,40}?\b"
_CAPITALS: Final = r"(?:majuscules?|may\u00fasculas?)\b"
_SMALL: Final = r"(?:minuscules?|min\u00fasculas?)\b"
_UPPER: Final = re.compile(f"{_ALL}{_CAPITALS}|{_WITHOUT}{_SMALL}", re.IGNORECASE)
_LOWER: Final = re.compile(f"{_ALL}{_SMALL}|{_WITHOUT}{_CAPITALS}", re.IGNORECASE)
_NO_COMMAS: Final = re.compile(
    r"\b(?:sans|pas|\u00e9vite[rz]?|aucune|sin|no|evit[ae]r?|ninguna)\b[^,:]{0,40}?"
    r"\b(?:virgules?|comas?)\b",
    re.IGNORECASE,
)
_OF_A_PART: Final = re.compile(
    r"\b(?:mots?|titres?|chaque|ini[ct]ial\w*|noms?|sections?|phrases?|palabras?|t\u00edtulos?|cada"
    r"|nombres?|secci\u00f3n|frases?|fois|veces)\b",
    re.IGNORECASE,
)
_SEPARATES: Final = re.compile(
    r"\b(?:s\u00e9par|separad|entre|avant|apr\u00e8s|despu)", re.IGNORECASE
)


def required_case(task: str) -> Case | None:
    """The case in which all letters of the answer must be; None if none is required.

    Example:
        >>> required_case("Votre texte doit \u00eatre enti\u00e8rement en minuscules.")
        'lower'
        >>> required_case("Limitez les mots enti\u00e8rement en majuscules.") is None
        True
    """
    asked = {case for sentence in _sentences(task) for case in _cases(sentence)}
    return asked.pop() if len(asked) == 1 else None


def forbids_commas(task: str) -> bool:
    """Whether the prompt forbids commas altogether.

    Example:
        >>> forbids_commas("Racontez l'histoire sans recourir \u00e0 aucune virgule.")
        True
    """
    return any(
        _NO_COMMAS.search(sentence) and not _SEPARATES.search(sentence)
        for sentence in _sentences(task)
    )


def _cases(sentence: str) -> Iterator[Case]:
    if _OF_A_PART.search(sentence):
        return
    if _UPPER.search(sentence):
        yield "upper"
    if _LOWER.search(sentence):
        yield "lower"


def _sentences(task: str) -> list[str]:
    return [found[0] for found in _SENTENCE.finditer(task)]
