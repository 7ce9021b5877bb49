"""Conversations of a model with users and tools, as a prompt and what follows it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...records import Turn
from .composed import Prompt, content_text, prompt_of, transcript_of
from .json_files import list_at, text_at, value_at


class Conversation(NamedTuple):
    """A conversation, split where the model speaks first."""

    prompt: Prompt
    output: str
    """The only reply, or all turns from the first reply on under headings."""
    turns: tuple[Turn, ...] = ()
    """The turns in `output`; empty for a single reply."""
    composed: tuple[tuple[int, int], ...] = ()
    """Spans of `output` that we wrote."""


def conversation_of(messages: Sequence[object]) -> Conversation:
    """A conversation from messages in the form of OpenAI's API.

    Args:
        messages: Objects with `role` and `content`; replies may have `tool_calls`, and results of
            tools a `tool_call_id`.

    Example:
        >>> conversation_of([{"role": "user", "content": "2 + 2?"},
        ...     {"role": "assistant", "content": "4"}]).output
        '4'
    """
    roles = [text_at(message, "role") for message in messages]
    start = roles.index("assistant") if "assistant" in roles else len(messages)
    prompt, rest = prompt_of(messages[:start]), messages[start:]
    if not rest:
        return Conversation(prompt, "")
    if len(rest) == 1 and not list_at(rest[0], "tool_calls"):
        return Conversation(prompt, content_text(rest[0]))
    turns = tuple(_turns(rest))
    transcript = transcript_of(turns)
    return Conversation(prompt, transcript.text, turns, transcript.composed)


def _turns(messages: Sequence[object]) -> Iterator[Turn]:
    """The messages as turns, with one more for each further call of a tool."""
    names: dict[str, str] = {}
    for message in messages:
        role, text = text_at(message, "role") or "user", content_text(message)
        calls = [_call(call, names) for call in list_at(message, "tool_calls")]
        if role == "tool":
            yield _result(message, text, names)
        elif calls:
            (tool, arguments), *others = calls
            yield Turn(role=role, text=text, tool=tool, arguments=arguments)
            for tool, arguments in others:
                yield Turn(role=role, tool=tool, arguments=arguments)
        else:
            yield Turn(role=role, text=text)


def _call(call: object, names: dict[str, str]) -> tuple[str, str]:
    """The name and the arguments of a call, whose name is remembered by its id."""
    inner = value_at(call, "function")
    described = inner if isinstance(inner, Mapping) else call
    name = text_at(described, "name") or "tool"
    names[text_at(call, "id")] = name
    arguments = value_at(described, "arguments")
    if isinstance(arguments, str):
        return name, arguments
    return name, "" if arguments is None else json.dumps(arguments, ensure_ascii=False)


def _result(message: object, text: str, names: Mapping[str, str]) -> Turn:
    given = value_at(message, "tool_call_id")
    call = text_at(given, 0) if isinstance(given, list) else text_at(given)
    name = text_at(message, "name") or names.get(call, "") or "tool"
    # Without a result the turn would look like a call.
    return Turn(role="tool", tool=name if text else "", result=text)
