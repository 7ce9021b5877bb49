"""Calls between the marks with which models set them off: tags, tokens, "Action:" lines."""

import re
from collections.abc import Collection
from typing import Final

from .json_shapes import arguments_of, calls_in, data_at
from .literals import Reader
from .syntax import Call, UnreadableError, Untyped

MOST_MARKS: Final = 60

_MARK: Final = re.compile(
    r"<\|?/?(?:tool_?calls?|function_?calls?|python_tag|tool_call_begin|invoke|function|tool_use)\b"
    r"|<\uff5ctool|\[TOOL_CALLS\]|✿FUNCTION✿|^[ \t*]*Action:",
    re.MULTILINE,
)
_TAGGED: Final = re.compile(
    r"<(?:function|invoke|tool)(?:[ ]name)?=[\"']?([\w.:-]{1,100})[\"']?\s*>"
)
_FIELD: Final = re.compile(
    r"<(?:parameter|param|arg)(?:[ ]name)?=[\"']?([\w.:-]{1,100})[\"']?[^>\n]{0,40}>"
)
_PAIRED: Final = re.compile(r"<arg_key>([^<]{1,100})</arg_key>\s*<arg_value>")
_ELEMENT: Final = re.compile(r"<([\w.-]{1,100})>")
_TOOL_NAME: Final = re.compile(r"<(?:tool_name|name)>\s*([\w.:-]{1,100})\s*</")
_OPENING: Final = re.compile(
    r"<(?:tool_?calls?|function_?calls?|tool_use)>|<\|(?:tool_calls?|python_tag"
    r"|tool_call_begin)\|>|<\uff5ctool\u2581call\u2581begin\uff5c>|\[TOOL_CALLS\]"
)
_CLOSING: Final = re.compile(
    r"</(?:tool_?calls?|function_?calls?|tool_use)>|<\|/?(?:tool_calls?(?:_end|_section_end)?|eom_id"
    r"|eot_id|im_end|tool_call_end)\|>|<\uff5ctool\u2581call\u2581end\uff5c>|\[/TOOL_CALLS\]|</s>"
)
_NAMED: Final = re.compile(
    r"\s*(?:function<\uff5ctool\u2581sep\uff5c>)?(?:functions\.)?([^\W\d][\w.-]{0,100})(?::\d{1,4})?\s*"
    r"(?:\[ARGS\]|<\|tool_call_argument_begin\|>|<\uff5ctool\u2581sep\uff5c>|:)?\s*(?:```(?:json)?\s*)?(?=\{)"
)
_ACTION: Final = re.compile(
    r"^[ \t*]*Action:\**[ \t]*[`\"]?([^\W\d][\w.-]{0,100})[`\"]?[ \t]*\n"
    r"[ \t*]*Action[ _]Input:\**[ \t]*",
    re.MULTILINE | re.IGNORECASE,
)
_QWEN: Final = re.compile(r"✿FUNCTION✿:\s*([\w.-]{1,100})\s*✿ARGS✿:\s*")


def has_marks(text: str) -> bool:
    """Whether anything in the text sets off a call."""
    return _MARK.search(text) is not None


def marked_calls(text: str, names: Collection[str]) -> tuple[Call, ...] | None:
    """The calls between marks, in order; None where no mark holds one.

    Raises:
        UnreadableError: What stands between marks is not well formed.
    """
    for read in (_action_lines, _tagged, _elements, _between):
        found = read(text, names)
        if found:
            return found
    return None


def _action_lines(text: str, names: Collection[str]) -> tuple[Call, ...]:
    del names
    calls: list[Call] = []
    for pattern in (_ACTION, _QWEN):
        for found in list(pattern.finditer(text))[:MOST_MARKS]:
            if found[1].lower() in {"finish", "none"}:
                continue
            reader = Reader(text)
            value = data_at(reader, found.end()) if text[found.end() :][:1] == "{" else None
            if not text[found.end() :].strip():
                raise UnreadableError(f"no input to the action {found[1]}")
            line_end = text.find("\n", found.end())
            end = reader.place if value is not None else (line_end if line_end > 0 else len(text))
            raw = text[found.end() : end].strip()
            arguments = arguments_of(value) if value is not None else {}
            positional = (Untyped(raw),) if value is None and raw else ()
            calls.append(
                Call(
                    name=found[1],
                    arguments=arguments,
                    positional=positional,
                    start=found.start(),
                    end=end,
                )
            )
    return tuple(calls)


