"""Reads the beginning of a JSON text that may be cut off anywhere."""

import json
import re
from collections.abc import Mapping
from typing import Final

MAX_VALUE_CHARS: Final = 200
"""Kept of each value, which is enough to tell formats and versions apart."""
# A text that is cut off goes on to the end: searched for further marks, its quotes would each be
# compared with the whole rest.
_MARK: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[{}\[\],:]', re.DOTALL)


def object_at(text: str) -> Mapping[str, object] | None:
    r"""The JSON object with which a text begins; None if there is none or it is cut off.

    Example:
        >>> object_at('{"id": 1}\n{"id": 2}')
        {'id': 1}
    """
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def top_level_keys(text: str) -> Mapping[str, str]:
    """The keys of the object with which a text begins, with the beginning of each value.

    Example:
        >>> top_level_keys('{"id": 7, "doc": {"q": "2 + 2?"}, "resps": [["4"], ["5')
        {'id': '7', 'doc': '{"q": "2 + 2?"}', 'resps': '[["4"], ["5'}
    """
    text = text.lstrip()
    found: dict[str, str] = {}
    depth, last, key, value_start = 0, "", "", 0
    if not text.startswith("{"):
        return found
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark in "}],":
            depth -= mark != ","
            if key and (depth == 0 or (depth == 1 and mark == ",")):
                found[key] = text[value_start : match.start()].strip()[:MAX_VALUE_CHARS]
                key = ""
            if depth == 0:
                return found
        elif mark in "{[":
            depth += 1
        elif mark == ":":
            if depth == 1 and not key:
                key, value_start = _unquoted(last), match.end()
        else:
            last = mark
    if key:
        found[key] = text[value_start:].strip()[:MAX_VALUE_CHARS]
    return found


def _unquoted(mark: str) -> str:
    try:
        return str(json.loads(mark, strict=False))
    except ValueError:
        return ""
