"""Whether a prompt requires JSON, with which keys, and whether an output gives it."""

import json
import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from .rule import Broken, own_task

MOST_STARTS: Final = 5
"""Places in an output at which a JSON value is looked for."""
SHOWN_CHARS: Final = 60

_ASKED: Final = re.compile(
    r"\b(?:respond|reply|answer|return|output|response|present|provide|give|write|format(?:ted)?"
    r"|produce|generate|use|put|wrap(?:ped)?|list|name)\b([^\n?]{0,100}?)\bjson\b"
    r"(?!(?:[ ]|-|\.)?(?:pars|librar|module|file|api\b|(?:de|en)cod|(?:de)?serial))",
    re.IGNORECASE,
)
_ABOUT_PROGRAMS: Final = re.compile(
    r"\b(?:function|script|program|code|class|pars\w+|library|loads?|reads?|converts?|how|what|why"
    r"|explain|difference|advantages?|not|without|no)\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"(?:\A|[.!?]\s|\n)\s*(?:why|what|how|when|which|who|is|are|does|do)\b[^.!?\n]{0,200}\Z",
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(r"\{[^{}]{0,2000}\}")
_TEMPLATE_SAID: Final = re.compile(
    r"format|template|schema|structure|follow|like|example|keys|fields|form\b", re.IGNORECASE
)
_KEY: Final = re.compile(r"[\"“'](\w[\w -]{0,40})[\"”']\s*:")
_NAMED_KEYS: Final = re.compile(
    r"\b(?:keys?|fields?)\b[^.\n\"'`]{0,30}"
    r"((?:[\"'`]\w+[\"'`](?:[ ]\([^()\n]{1,60}\))?(?:,| and| or|\s)*)+)"
)
_EXACT_KEYS: Final = re.compile(
    r"\b(?:exactly|only|just)[ ](?:with[ ])?(?:the|these|this|two|three|four|five|\d)\b"
    r"[^.\n\"]{0,30}\b(?:keys?|fields?)\b|\bno (?:other|additional|extra) (?:keys?|fields?)\b",
    re.IGNORECASE,
)
_TYPED_KEY: Final = re.compile(
    r"[\"'`](\w+)[\"'`][ ]\((number|integer|string|list|array|boolean|bool|true or false)"
    r"(?:[ ]of[ ]\w+)?\)",
    re.IGNORECASE,
)
_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = MappingProxyType(
    {
        "number": (int, float),
        "integer": int,
        "string": str,
        "list": list,
        "array": list,
        "boolean": bool,
        "bool": bool,
        "true or false": bool,
    }
)
_NAME: Final = re.compile(r"[\"'`](\w+)[\"'`]")
_VALUE_START: Final = re.compile(r"\{\s*[\"}]|\[\s*[\[{\"\d\]-]")
_ESCAPE: Final = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})?")
_ANY_KEY: Final = re.compile(r"\"\w[\w ]{0,40}\"\s*:")


def requires_json(prompt: str) -> bool:
    """Whether the prompt tells the model to answer in JSON."""
    if "json" not in prompt and "JSON" not in prompt:
        return False
    task = own_task(prompt)
    return any(
        not _ABOUT_PROGRAMS.search(found[1]) and not _QUESTION.search(task, 0, found.start())
        for found in _ASKED.finditer(task)
    )


def required_keys(prompt: str) -> frozenset[str]:
    """Keys that the prompt's JSON template has, or that it names; empty where it tells none."""
    if '"properties"' in prompt:
        return frozenset()
    task = own_task(prompt)
    named = _NAMED_KEYS.search(task)
    keys: set[str] = set(_NAME.findall(named[1])) if named else set()
    for block in _TEMPLATE.finditer(task):
        before = task[max(0, block.start() - 200) : block.start()]
        if _TEMPLATE_SAID.search(before) and "json" in before.lower():
            keys = set(_KEY.findall(block[0])) or keys
    return frozenset(keys)


def broken_json(prompt: str, output: str) -> Broken | None:
    """What is wrong with the JSON that the prompt requires; None where it is there and parses.

    Line breaks in strings and backslashes as LaTeX has them are let pass: scorers mend them.
    """
    mended = _ESCAPE.sub(_mended, output)
    starts = [found.start() for found in islice(_VALUE_START.finditer(mended), MOST_STARTS)]
    values = [value for start in starts if (value := _parsed(mended, start)) is not None]
    wanted = required_keys(prompt)
    found = _fields(values)
    if not values or (wanted and not found):
        return _unparsable(output)
    missing = wanted - found.keys()
    if missing:
        shown = ", ".join(sorted(missing))
        return Broken("JSON key missing", f"The JSON lacks what the prompt asks for: {shown}.")
    return _spare(prompt, wanted, found) or _mistyped(prompt, found)


def _spare(prompt: str, wanted: frozenset[str], found: Mapping[str, object]) -> Broken | None:
    """Keys beyond those named, where the prompt wants exactly these."""
    spare = found.keys() - wanted
    if not wanted or not spare or not _EXACT_KEYS.search(own_task(prompt)):
        return None
    shown = ", ".join(sorted(spare))[:SHOWN_CHARS]
    return Broken("JSON key too many", f"The prompt wants exactly its keys; there is also {shown}.")


def _mistyped(prompt: str, found: Mapping[str, object]) -> Broken | None:
    """A value of another type than the prompt gives in brackets behind its key."""
    for key, word in _TYPED_KEY.findall(own_task(prompt)):
        value = found.get(key)
        if key in found and value is not None and not _has_type(value, word.lower()):
            shown = json.dumps(value)[:SHOWN_CHARS]
            return Broken(
                "JSON value of wrong type", f"The prompt asks for {key} as {word}; it is {shown}."
            )
    return None


def _has_type(value: object, word: str) -> bool:
    if isinstance(value, bool):
        return word in {"boolean", "bool", "true or false"}
    return isinstance(value, _TYPES[word])


def _mended(escape: re.Match[str]) -> str:
    """A backslash that JSON does not know, doubled; a right escape as it is."""
    return escape[0] if len(escape[0]) > 1 else "\\\\"


def _parsed(output: str, start: int) -> object | None:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(output, start)
    except (ValueError, RecursionError):
        return None
    return value or None


def _unparsable(output: str) -> Broken:
    key = _ANY_KEY.search(output)
    if key is None:
        shown = " ".join(output[:SHOWN_CHARS].split())
        return Broken(
            "Required JSON missing",
            f"The prompt asks for JSON; the output has none and begins with {shown!r}.",
        )
    return Broken("JSON does not parse", f"The JSON round the key {key[0]!r} is not well formed.")


def _fields(values: list[object]) -> dict[str, object]:
    """Keys and values of all objects at the top, and of the objects of a list at the top."""
    objects = [
        item
        for value in values
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, dict)
    ]
    return {str(key): value for item in objects for key, value in item.items()}
