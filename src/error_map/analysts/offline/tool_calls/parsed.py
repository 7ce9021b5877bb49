"""Parses the tool calls in an output, in any of the usual syntaxes."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, TypeAlias

from ..values.literals import UnreadableError
from .delimiters import delimited_calls, has_delimiters
from .json_shapes import arguments_of, calls_in, data_at
from .literals import Reader, call_at, lenient_reader
from .syntax import Call, normalized_name

# These bound the work on hostile output: test_parsed.py allows 50 ms for each of its texts.
MAX_OUTPUT_CHARS: Final = 60_000
"""Only the end of a longer output is read, as calls follow the reasoning."""
MAX_DATA_STARTS: Final = 40
MAX_CALLS: Final = 200
MAX_CALL_HEADS: Final = 3_000
"""Words before a round bracket that are considered as function names."""

# About two words, such as "Tool call:", which do not make an output prose.
MAX_STRAY_LETTERS: Final = 12
"""Letters outside the calls up to which an output consists of its calls alone."""
DEFINITE_DELIMITERS: Final = ("<tool_call>", "[TOOL_CALLS]", "<|tool_call_begin|>", "<function=")
# A few lines: enough for a name and the key of the arguments even if a description precedes them.
HEAD_CHARS: Final = 400
"""Beginning of a malformed call in which it is recognized as one."""

_FENCE: Final = re.compile(r"```[ \t]*[\w+-]{0,20}[ \t]*\n?")
_DATA_START: Final = re.compile(r"\{\s{0,20}[\"'{]|\[\s{0,20}[{\[]")
_CALL_START: Final = re.compile(r"(?<![\w.:/'\"-])([^\W\d][\w.-]{0,100})\(")
_NAMED_OBJECT: Final = re.compile(r"(?<![\w.-])([^\W\d][\w.-]{0,100}+)[`*]{0,3}[:=]?\s{0,5}(?=\{)")
_SEPARATORS: Final = re.compile(r"[\s,;\[\]]*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d][\w.-]{0,100}")
_CALL_LIKE: Final = re.compile(
    r"[\[{]\s*+(?:[\"'][\w.-]++(?:[\"']\s*+:|\Z)|[\[{]|[^\W\d][\w.-]*+(?:\(|\Z))"
)
_ACTION: Final = re.compile(r"^[ \t*]*Action:\**[ \t]*([\w.-]{1,100}+)(?!\()", re.MULTILINE)
_KEYWORD: Final = re.compile(r"\(\s*(?:[^\W\d]\w*\s*=(?!=)|\{\s*[\"'}])")
_ATTEMPT: Final = re.compile(
    r"[\"'](?:arguments|parameters|tool_calls|function_call|args)[\"']\s*:"
)
_THOUGHT_END: Final = ("</think>", "</thinking>", "<|channel|>final<|message|>", "</reasoning>")
_TOOL_RESULT: Final = re.compile(
    r"^[ \t*]*(?:\[tool\b|Observation:|\[?(?:tool|function)[ _](?:result|response|output)\b"
    r"|<tool_response>)|\"role\": ?\"tool\"",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedCalls:
    """The calls of an output, or why they cannot be parsed."""

    calls: tuple[Call, ...] = ()
    error: str = ""
    """Why a call that was begun cannot be parsed; empty if all calls are well formed."""
    error_at: int = 0
    """Offset of the malformed call, in characters."""
    in_prose: bool = False
    """Whether there is other text around calls without delimiters."""
    has_tool_results: bool = False
    """Whether results of tools follow the calls, as in the transcript of a dialogue."""


def parse_calls(output: str, names: Collection[str]) -> ParsedCalls:
    """Parses the calls in an output, with their spans.

    Args:
        output: The whole output; reasoning before `</think>` and the like is skipped.
        names: Normalized names of known functions: those that the prompt offers and those that
            the reference calls.
    """
    start = _start(output)
    body = output[start:].rstrip()
    if not body:
        return ParsedCalls()
    has_tool_results = _TOOL_RESULT.search(body) is not None
    parsed = _parse_whole(body, names) or _parse_delimited(body, names)
    # A transcript often begins with something else than a call.
    if parsed is None or (has_tool_results and not parsed.calls):
        parsed = _parse_in_prose(body, names)
    return replace(
        parsed,
        calls=tuple(
            replace(call, start=call.start + start, end=call.end + start) for call in parsed.calls
        ),
        error_at=parsed.error_at + start,
        has_tool_results=has_tool_results,
    )


def _start(output: str) -> int:
    """Where parsing begins: behind the reasoning, and not too far from the end."""
    start = max(0, len(output) - MAX_OUTPUT_CHARS)
    # Calls that a model considers in its reasoning are not made.
    for mark in _THOUGHT_END:
        index = output.rfind(mark)
        if index >= 0 and output[index + len(mark) :].strip():
            start = max(start, index + len(mark))
    rest = output[start : start + MAX_OUTPUT_CHARS]
    return start + len(rest) - len(rest.lstrip())


def _parse_whole(body: str, names: Collection[str]) -> ParsedCalls | None:
    """Parses text that consists of calls alone, fenced or not; None if it does not."""
    fence = _FENCE.match(body)
    start = fence.end() if fence else 0
    text = body.removesuffix("```") if fence else body
    if not text.startswith(("[", "{"), start) and not _CALL_START.match(text, start):
        return None
    reader = lenient_reader(text)
    calls: list[Call] = []
    position = start
    while position < len(text) and len(calls) < MAX_CALLS:
        try:
            value = data_at(reader, position)
            parsed = calls_in(value, names) or calls_in(value, {*names, *_single_keys(value)})
        except UnreadableError as error:
            return None if calls else _malformed_start(text, start, names, error=str(error))
        if parsed is None:
            return None
        reader.skip_space()
        calls.extend(_with_spans(parsed, position, reader.place))
        position = _skip_separators(text, reader.place)
    return ParsedCalls(calls=tuple(calls))


def _single_keys(value: object) -> set[str]:
    """Keys of objects with one key and an object as its value.

    In an output of data alone they are function names, known or not.
    """
    items = value if isinstance(value, list) else [value]
    return {
        normalized_name(str(key))
        for item in items
        if isinstance(item, dict) and len(item) == 1
        for key, inner in item.items()
        if isinstance(inner, dict) or (isinstance(inner, str) and inner.lstrip()[:1] == "{")
    }


def _malformed_start(
    text: str, start: int, names: Collection[str], *, error: str
) -> ParsedCalls | None:
    """The error of text that begins as a call and cannot be parsed; None if it is no call."""
    head = text[start : start + HEAD_CHARS]
    malformed = ParsedCalls(error=error, error_at=start)
    if text[start] not in "[{":
        known = normalized_name(text[start:].partition("(")[0]) in names
        return malformed if known else None
    known = any(normalized_name(word) in names for word in _WORD.findall(head))
    if not known and not _ATTEMPT.search(head) and not _CALL_LIKE.match(text, start):
        return None
    return malformed


def _skip_separators(text: str, position: int) -> int:
    separators = _SEPARATORS.match(text, position)
    return separators.end() if separators and "[" not in separators[0] else position


def _with_spans(calls: tuple[Call, ...], start: int, end: int) -> list[Call]:
    """The calls; those without a span get that of the data they were read from."""
    return [call if call.end else replace(call, start=start, end=end) for call in calls]


def _parse_delimited(body: str, names: Collection[str]) -> ParsedCalls | None:
    if not has_delimiters(body):
        return None
    try:
        calls = delimited_calls(body, names)
    except UnreadableError as error:
        return ParsedCalls(error=str(error))
    action = _ACTION.search(body) if calls is None else None
    begun = action is not None and normalized_name(action[1]) in names
    if calls is None and (begun or any(mark in body for mark in DEFINITE_DELIMITERS)):
        return ParsedCalls(error="no complete call follows the delimiter")
    return ParsedCalls(calls=calls) if calls else None


_Error: TypeAlias = tuple[str, int]
"""Why a call cannot be parsed, and its offset."""


def _parse_in_prose(body: str, names: Collection[str]) -> ParsedCalls:
    """Parses calls within other text: data, else `f: {…}`, else `f(…)`.

    The latter only of known functions or with keyword arguments.
    """
    reader = lenient_reader(body)
    calls, error = _data_in_prose(reader, names)
    calls = calls or _named_objects_in_prose(reader, names)
    if not calls:
        calls, call_error = _calls_in_prose(reader, names)
        error = error or call_error
    # What is malformed before the first well-formed call may be an example or an earlier attempt.
    if error and not (calls and error[1] < calls[0].start):
        return ParsedCalls(error=error[0], error_at=error[1])
    if not calls and (attempt := _ATTEMPT.search(body)):
        return ParsedCalls(error="it is not within a complete object", error_at=attempt.start())
    return ParsedCalls(calls=tuple(calls), in_prose=_has_prose(body, calls))


def _data_in_prose(reader: Reader, names: Collection[str]) -> tuple[list[Call], _Error | None]:
    calls: list[Call] = []
    first_error: _Error | None = None
    end = starts = 0
    for match in _DATA_START.finditer(reader.text):
        start = match.start()
        if start < end or starts >= MAX_DATA_STARTS or reader.nodes <= 0:
            continue
        starts += 1
        try:
            parsed = calls_in(data_at(reader, start), names)
        except UnreadableError as error:
            head = reader.text[start : start + HEAD_CHARS]
            if first_error is None and _ATTEMPT.search(head):
                first_error = str(error), start
            continue
        if parsed:
            calls.extend(_with_spans(parsed, start, reader.place))
        end = reader.place if parsed is not None else end
    return calls, first_error


def _calls_in_prose(reader: Reader, names: Collection[str]) -> tuple[list[Call], _Error | None]:
    calls: list[Call] = []
    first_error: _Error | None = None
    end = starts = 0
    for match in islice(_CALL_START.finditer(reader.text), MAX_CALL_HEADS):
        if starts >= MAX_CALLS or reader.nodes <= 0:
            break
        if match.start() < end or not (
            normalized_name(match[1]) in names or _KEYWORD.match(reader.text, match.end() - 1)
        ):
            continue
        starts += 1
        try:
            call = call_at(reader, match.start())
        except UnreadableError as error:
            if first_error is None:
                first_error = str(error), match.start()
            continue
        end = call.end
        calls.append(call)
    return calls, first_error


def _named_objects_in_prose(reader: Reader, names: Collection[str]) -> list[Call]:
    """`f: {…}` of known functions."""
    calls: list[Call] = []
    for match in islice(_NAMED_OBJECT.finditer(reader.text), MAX_CALL_HEADS):
        if normalized_name(match[1]) not in names:
            continue
        try:
            arguments = arguments_of(data_at(reader, match.end()))
        except UnreadableError:
            continue
        calls.append(
            Call(name=match[1], arguments=arguments, start=match.start(), end=reader.place)
        )
    return calls


def _has_prose(body: str, calls: list[Call]) -> bool:
    """Whether there is more than a word or two outside the calls."""
    position = letters = 0
    for call in calls:
        letters += len(_LETTER.findall(body[position : max(position, call.start)]))
        position = max(position, call.end)
    letters += len(_LETTER.findall(body[position:]))
    return bool(calls) and letters > MAX_STRAY_LETTERS
