"""Rules on JSON: whether a prompt requires it, with which keys, and whether an output has it."""

import json
import re
from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from .rule import Violation, own_task

# Bounds the parsing; prose before the JSON rarely has as many brackets that look like its start.
MAX_STARTS: Final = 5
"""Positions in an output from which a JSON value is parsed."""
# For readability of the summary.
MAX_QUOTED_CHARS: Final = 60
# Enough of the text around a fault to find it again.
_AROUND_CHARS: Final = 30
_CLOSING: Final = " \n\t`"
"""What may follow after the end of a text that breaks off."""
# Enough for the sentence that announces the template.
_CONTEXT_CHARS: Final = 200

_REQUIRED: Final = re.compile(
    r"\b(?:respond|reply|answer|return|output|response|present|provide|give|write|format(?:ted)?"
    r"|produce|generate|use|put|wrap(?:ped)?|list|name)\b([^\n?]{0,100}?)\bjson\b"
    r"(?!(?:[ ]|-|\.)?(?:pars|librar|module|file|api\b|(?:de|en)cod|(?:de)?serial))",
    re.IGNORECASE,
)
_ABOUT_PROGRAMS: Final = re.compile(
    r"\b(?:function|script|program|code|class|pars\w+|library|loads?|reads?|converts?|how|what|why"
    r"|explain|difference|advantages?|not|without|no|nicht|keine?n?|ohne|sin|sans|ikke)\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"(?:\A|[.!?]\s|\n)\s*(?:why|what|how|when|which|who|is|are|does|do)\b[^.!?\n]{0,200}\Z",
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(r"\{[^{}]{0,2000}\}")
_ANNOUNCES_TEMPLATE: Final = re.compile(
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
_OBJECT_START: Final = re.compile(r"\[?\s*\{\s*\"[^\"\n]{0,80}\"\s*:")
_EMPTY: Final = ("[]", "{}")
_ESCAPE: Final = re.compile(r"\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4})?")
_ANY_KEY: Final = re.compile(r"\"\w[\w ]{0,40}\"\s*:")


def requires_json(prompt: str) -> bool:
    """Whether the prompt tells the model to answer in JSON."""
    if "json" not in prompt and "JSON" not in prompt:
        return False
    task = own_task(prompt)
    return any(
        not _ABOUT_PROGRAMS.search(match[1]) and not _QUESTION.search(task, 0, match.start())
        for match in _REQUIRED.finditer(task)
    )


def required_keys(prompt: str) -> frozenset[str]:
    """The keys of the prompt's JSON template, else those that it names; empty if there are none."""
    # A JSON schema has keys of its own.
    if '"properties"' in prompt:
        return frozenset()
    task = own_task(prompt)
    named = _NAMED_KEYS.search(task)
    keys: set[str] = set(_NAME.findall(named[1])) if named else set()
    for block in _TEMPLATE.finditer(task):
        before = task[max(0, block.start() - _CONTEXT_CHARS) : block.start()]
        if _ANNOUNCES_TEMPLATE.search(before) and "json" in before.lower():
            keys = set(_KEY.findall(block[0])) or keys
    return frozenset(keys)


def json_violation(prompt: str, output: str) -> Violation | None:
    """The first fault of the JSON that the prompt requires; None if it is there and valid.

    Line breaks in strings and unescaped backslashes of LaTeX are accepted, as scorers repair them.
    """
    # LaTeX in strings has backslashes that JSON does not allow.
    repaired = _ESCAPE.sub(_escaped, output)
    starts = [match.start() for match in islice(_VALUE_START.finditer(repaired), MAX_STARTS)]
    parsed = [_parse(repaired, start) for start in starts]
    values = [value for value in parsed if not isinstance(value, json.JSONDecodeError)]
    keys = required_keys(prompt)
    fields = _fields(values)
    found = [value for value in values if value is not None]
    if not found or (keys and not fields):
        faults = [
            (start, fault)
            for start, fault in zip(starts, parsed, strict=True)
            if isinstance(fault, json.JSONDecodeError)
        ]
        return _missing_or_malformed(output, repaired, faults)
    missing = ", ".join(sorted(keys - fields.keys()))
    if missing:
        has = ", ".join(sorted(fields))[:MAX_QUOTED_CHARS]
        return Violation(
            "json_key",
            f"The JSON lacks keys that the prompt asks for: {missing}. It has {has or 'none'}.",
        )
    return _extra_key(prompt, keys, fields) or _wrong_type(prompt, fields)


def _extra_key(prompt: str, keys: frozenset[str], fields: Mapping[str, object]) -> Violation | None:
    """A key beyond those that the prompt names, if it allows no others."""
    extra = fields.keys() - keys
    if not keys or not extra or not _EXACT_KEYS.search(own_task(prompt)):
        return None
    names = ", ".join(sorted(extra))[:MAX_QUOTED_CHARS]
    return Violation(
        "json_extra_key",
        f"The prompt allows only its own keys, {', '.join(sorted(keys))}; the JSON also has"
        f" {names}.",
    )


def _wrong_type(prompt: str, fields: Mapping[str, object]) -> Violation | None:
    """A value whose type is not the one in brackets after its key in the prompt."""
    for key, word in _TYPED_KEY.findall(own_task(prompt)):
        value = fields.get(key)
        if key in fields and value is not None and not _has_type(value, word.lower()):
            text = json.dumps(value)[:MAX_QUOTED_CHARS]
            return Violation("json_type", f"The prompt asks for {key} as {word}; it is {text}.")
    return None


def _has_type(value: object, word: str) -> bool:
    if isinstance(value, bool):
        return word in {"boolean", "bool", "true or false"}
    return isinstance(value, _TYPES[word])


def _escaped(escape: re.Match[str]) -> str:
    """Doubles a backslash that starts no JSON escape; keeps valid escapes."""
    return escape[0] if len(escape[0]) > 1 else "\\\\"


def _parse(output: str, start: int) -> object:
    """The JSON value that begins at `start`, or the error of the parser; None if too nested."""
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(output, start)
    except json.JSONDecodeError as error:
        return error
    except RecursionError:
        return None
    # Empty brackets within other text are a matter of notation, as in LaTeX.
    return value if value or output.strip() in _EMPTY else None


def _missing_or_malformed(
    output: str, repaired: str, faults: list[tuple[int, json.JSONDecodeError]]
) -> Violation:
    if not _ANY_KEY.search(output):
        opening = " ".join(output[:MAX_QUOTED_CHARS].split())
        start = len(output) - len(output.lstrip())
        return Violation(
            "json_missing",
            f"The prompt asks for JSON; the answer has none and begins with {opening!r}.",
            spans=((start, min(len(output), start + MAX_QUOTED_CHARS)),),
        )
    if not faults:
        place = max(0, repaired.find("{"))
        fault = _parse(repaired, place)
        faults = [(place, fault)] if isinstance(fault, json.JSONDecodeError) else []
    if not faults:
        return Violation("json_syntax", "The JSON of the answer does not parse.")
    first = _first_fault(repaired, faults)
    position = _original(output, first.pos)
    around = (max(0, position - _AROUND_CHARS), min(len(output), position + _AROUND_CHARS))
    reason = _reason(output, position, first.msg)
    return Violation("json_syntax", f"The JSON does not parse: {reason}.", spans=(around,))


def _first_fault(
    repaired: str, faults: list[tuple[int, json.JSONDecodeError]]
) -> json.JSONDecodeError:
    """The fault of the first object with a key, or list of objects: prose has other brackets."""
    objects = (fault for start, fault in faults if _OBJECT_START.match(repaired, start))
    return next(objects, faults[0][1])


def _reason(output: str, position: int, message: str) -> str:
    """Where the parser stopped, and why."""
    if not output[position:].strip(_CLOSING):
        return "the answer ends before it is closed"
    line = output.count("\n", 0, position) + 1
    column = position - output.rfind("\n", 0, position)
    place = f"line {line}, column {column}"
    if message.startswith("Unterminated string"):
        return f"the string that begins at {place} is never closed"
    return f"at {place}, the parser says {message!r}"


def _original(output: str, position: int) -> int:
    """The place in the output of one in its repaired text, which has more backslashes."""
    for escape in _ESCAPE.finditer(output):
        if escape.start() >= position:
            break
        position -= len(escape[0]) == 1
    return position


def _fields(values: list[object]) -> dict[str, object]:
    """Keys and values of all top-level objects, and of the objects in a top-level list."""
    objects = [
        item
        for value in values
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, dict)
    ]
    return {str(key): value for item in objects for key, value in item.items()}