def _tagged(text: str, names: Collection[str]) -> tuple[Call, ...]:
    """`<function=f><parameter=x>…</parameter></function>`, `<invoke name="f">…`."""
    del names
    heads = list(_TAGGED.finditer(text))[:MOST_MARKS]
    calls: list[Call] = []
    for place, head in enumerate(heads):
        until = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        close = text.find("</", head.end(), until)
        inside = text[head.end() : until].lstrip()
        if inside.startswith("{"):
            reader = Reader(text)
            value = data_at(reader, text.index("{", head.end()))
            arguments, end = dict(arguments_of(value)), reader.place
        else:
            arguments, end = _fields(text, head.end(), until)
            if "</" not in text[end + 2 * bool(arguments) : until]:
                raise UnreadableError(f"no end of the call of {head[1]}")
        end = max(end, close if close > 0 else end)
        calls.append(Call(name=head[1], arguments=arguments, start=head.start(), end=end))
    return tuple(calls)


def _fields(text: str, start: int, until: int) -> tuple[dict[str, object], int]:
    arguments: dict[str, object] = {}
    end = start
    for found in _FIELD.finditer(text, start, until):
        end = text.find("</", found.end(), until)
        if end < 0:
            raise UnreadableError(f"no end of the parameter {found[1]}")
        if found[1] in arguments:
            raise UnreadableError(f"parameter {found[1]} twice")
        arguments[found[1]] = Untyped(text[found.end() : end].strip())
    return arguments, end


def _elements(text: str, names: Collection[str]) -> tuple[Call, ...]:
    """`<tool_name>f</tool_name><parameters><x>…</x></parameters>`."""
    del names
    heads = list(_TOOL_NAME.finditer(text))[:MOST_MARKS]
    calls: list[Call] = []
    for place, head in enumerate(heads):
        until = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        arguments: dict[str, object] = {}
        end = head.end()
        for found in list(_ELEMENT.finditer(text, head.end(), until))[:MOST_MARKS]:
            close = text.find(f"</{found[1]}>", found.end(), until)
            value = text[found.end() : max(close, found.end())]
            if close > 0 and "<" not in value:
                arguments[found[1]] = Untyped(value.strip())
                end = close
        calls.append(Call(name=head[1], arguments=arguments, start=head.start(), end=end))
    return tuple(calls)


def _between(text: str, names: Collection[str]) -> tuple[Call, ...]:
    """What stands behind opening marks: data, `f{…}`, `f(…)`, or key and value tags."""
    calls: list[Call] = []
    openings = list(_OPENING.finditer(text))[:MOST_MARKS]
    for place, opening in enumerate(openings):
        limit = openings[place + 1].start() if place + 1 < len(openings) else len(text)
        closing = _CLOSING.search(text, opening.end(), limit)
        end = closing.start() if closing else limit
        if text[opening.end() : end].strip():
            calls.extend(_inside(text, (opening.end(), end), names))
    return tuple(calls)


def _inside(text: str, place: tuple[int, int], names: Collection[str]) -> tuple[Call, ...]:
    start, end = place
    body = text[start:end].strip().strip("`").removeprefix("json").strip()
    paired = list(_PAIRED.finditer(body))[:MOST_MARKS]
    if paired:
        name = body[: paired[0].start()].strip()
        values = {p[1].strip(): _until_tag(body, p.end()) for p in paired}
        return (Call(name=name, arguments=values, start=start, end=end),)
    named = _NAMED.match(body)
    reader = Reader(body)
    if named:
        arguments = arguments_of(data_at(reader, named.end()))
        return (Call(name=named[1], arguments=arguments, start=start, end=end),)
    calls: list[Call] = []
    read = 0
    while read < len(body):
        found = calls_in(data_at(reader, read), names)
        if found is None:
            raise UnreadableError("no call between the marks")
        calls.extend(found)
        reader.skip_space()
        read = len(body) - len(body[reader.place :].lstrip(",; \n"))
    return tuple(
        Call(
            name=call.name,
            arguments=call.arguments,
            positional=call.positional,
            start=start,
            end=end,
        )
        for call in calls
    )


def _until_tag(body: str, start: int) -> Untyped:
    close = body.find("</", start)
    return Untyped(body[start : close if close > 0 else len(body)].strip())
