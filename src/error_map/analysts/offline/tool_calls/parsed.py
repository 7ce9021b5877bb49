"""The calls that an output makes, in whichever of the usual syntaxes."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from .delimiters import has_marks, marked_calls
from .json_shapes import arguments_of, calls_in, data_at
from .literals import Reader
from .syntax import Call, UnreadableError, folded

OUTPUT_CHARS: Final = 60_000
"""Of longer outputs the end is read, where the calls stand."""
MOST_STARTS: Final = 40
MOST_CALLS: Final = 200
MOST_HEADS: Final = 3_000
"""Words before a round bracket that are looked at."""
PROSE_LETTERS: Final = 12
"""Letters outside the calls that make an output more than its calls."""

SURE_MARKS: Final = ("<tool_call>", "[TOOL_CALLS]", "<|tool_call_begin|>", "<function=")
NEAR_CHARS: Final = 400
"""Within these of its beginning a call shows that it is one."""

_FENCE: Final = re.compile(r"```[ \t]*[\w+-]{0,20}[ \t]*\n?")
_DATA_START: Final = re.compile(r"\{\s{0,20}[\"'{]|\[\s{0,20}[{\[]")
_CALL_START: Final = re.compile(r"(?<![\w.:/'\"-])([^\W\d][\w.-]{0,100})\(")
_HEADED: Final = re.compile(r"(?<![\w.-])([^\W\d][\w.-]{0,100}+)[`*]{0,3}[:=]?\s{0,5}(?=\{)")
_BETWEEN: Final = re.compile(r"[\s,;\[\]]*")
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
_TRACE: Final = re.compile(
    r"^[ \t*]*(?:\[tool\b|Observation:|\[?(?:tool|function)[ _](?:result|response|output)\b"
    r"|<tool_response>)|\"role\": ?\"tool\"",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What stands in an output in the way of calls."""

    calls: tuple[Call, ...] = ()
    broken: str = ""
    """Why something that begins as a call cannot be read; empty where nothing does."""
    broken_at: int = 0
    wrapped: bool = False
    """Whether unmarked calls stand among other text."""
    trace: bool = False
    """Whether results of tools stand between the calls."""


def calls_made(output: str, names: Collection[str]) -> Made:
    """The calls in an output, with their places.

    Args:
        names: Known functions, folded: what a prompt offers and a reference calls.
    """
    start = _start(output)
    body = output[start:].rstrip()
    if not body:
        return Made()
    trace = _TRACE.search(body) is not None
    made = _whole(body, names) or _marked(body, names)
    if made is None or (trace and not made.calls):
        made = _among(body, names)
    return replace(
        made,
        calls=tuple(
            replace(call, start=call.start + start, end=call.end + start) for call in made.calls
        ),
        broken_at=made.broken_at + start,
        trace=trace,
    )


def _start(output: str) -> int:
    """Where reading begins: behind the thinking, and not too far from the end."""
    start = max(0, len(output) - OUTPUT_CHARS)
    for mark in _THOUGHT_END:
        found = output.rfind(mark)
        if found >= 0 and output[found + len(mark) :].strip():
            start = max(start, found + len(mark))
    rest = output[start : start + OUTPUT_CHARS]
    return start + len(rest) - len(rest.lstrip())


def _whole(body: str, names: Collection[str]) -> Made | None:
    """The text as nothing but calls, in a fence or not; None where it is something else."""
    fence = _FENCE.match(body)
    start = fence.end() if fence else 0
    text = body.removesuffix("```") if fence else body
    if not text.startswith(("[", "{"), start) and not _CALL_START.match(text, start):
        return None
    reader = Reader(text)
    found: list[Call] = []
    place = start
    while place < len(text) and len(found) < MOST_CALLS:
        try:
            value = data_at(reader, place)
            inner = calls_in(value, names) or calls_in(value, {*names, *_only_keys(value)})
        except UnreadableError as error:
            return None if found else _begun(text, start, names, error=str(error))
        if inner is None:
            return None
        reader.skip_space()
        found.extend(_placed(inner, place, reader.place))
        place = _behind(text, reader.place)
    return Made(calls=tuple(found))


def _only_keys(value: object) -> set[str]:
    """Words that stand as the only key before an object: functions, where nothing else stands."""
    items = value if isinstance(value, list) else [value]
    return {
        folded(str(key))
        for item in items
        if isinstance(item, dict) and len(item) == 1
        for key, inner in item.items()
        if isinstance(inner, dict) or (isinstance(inner, str) and inner.lstrip()[:1] == "{")
    }


