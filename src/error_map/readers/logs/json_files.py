"""JSON of logs: whole files and lines, with errors that name the file and the place."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from ...errors import InputError
from ..compressed import lines, read_bytes

_DECODER: Final = json.JSONDecoder(strict=False)
_BYTE_ORDER_MARK: Final = "\ufeff"
_BLANKS: Final = " \t\n\r"
MAX_WHOLE: Final = 2**63 - 1
"""Larger whole numbers fit into no column."""


def json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects of a JSON-lines file with the numbers of their lines; blank lines are left out.

    Raises:
        InputError: A line is not a JSON object, for example because the file is cut off.
    """
    for number, line in lines(path):
        if line.strip():
            yield number, _object(line, where=f"{path}:{number}")


def json_object(path: Path) -> Mapping[str, object]:
    """The object in a JSON file.

    Raises:
        InputError: It is no JSON, or no object.
    """
    return _object(read_bytes(path), where=str(path))


def json_objects(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The objects in a file, numbered from 1: a list of them, JSON lines, or a single object.

    Raises:
        InputError: It is no JSON, or an item is no object.
    """
    if path.name.lower().removesuffix(".gz").removesuffix(".zst").endswith((".jsonl", ".ndjson")):
        yield from json_lines(path)
        return
    value = _value(read_bytes(path), where=str(path))
    for number, item in enumerate(value if isinstance(value, list) else [value], start=1):
        if not isinstance(item, dict):
            kind = type(item).__name__
            raise InputError(f"a JSON {kind} instead of an object", where=f"{path}:{number}")
        yield number, item


def _object(data: bytes, *, where: str) -> Mapping[str, object]:
    value = _value(data, where=where)
    if not isinstance(value, dict):
        raise InputError(f"a JSON {type(value).__name__} instead of an object", where=where)
    return value


def _value(data: bytes, *, where: str) -> object:
    try:
        value = _parsed(data)
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply", where=where) from error
    except ValueError as error:
        raise InputError(f"no valid JSON: {error}", where=where) from error
    return value


def _parsed(data: bytes) -> object:
    # Decoding as "utf-8-sig" and JSONDecoder.decode take twice as long for short lines.
    text = data.decode().removeprefix(_BYTE_ORDER_MARK).strip(_BLANKS)
    value, end = _DECODER.raw_decode(text)
    if end < len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return value


def text_at(value: object, *path: str | int) -> str:
    """The text at a path into parsed JSON; numbers as text, empty if there is none.

    Example:
        >>> text_at({"a": [{"b": 7}]}, "a", 0, "b"), text_at({}, "a")
        ('7', '')
    """
    found = value_at(value, *path)
    if isinstance(found, str):
        return found
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return ""
    return str(found)


def value_at(value: object, *path: str | int) -> object:
    """The value at a path into parsed JSON; None if there is none.

    Example:
        >>> value_at({"a": [1, 2]}, "a", 1), value_at([], 0)
        (2, None)
    """
    for step in path:
        if isinstance(value, dict):  # not Mapping, whose check is slow, and parsed JSON has none
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def mapping_at(value: object, *path: str | int) -> Mapping[str, object]:
    """The object at a path into parsed JSON; empty if there is none."""
    found = value_at(value, *path)
    return found if isinstance(found, dict) else {}


def list_at(value: object, *path: str | int) -> list[object]:
    """The list at a path into parsed JSON; empty if there is none."""
    found = value_at(value, *path)
    return found if isinstance(found, list) else []


def number_at(value: object, *path: str | int) -> float | None:
    """The number at a path into parsed JSON; None if there is none. True is 1.0.

    A whole number beyond what a float holds is infinite.

    Example:
        >>> number_at({"acc": True}, "acc"), number_at({"acc": "1"}, "acc")
        (1.0, None)
    """
    found = value_at(value, *path)
    try:
        return float(found) if isinstance(found, (bool, int, float)) else None
    except OverflowError:
        return math.inf


def whole_at(value: object, *path: str | int) -> int | None:
    """The whole number at a path into parsed JSON; None if there is none that 64 bits hold."""
    found = value_at(value, *path)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if abs(found) <= MAX_WHOLE else None


def total_at(value: object, *path: str | int) -> float | None:
    """The sum of the numbers at a path into parsed JSON, in lists of any depth; None without any.

    Example:
        >>> total_at({"tokens": [[1, 2], [3]]}, "tokens"), total_at({}, "tokens")
        (6.0, None)
    """
    found, waiting = list[float](), [value_at(value, *path)]
    while waiting:
        one = waiting.pop()
        number = number_at(one)
        if isinstance(one, list):
            waiting += one
        elif number is not None and abs(number) <= MAX_WHOLE:
            found.append(number)
    return sum(found) if found else None
