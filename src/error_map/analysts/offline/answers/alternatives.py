"""References that name several accepted answers: lists of aliases."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ..values.literals import Value, read_literal

# References; all models answer one in succession.
CACHE_SIZE: Final = 256
SEPARATOR: Final = "||"
"""Between aliases, as several harnesses write them."""
MAX_ALTERNATIVES: Final = 100
"""The longest alias lists of TriviaQA have about as many; more are compared as one text."""
_FIELDS: Final = frozenset(
    {"text", "value", "answer", "answers", "aliases", "normalized_aliases", "human_answers"}
)
"""Fields of the objects that SQuAD and TriviaQA have as references, compared in lower case."""
_WORD: Final = re.compile(r"\w{3,}")


@lru_cache(maxsize=CACHE_SIZE)
def alternatives(reference: str, *, lists: bool | None) -> tuple[str, ...]:
    """The answers that a reference accepts; empty if it is a single answer.

    Args:
        reference: A list of texts as JSON or Python writes it, an object as of SQuAD or TriviaQA,
            or texts that `||` separates.
        lists: Whether a list names alternatives, as `Profile.alternatives` says. If this is
            unknown, it does so if its items share a word.

    Example:
        >>> alternatives('["Niger", "Republic of Niger"]', lists=None)
        ('Niger', 'Republic of Niger')
        >>> alternatives('["red", "blue"]', lists=None), alternatives("USA||U.S.", lists=None)
        ((), ('USA', 'U.S.'))
    """
    text = reference.strip()
    if SEPARATOR in text:
        parts = tuple(part.strip() for part in text.split(SEPARATOR))
        return parts if all(parts) and len(parts) <= MAX_ALTERNATIVES else ()
    value = read_literal(text) if text[:1] in {"[", "(", "{"} else None
    if value is None:
        return ()
    if value.shape == "object":
        return tuple(dict.fromkeys(_of_object(value)))[:MAX_ALTERNATIVES]
    texts = listed_texts(text)
    wanted = _alike(texts) if lists is None else lists
    return texts if wanted else ()


@lru_cache(maxsize=CACHE_SIZE)
def listed_texts(reference: str) -> tuple[str, ...]:
    """The distinct items of a list that consists of texts; empty for anything else."""
    text = reference.strip()
    value = read_literal(text) if text[:1] in {"[", "("} else None
    if value is None or value.shape not in {"list", "tuple"}:
        return ()
    texts = tuple(dict.fromkeys(_texts(value)))
    whole = all(item.shape == "string" for item in value.items)
    return texts if whole and len(texts) <= MAX_ALTERNATIVES else ()


def _of_object(value: Value) -> Iterator[str]:
    for key, item in zip(value.keys, value.items, strict=True):
        if isinstance(key.content, str) and key.content.lower() in _FIELDS:
            yield from _texts(item)


def _texts(value: Value) -> Iterator[str]:
    """The texts that a text or a list of texts consists of, without blank ones."""
    for item in value.items if value.shape in {"list", "tuple"} else (value,):
        if isinstance(item.content, str) and item.content.strip():
            yield item.content.strip()


def _alike(texts: tuple[str, ...]) -> bool:
    """Whether all texts share a word with the first, as names of one thing do."""
    words = [set(_WORD.findall(text.casefold())) for text in texts]
    return len(texts) > 1 and all(words[0] & other for other in words[1:])
