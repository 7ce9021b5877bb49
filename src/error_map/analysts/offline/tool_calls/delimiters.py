"""Parses calls that are set off by delimiters: tags, special tokens, "Action:" lines."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

from ..values.literals import UnreadableError
from .json_shapes import arguments_of, calls_in, data_at
from .literals import lenient_reader
from .syntax import Call, Untyped

# Bounds the work on hostile output such as thousands of opening tags.
MAX_DELIMITERS: Final = 60

# Nearly all outputs without a delimiter are recognised by this one search.
_DELIMITER: Final = re.compile(
    r"<\|?/?(?:tool_?calls?|function_?calls?|python_tag|tool_call_begin|invoke|function|tool_use)\b"
    r"|<\uff5ctool|\[TOOL_CALLS\]|✿FUNCTION✿|^[ \t*]*Action:",
    re.MULTILINE,
)
# `<function=f>` of Llama and Qwen3-Coder, `<invoke name="f">` of Anthropic's XML prompts.
_TAGGED: Final = re.compile(
    r"<(?:function|invoke|tool)(?:[ ]name)?=[\"']?([\w.:-]{1,100})[\"']?\s*>"
)
_FIELD: Final = re.compile(
    r"<(?:parameter|param|arg)(?:[ ]name)?=[\"']?([\w.:-]{1,100})[\"']?[^>\n]{0,40}>"
)
# The argument tags of GLM.
_PAIRED: Final = re.compile(r"<arg_key>([^<]{1,100})</arg_key>\s*<arg_value>")
_ELEMENT: Final = re.compile(r"<([\w.-]{1,100})>")
_TOOL_NAME: Final = re.compile(r"<(?:tool_name|name)>\s*([\w.:-]{1,100})\s*</")
# `<tool_call>` of Hermes and Qwen, `<|python_tag|>` of Llama, `<|tool_call_begin|>` of Kimi,
# the same with full-width bars of DeepSeek, `[TOOL_CALLS]` of Mistral.
_OPENING: Final = re.compile(
    r"<(?:tool_?calls?|function_?calls?|tool_use)>|<\|(?:tool_calls?|python_tag"
    r"|tool_call_begin)\|>|<\uff5ctool\u2581call\u2581begin\uff5c>|\[TOOL_CALLS\]"
)
_CLOSING: Final = re.compile(
    r"</(?:tool_?calls?|function_?calls?|tool_use)>|<\|/?(?:tool_calls?(?:_end|_section_end)?|eom_id"
    r"|eot_id|im_end|tool_call_end)\|>|<\uff5ctool\u2581call\u2581end\uff5c>|\[/TOOL_CALLS\]|</s>"
)
# `f[ARGS]{…}` of Mistral, `functions.f:0<|tool_call_argument_begin|>{…}` of Kimi.
_NAMED: Final = re.compile(
    r"\s*(?:function<\uff5ctool\u2581sep\uff5c>)?(?:functions\.)?([^\W\d][\w.-]{0,100})(?::\d{1,4})?\s*"
    r"(?:\[ARGS\]|<\|tool_call_argument_begin\|>|<\uff5ctool\u2581sep\uff5c>|:)?\s*(?:```(?:json)?\s*)?(?=\{)"
)
# ReAct prompts.
_ACTION: Final = re.compile(
    r"^[ \t*]*Action:\**[ \t]*[`\"]?([^\W\d][\w.-]{0,100})[`\"]?[ \t]*\n"
    r"[ \t*]*Action[ _]Input:\**[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
# Qwen-Agent.
_QWEN: Final = re.compile(r"✿FUNCTION✿:\s*([\w.-]{1,100})\s*✿ARGS✿:\s*")


def first_delimiter(text: str) -> str:
    """The first delimiter of any known syntax, such as `<tool_call`; empty if there is none."""
    found = _DELIMITER.search(text)
    return found[0].strip() if found else ""


def delimited_calls(text: str, names: Collection[str]) -> tuple[Call, ...] | None:
    """The calls between delimiters, in order; None if there are none.

    Args:
        text: An output.
        names: Normalized names of known functions.

    Raises:
        UnreadableError: The text between delimiters is not well formed.
    """
    return (
        _action_lines(text)
        or _tagged_calls(text)
        or _element_calls(text)
        or _enclosed_calls(text, names)
        or None
    )


def _action_lines(text: str) -> tuple[Call, ...]:
    """`Action: f` with `Action Input: {…}` on the next line, and Qwen's tokens for the same."""
    heads = (
        head
        for pattern in (_ACTION, _QWEN)
        for head in list(pattern.finditer(text))[:MAX_DELIMITERS]
    )
    return tuple(
        _action_call(text, head) for head in heads if head[1].lower() not in {"finish", "none"}
    )