def _begun(text: str, start: int, names: Collection[str], *, error: str) -> Made | None:
    """An output that begins with a call's brackets, and cannot be read from there on."""
    near = text[start : start + NEAR_CHARS]
    if text[start] not in "[{":
        known = folded(text[start:].partition("(")[0]) in names
        return Made(broken=error, broken_at=start) if known else None
    known = any(folded(word) in names for word in _WORD.findall(near))
    if not known and not _ATTEMPT.search(near) and not _CALL_LIKE.match(text, start):
        return None
    return Made(broken=error, broken_at=start)


def _behind(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found and "[" not in found[0] else place


def _placed(calls: tuple[Call, ...], start: int, end: int) -> list[Call]:
    """Calls that know no place of their own, at the place of the data that holds them."""
    return [call if call.end else replace(call, start=start, end=end) for call in calls]


def _marked(body: str, names: Collection[str]) -> Made | None:
    if not has_marks(body):
        return None
    try:
        calls = marked_calls(body, names)
    except UnreadableError as error:
        return Made(broken=str(error))
    action = _ACTION.search(body) if calls is None else None
    begun = action is not None and folded(action[1]) in names
    if calls is None and (begun or any(mark in body for mark in SURE_MARKS)):
        return Made(broken="no complete call behind the mark")
    return Made(calls=calls) if calls else None


def _among(body: str, names: Collection[str]) -> Made:
    """Calls among other text: data first, else `f(…)` of a known or a keyword form."""
    reader = Reader(body)
    calls, broken = _data_among(reader, names)
    calls = calls or _headed_among(reader, names)
    if not calls:
        written, broken_call = _written_among(reader, names)
        calls, broken = written, broken or broken_call
    if broken and not (calls and broken[1] < calls[0].start):
        return Made(broken=broken[0], broken_at=broken[1])
    if not calls and (attempt := _ATTEMPT.search(body)):
        return Made(broken="no complete object round it", broken_at=attempt.start())
    return Made(calls=tuple(calls), wrapped=_other_text(body, calls))


def _data_among(
    reader: Reader, names: Collection[str]
) -> tuple[list[Call], tuple[str, int] | None]:
    calls: list[Call] = []
    broken: tuple[str, int] | None = None
    end = starts = 0
    for found in _DATA_START.finditer(reader.text):
        place = found.start()
        if place < end or starts >= MOST_STARTS or reader.spent:
            continue
        starts += 1
        try:
            inner = calls_in(data_at(reader, place), names)
        except UnreadableError as error:
            near = reader.text[place : place + NEAR_CHARS]
            if broken is None and _ATTEMPT.search(near):
                broken = str(error), place
            continue
        if inner:
            calls.extend(_placed(inner, place, reader.place))
        end = reader.place if inner is not None else end
    return calls, broken


def _written_among(
    reader: Reader, names: Collection[str]
) -> tuple[list[Call], tuple[str, int] | None]:
    calls: list[Call] = []
    broken: tuple[str, int] | None = None
    end = starts = 0
    for found in islice(_CALL_START.finditer(reader.text), MOST_HEADS):
        if starts >= MOST_CALLS or reader.spent:
            break
        if found.start() < end or not (
            folded(found[1]) in names or _KEYWORD.match(reader.text, found.end() - 1)
        ):
            continue
        starts += 1
        try:
            call = reader.call_at(found.start())
        except UnreadableError as error:
            if broken is None:
                broken = str(error), found.start()
            continue
        end = call.end
        calls.append(call)
    return calls, broken


def _headed_among(reader: Reader, names: Collection[str]) -> list[Call]:
    """`f: {…}` of known functions."""
    calls: list[Call] = []
    for found in islice(_HEADED.finditer(reader.text), MOST_HEADS):
        if folded(found[1]) not in names:
            continue
        try:
            arguments = arguments_of(data_at(reader, found.end()))
        except UnreadableError:
            continue
        calls.append(
            Call(name=found[1], arguments=arguments, start=found.start(), end=reader.place)
        )
    return calls


def _other_text(body: str, calls: list[Call]) -> bool:
    """Whether more than a word or two stands outside the calls."""
    place = letters = 0
    for call in calls:
        letters += len(_LETTER.findall(body[place : max(place, call.start)]))
        place = max(place, call.end)
    letters += len(_LETTER.findall(body[place:]))
    return bool(calls) and letters > PROSE_LETTERS
