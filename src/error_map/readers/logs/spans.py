"""Turns from the spans of a trace, as OpenTelemetry and OpenInference record them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from ...records import Turn
from .composed import Prompt, content_text
from .json_files import list_at, mapping_at, text_at, value_at
from .messages import Messages, as_text, role_of, tool_turn

Kind: TypeAlias = Literal["model", "tool", "agent", "other"]
_KINDS: Final[Mapping[str, Kind]] = {
    "LLM": "model",
    "CHAT_MODEL": "model",
    "GENERATION": "model",
    "TOOL": "tool",
    "RETRIEVER": "tool",
    "AGENT": "agent",
}
_WRAPPERS: Final = ("choices", "generations", "messages", "output", "content")
_MAX_DEPTH: Final = 6
"""Wrappers around a message: the interfaces in use have up to three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One step of a trace."""

    id: str
    parent: str
    """Empty for the root."""
    name: str
    kind: Kind
    start: str
    """Text that sorts by time, as `end`."""
    end: str
    input: object
    output: object
    error: str = ""
    model: str = ""


def kind_of(name: str) -> Kind:
    """The kind of a span from its name in MLflow, Langfuse or OpenInference."""
    return _KINDS.get(name.upper(), "other")


def parsed(value: object) -> object:
    """A value, read as JSON if it is a text that holds an object, a list or a text.

    Example:
        >>> parsed('{"a": 1}'), parsed("{'a': 1}"), parsed('"b"')
        ({'a': 1}, "{'a': 1}", 'b')
    """
    if not isinstance(value, str) or value[:1] not in {"{", "[", '"'}:
        return value
    try:
        found: object = json.loads(value, strict=False)
    except (ValueError, RecursionError):
        return value
    return found


def turns_of_spans(spans: Sequence[Span]) -> list[Turn]:
    """The replies of models and tools in the order in which they ended.

    A model's span around that of another model, as of a wrapper, is left out.
    """
    by_id = {span.id: span for span in spans}
    outer = {parent for span in spans if span.kind == "model" for parent in _above(span, by_id)}
    reader = Messages()
    turns: list[Turn] = []
    for span in sorted(spans, key=lambda one: (one.end or one.start, one.start)):
        if span.kind == "tool":
            turns.append(_tool(span))
        elif span.kind == "model" and span.id not in outer:
            agent = _agent(span, by_id)
            for message in messages_in(span.output):
                turns.extend(reader.turns({"role": "assistant", **message}, agent=agent))
            if span.error:
                turns.append(Turn(role="assistant", agent=agent, error=span.error))
    return turns


def _tool(span: Span) -> Turn:
    output = parsed(span.output)
    text = content_text(output) if role_of(output) == "tool" else ""
    failed = bool(span.error)
    shown = span.error if failed else text or ("" if output is None else as_text(output))
    return tool_turn(span.name, shown, arguments=as_text(span.input or {}), failed=failed)


def _above(span: Span, by_id: Mapping[str, Span]) -> Iterator[str]:
    """The ids of the spans around a span, the nearest first."""
    seen = {span.id}
    while span.parent in by_id and span.parent not in seen:
        span = by_id[span.parent]
        seen.add(span.id)
        yield span.id


def _agent(span: Span, by_id: Mapping[str, Span]) -> str:
    """The name of the agent around a span, or else of the step; empty for the root."""
    around = [by_id[name] for name in _above(span, by_id)]
    named = [one for one in around if one.kind == "agent" and one.parent in by_id]
    steps = [one for one in around if one.parent]
    return next((one.name for one in (*named, *steps)), "")


def task_of_spans(given: object, spans: Sequence[Span]) -> Prompt:
    """What was asked: the trace's input if it is a text, else the first request of a user.

    Args:
        given: The input of the trace or its root.
        spans: The spans of the trace.
    """
    given = parsed(given)
    texts = [text for text in mapping_at(given).values() if isinstance(text, str) and text]
    if isinstance(given, str) and given:
        return Prompt(given, None)
    if len(texts) == 1 and not list_at(given, "messages"):
        return Prompt(texts[0], None)
    models = [span for span in spans if span.kind == "model"]
    inputs = [given, *(span.input for span in sorted(models, key=lambda one: one.start))]
    for value in inputs:
        for message in messages_in(value):
            if role_of(message) == "user" and (text := content_text(message)):
                return Prompt(text, None)
    return Prompt(as_text(given) if given else "", None)


def messages_in(value: object) -> list[Mapping[str, object]]:
    """The messages in the input or output of a model, under the wrappers of common interfaces.

    Example:
        >>> messages_in({"choices": [{"message": {"role": "assistant", "content": "4"}}]})
        [{'role': 'assistant', 'content': '4'}]
        >>> messages_in("4")
        [{'content': '4'}]
    """
    return list(_messages(parsed(value), 0))


def _messages(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    if depth > _MAX_DEPTH or value is None or value == "":
        return
    if isinstance(value, list):
        for one in value:
            yield from _messages(one, depth + 1)
    elif not isinstance(value, Mapping):
        yield {"content": as_text(value)}
    elif isinstance(value_at(value, "message"), Mapping):
        yield from _messages(value["message"], depth + 1)
    elif "role" in value or "tool_calls" in value or _is_langchain(value):
        yield value
    else:
        wrapped = next((name for name in _WRAPPERS if value.get(name)), "")
        if wrapped:
            yield from _messages(value[wrapped], depth + 1)
        else:
            yield {"content": text_at(value, "text") or as_text(value)}


def _is_langchain(value: Mapping[str, object]) -> bool:
    return text_at(value, "type") in {"human", "ai", "system", "tool"} and "content" in value