def _action_call(text: str, head: re.Match[str]) -> Call:
    start = head.end()
    if not text[start:].strip():
        raise UnreadableError(f"the action {head[1]} has no input")
    if text.startswith("{", start):
        reader = lenient_reader(text)
        arguments = arguments_of(data_at(reader, start))
        return Call(name=head[1], arguments=arguments, start=head.start(), end=reader.place)
    line_end = text.find("\n", start)
    end = line_end if line_end > 0 else len(text)
    line = text[start:end].strip()
    positional = (Untyped(line),) if line else ()
    return Call(name=head[1], positional=positional, start=head.start(), end=end)


def _with_limits(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The first matches, each with the start of the next one, or the end of the text."""
    heads = list(pattern.finditer(text))[:MAX_DELIMITERS]
    limits = [*(head.start() for head in heads[1:]), len(text)]
    return zip(heads, limits, strict=False)


def _tagged_calls(text: str) -> tuple[Call, ...]:
    """`<function=f><parameter=x>…</parameter></function>`, `<invoke name="f">…`."""
    calls: list[Call] = []
    for head, until in _with_limits(_TAGGED, text):
        close = text.find("</", head.end(), until)
        inside = text[head.end() : until].lstrip()
        if inside.startswith("{"):
            reader = lenient_reader(text)
            value = data_at(reader, text.index("{", head.end()))
            arguments, end = dict(arguments_of(value)), reader.place
        else:
            arguments, end = _fields(text, head.end(), until)
            # Behind the last parameter's own closing tag, the call's must follow.
            if "</" not in text[end + 2 * bool(arguments) : until]:
                raise UnreadableError(f"the call of {head[1]} is not closed")
        end = max(end, close if close > 0 else end)
        calls.append(Call(name=head[1], arguments=arguments, start=head.start(), end=end))
    return tuple(calls)


def _fields(text: str, start: int, until: int) -> tuple[dict[str, object], int]:
    arguments: dict[str, object] = {}
    end = start
    for tag in _FIELD.finditer(text, start, until):
        end = text.find("</", tag.end(), until)
        if end < 0:
            raise UnreadableError(f"the parameter {tag[1]} is not closed")
        if tag[1] in arguments:
            raise UnreadableError(f"the parameter {tag[1]} is given twice")
        arguments[tag[1]] = Untyped(text[tag.end() : end].strip())
    return arguments, end


def _element_calls(text: str) -> tuple[Call, ...]:
    """`<tool_name>f</tool_name><parameters><x>…</x></parameters>`."""
    calls: list[Call] = []
    for head, until in _with_limits(_TOOL_NAME, text):
        arguments: dict[str, object] = {}
        end = head.end()
        for tag in list(_ELEMENT.finditer(text, head.end(), until))[:MAX_DELIMITERS]:
            close = text.find(f"</{tag[1]}>", tag.end(), until)
            value = text[tag.end() : max(close, tag.end())]
            if close > 0 and "<" not in value:
                arguments[tag[1]] = Untyped(value.strip())
                end = close
        calls.append(Call(name=head[1], arguments=arguments, start=head.start(), end=end))
    return tuple(calls)


def _enclosed_calls(text: str, names: Collection[str]) -> tuple[Call, ...]:
    """Calls behind opening delimiters: data, `f{…}`, `f(…)`, or key and value tags."""
    calls: list[Call] = []
    for opening, limit in _with_limits(_OPENING, text):
        closing = _CLOSING.search(text, opening.end(), limit)
        end = closing.start() if closing else limit
        if text[opening.end() : end].strip():
            calls.extend(_parse_enclosed(text, (opening.end(), end), names))
    return tuple(calls)


def _parse_enclosed(text: str, span: tuple[int, int], names: Collection[str]) -> tuple[Call, ...]:
    start, end = span
    body = text[start:end].strip().strip("`").removeprefix("json").strip()
    paired = list(_PAIRED.finditer(body))[:MAX_DELIMITERS]
    if paired:
        name = body[: paired[0].start()].strip()
        values = {key[1].strip(): _until_tag(body, key.end()) for key in paired}
        return (Call(name=name, arguments=values, start=start, end=end),)
    head = _NAMED.match(body)
    reader = lenient_reader(body)
    if head:
        arguments = arguments_of(data_at(reader, head.end()))
        return (Call(name=head[1], arguments=arguments, start=start, end=end),)
    calls: list[Call] = []
    position = 0
    while position < len(body):
        parsed = calls_in(data_at(reader, position), names)
        if parsed is None:
            raise UnreadableError("there is no call between the delimiters")
        calls.extend(parsed)
        reader.skip_space()
        position = len(body) - len(body[reader.place :].lstrip(",; \n"))
    return tuple(replace(call, start=start, end=end) for call in calls)


def _until_tag(body: str, start: int) -> Untyped:
    close = body.find("</", start)
    return Untyped(body[start : close if close > 0 else len(body)].strip())
