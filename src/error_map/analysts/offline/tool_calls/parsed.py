"""Parses the tool calls in an output, in any of the usual syntaxes."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import Final, TypeAlias

from ..text.mentions import run_on_start
from ..values.literals import UnreadableError
from .delimiters import delimited_calls, first_delimiter
from .json_shapes import arguments_of, calls_in, data_at
from .literals import Reader, call_at, lenient_reader
from .syntax import BareWord, Call, normalized_name

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
_BETWEEN_CALLS: Final = " \t\r\n,;[]"
_DEFINES_CHARS: Final = 12
"""Characters before a name in which `def` or the like makes it a definition."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[^\W\d][\w.-]{0,100}")
_CALL_LIKE: Final = re.compile(
    r"[\[{]\s*+(?:[\"'][\w.-]++(?:[\"']\s*+:|\Z)|[\[{]|[^\W\d][\w.-]*+(?:\(|\Z))"
)
_ACTION: Final = re.compile(r"^[ \t*]*Action:\**[ \t]*([\w.-]{1,100}+)(?!\()", re.MULTILINE)
# `'f(a=1)'`, `'f'(a=1)`, `'f', '(a=1)'`, `'f', {…}` and `'f', 'a=1'`.
_QUOTED_CALL: Final = re.compile(
    r"[\"'`]([^\W\d][\w.-]{0,100}+)(?:(?=\()|(?P<name>[\"'`])[\s,]{0,9}(?:[\"']?\(|\{|[\"']\w{1,60}+=))"
)
_KEYWORD: Final = re.compile(r"\(\s*(?:[^\W\d]\w*\s*=(?!=)|\{\s*[\"'}])")
_ATTEMPT: Final = re.compile(
    r"[\"'](?:arguments|parameters|tool_calls|function_call|args)[\"']\s*:"
)
# A call that fails changes nothing.
_ERROR_RESULT: Final = re.compile(
    r"[\s)\]]{0,20}(?:\[tool\b[^\]\n]{0,80}\]|Observation"
    r"|\[?(?:tool|function)[ _](?:result|response|output)\]?)[ \t]*:?[ \t]*"
    r"(?:\{\s*)?[\"']?(?:error|exception|traceback|failed|failure)\b",
    re.IGNORECASE,
)
# Mistral's models escape underscores as in Markdown: `mill\_grind(…)`.
_ESCAPED_UNDERSCORE: Final = re.compile(r"(?<!\\)\\(?=_)")
_DEFINES: Final = re.compile(r"(?:\bdef|\bclass|\bfunction|\bimport)[ ]{1,3}\Z")
_ASSIGNMENT: Final = re.compile(
    r"^[ \t]*([^\W\d]\w{0,60})(?:[ \t]*:[ \t]*[\w\[\], .]{1,60})?[ \t]*=(?!=)[ \t]*(?=\S)",
    re.MULTILINE,
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
    """The well-formed calls."""
    error: str = ""
    """Why a call that was begun cannot be parsed; empty if all calls are well formed."""
    error_at: int = 0
    """Offset of the malformed call, in characters."""
    in_prose: bool = False
    """Whether there is other text around calls without delimiters."""
    in_fence: bool = False
    """Whether the calls are in a code fence, and nothing else is outside of it."""
    first_block: int = 0
    """Number of calls at the beginning that no text separates."""
    after_text: bool = False
    """Whether other text precedes calls without delimiters."""
    has_tool_results: bool = False
    """Whether results of tools follow the calls, as in the transcript of a dialogue."""
    quoted: str = ""
    """Why a call that is only written in quotation marks is none; empty without one."""
    quoted_at: int = 0
    """Offset of its name, in characters."""
    failed: tuple[Call, ...] = ()
    """Calls of a transcript whose result is an error; `calls` does not have them."""


def parse_calls(output: str, names: Collection[str]) -> ParsedCalls:
    """Parses the calls in an output, with their spans.

    Args:
        output: The whole output; reasoning before `</think>` and the like is skipped.
        names: Normalized names of known functions: those that the prompt offers and those that
            the reference calls.
    """
    start = _start(output)
    escapes = [match.start() for match in _ESCAPED_UNDERSCORE.finditer(output, start)]
    body = _ESCAPED_UNDERSCORE.sub("", output[start:]).rstrip() if escapes else output[start:]
    parsed = _parse_body(body.rstrip(), names)
    removed = [place - start - number for number, place in enumerate(escapes)]

    def original(offset: int) -> int:
        return offset + start + bisect_left(removed, offset)

    return replace(
        parsed,
        calls=tuple(
            replace(call, start=original(call.start), end=original(call.end))
            for call in parsed.calls
        ),
        error_at=original(parsed.error_at),
        quoted_at=original(parsed.quoted_at),
    )


def _parse_body(body: str, names: Collection[str]) -> ParsedCalls:
    if not body:
        return ParsedCalls()
    has_tool_results = _TOOL_RESULT.search(body) is not None
    if not has_tool_results:
        # Base models continue with examples of their own, whose calls are not the answer.
        before = _parse_text(body[: run_on_start(body)].rstrip(), names)
        if before.calls or len(body) == run_on_start(body):
            return before
    parsed = _parse_text(body, names, transcript=has_tool_results)
    return _without_failed(parsed, body) if has_tool_results else parsed


def _without_failed(parsed: ParsedCalls, body: str) -> ParsedCalls:
    failed = tuple(call for call in parsed.calls if _ERROR_RESULT.match(body, call.end))
    calls = tuple(call for call in parsed.calls if call not in failed)
    return replace(parsed, calls=calls, failed=failed, has_tool_results=True)


def _parse_text(body: str, names: Collection[str], *, transcript: bool = False) -> ParsedCalls:
    parsed = _parse_whole(body, names) if body else None
    parsed = parsed or _parse_delimited(body, names)
    # A transcript often begins with something else than a call.
    if parsed is None or (transcript and not parsed.calls):
        return _parse_in_prose(body, names)
    return parsed


def form_of(parsed: ParsedCalls) -> str:
    r"""How the calls are written, with `f` as the function, such as `[f(…)] in a code fence`.

    Example:
        >>> form_of(parse_calls("```json\n[weigh(sack='A')]\n```", {"weigh"}))
        '[f(…)] in a code fence'
    """
    notation = parsed.calls[0].notation
    if parsed.in_fence:
        return f"{notation} in a code fence"
    return f"{notation} within other text" if parsed.in_prose else notation


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
        found = _with_spans(parsed, position, reader.place)
        calls.extend(map(_listed, found) if isinstance(value, list) else found)
        position = _skip_separators(text, reader.place)
    return ParsedCalls(calls=tuple(calls), in_fence=fence is not None)


def _listed(call: Call) -> Call:
    return replace(call, notation=f"[{call.notation}]")


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
    if not first_delimiter(body):
        return None
    try:
        calls = delimited_calls(body, names)
    except UnreadableError as error:
        return ParsedCalls(error=str(error))
    action = _ACTION.search(body) if calls is None else None
    begun = action is not None and normalized_name(action[1]) in names
    if calls is None and (begun or any(mark in body for mark in DEFINITE_DELIMITERS)):
        return ParsedCalls(error="no complete call follows the delimiter")
    if not calls:
        return None
    notation = f"{first_delimiter(body)} …"
    return ParsedCalls(calls=tuple(replace(call, notation=notation) for call in calls))


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
    variables = _variables(reader, calls)
    parsed = ParsedCalls(
        calls=tuple(_with_variables(call, variables) for call in calls),
        in_prose=_has_prose(body, calls),
        first_block=_first_block(body, calls),
        after_text=bool(calls) and _letters(body[: calls[0].start]) > MAX_STRAY_LETTERS,
    )
    # What is malformed before the first well-formed call may be an example or an earlier attempt.
    if error and not (calls and error[1] < calls[0].start):
        block = parsed.first_block if _has_text_before(error[1], body, calls) else 0
        return replace(parsed, error=error[0], error_at=error[1], first_block=block)
    if not calls and (attempt := _ATTEMPT.search(body)):
        return ParsedCalls(error="it is not within a complete object", error_at=attempt.start())
    return parsed if calls else _with_quoted(parsed, body, names)


def _with_quoted(parsed: ParsedCalls, body: str, names: Collection[str]) -> ParsedCalls:
    """The parsed text with the first call of a known function that quotation marks make a text."""
    for match in islice(_QUOTED_CALL.finditer(body), MAX_CALL_HEADS):
        if normalized_name(match[1]) not in names:
            continue
        if match["name"]:
            reason = f"the name {match[1]!r} of a function is in quotation marks"
        elif _KEYWORD.match(body, match.end()):
            reason = _why_unread(body, match.start(1))
        else:
            continue  # a mention, such as 'f()'
        return replace(parsed, quoted=reason, quoted_at=match.start(1))
    return parsed


def _why_unread(body: str, start: int) -> str:
    """Why a call in quotation marks within other text counts for none."""
    try:
        call_at(lenient_reader(body), start)
    except UnreadableError as error:
        return str(error)
    return "it is in quotation marks, with other text around it"


def _variables(reader: Reader, calls: Sequence[Call]) -> Mapping[str, object]:
    """The values that a program assigns to variables before it passes them to the calls."""
    values = [value for call in calls for value in (*call.arguments.values(), *call.positional)]
    used = {value.text for value in values if isinstance(value, BareWord)}
    variables: dict[str, object] = {}
    if not used:
        return variables
    for match in islice(_ASSIGNMENT.finditer(reader.text), MAX_CALLS):
        if match[1] in used and match[1] not in variables:
            try:
                variables[match[1]] = reader.value_at(match.end())
            except UnreadableError:
                continue
    return variables


def _with_variables(call: Call, variables: Mapping[str, object]) -> Call:
    def value_of(value: object) -> object:
        return variables.get(value.text, value) if isinstance(value, BareWord) else value

    if not variables:
        return call
    arguments = {name: value_of(value) for name, value in call.arguments.items()}
    return replace(call, arguments=arguments, positional=tuple(map(value_of, call.positional)))


def _has_text_before(error_at: int, body: str, calls: Sequence[Call]) -> bool:
    """Whether text separates a malformed call from the well-formed ones before it."""
    end = max((call.end for call in calls if call.end <= error_at), default=error_at)
    return bool(body[end:error_at].strip(_BETWEEN_CALLS))


def _first_block(body: str, calls: Sequence[Call]) -> int:
    """The number of calls before the first text between calls."""
    separate = (
        number
        for number, (call, following) in enumerate(pairwise(calls), 1)
        if body[call.end : max(call.end, following.start)].strip(_BETWEEN_CALLS)
    )
    return next(separate, len(calls))


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
        if _DEFINES.search(reader.text, max(0, match.start() - _DEFINES_CHARS), match.start()):
            continue
        starts += 1
        try:
            call = call_at(reader, match.start())
            made = calls_in(call, names) or ()
        except UnreadableError as error:
            if first_error is None:
                first_error = str(error), match.start()
            continue
        end = call.end
        calls.extend(made)
    return calls, first_error


def _named_objects_in_prose(reader: Reader, names: Collection[str]) -> list[Call]:
    """`f: {…}` of known functions, and others if the text begins with such a call."""
    calls: list[Call] = []
    for match in islice(_NAMED_OBJECT.finditer(reader.text), MAX_CALL_HEADS):
        alone = _letters(reader.text[: match.start()]) == 0 or calls
        if normalized_name(match[1]) not in names and not (alone and "\n" in match[0]):
            continue
        if calls and match.start() < calls[-1].end:
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
        letters += _letters(body[position : max(position, call.start)])
        position = max(position, call.end)
    letters += _letters(body[position:])
    return bool(calls) and letters > MAX_STRAY_LETTERS


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))
