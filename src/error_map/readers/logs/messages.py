"""Turns from the messages of chats and agents, in the forms of several interfaces."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from ...records import Turn
from .composed import Prompt, content_text, prompt_of
from .json_files import list_at, mapping_at, text_at, value_at

REASONING: Final = "reasoning"
"""Role of turns that are a model's thinking."""
_ROLES: Final = {"human": "user", "ai": "assistant", "function": "tool"}
"""Roles of LangChain and of older interfaces, by the usual name."""
_THINKING: Final = ("thinking", "reasoning", "redacted_thinking")

_THOUGHTS: Final = ("thinking", "reasoning", "text", "summary")
"""Where parts that are thinking have their text."""


class Conversation(NamedTuple):
    """The messages of an agent, divided into its task and its work."""

    task: Prompt
    """What was before the first request of the user, and the request."""
    turns: tuple[Turn, ...]


def conversation(messages: Sequence[object], *, error_mark: str = "") -> Conversation:
    """The messages of one conversation as a task and the turns after it.

    Args:
        messages: In the form of the interfaces of OpenAI, Anthropic or LangChain.
        error_mark: How results of tools begin that are errors, where the tool says so; empty for
            none.

    Example:
        >>> conversation([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "!"}])
        Conversation(task=Prompt(text='Hi', question_start=None), turns=(Turn(role='assistant', \
agent='', text='!', tool='', arguments='', result='', error=''),))
    """
    initial = next((n for n, one in enumerate(messages) if role_of(one) == "user"), None)
    if initial is None:
        initial = next((n for n, one in enumerate(messages) if role_of(one) != "system"), 0) - 1
    reader = Messages(error_mark=error_mark)
    turns = [turn for one in messages[initial + 1 :] for turn in reader.turns(one)]
    return Conversation(prompt_of(messages[: initial + 1]), tuple(turns))


def role_of(message: object) -> str:
    """The role of a message, under its usual name; empty if it has none."""
    role = text_at(message, "role") or text_at(message, "type")
    return _ROLES.get(role, role)


def turns_of(messages: Iterable[object]) -> tuple[Turn, ...]:
    """The turns of the messages of one conversation; see `Messages`.

    Example:
        >>> call = {"id": "c1", "function": {"name": "add", "arguments": '{"a": 1}'}}
        >>> turns = turns_of([{"role": "assistant", "content": "I add.", "tool_calls": [call]},
        ...     {"role": "tool", "tool_call_id": "c1", "content": "2"}])
        >>> [(turn.role, turn.text, turn.tool, turn.result) for turn in turns]
        [('assistant', 'I add.', 'add', ''), ('tool', '', 'add', '2')]
    """
    reader = Messages()
    return tuple(turn for one in messages for turn in reader.turns(one))


@dataclass(slots=True)
class Messages:
    """Reads messages in order, and remembers the names of the tools that are called."""

    error_mark: str = ""
    """How results that are errors begin; empty for none."""
    tools: dict[str, str] = field(default_factory=dict)
    """Names of tools by the id of the call."""

    def turns(self, message: object, *, agent: str = "") -> Iterator[Turn]:
        """The turns of one message: its thinking, its text with the first call, further calls.

        A message without any of these is a turn without a text.

        Args:
            message: A message.
            agent: Name of the agent that wrote it.
        """
        role = role_of(message) or "assistant"
        thoughts = [replace(turn, agent=agent) for turn in _reasoning(message)]
        yield from thoughts
        if role == "tool":
            yield self._result(message, content_text(message))
            return
        results = [part for part in list_at(message, "content") if _kind(part) == "tool_result"]
        for part in results:
            yield self._result(part, content_text(part))
        calls = [self._called(call) for call in _calls(message)]
        text = content_text({"content": _plain_content(message)})
        if text or calls or not (thoughts or results):
            first = calls[0] if calls else ("", "")
            yield Turn(role=role, agent=agent, text=text, tool=first[0], arguments=first[1])
        for name, arguments in calls[1:]:
            yield Turn(role=role, agent=agent, tool=name, arguments=arguments)

    def _called(self, call: Mapping[str, object]) -> tuple[str, str]:
        inner = mapping_at(call, "function") or call
        # Inspect AI has the name in place of the object.
        name = text_at(inner, "name") or text_at(call, "function") or "unnamed tool"
        self.tools[text_at(call, "id")] = name
        values = (value_at(inner, "arguments"), *(call.get(key) for key in _ARGUMENTS))
        return name, as_text(next((value for value in values if value is not None), {}))

    def _result(self, message: object, text: str) -> Turn:
        ids = (text_at(message, *path) for path in _CALL_IDS)
        known = next((self.tools[one] for one in ids if one in self.tools), "")
        name = text_at(message, "name") or text_at(message, "function") or known
        error = value_at(message, "error")
        reason = text_at(error, "message") or (error if isinstance(error, str) else "")
        if reason and reason != text:
            return Turn(role="tool", tool=name, result=text, error=reason)
        marked = bool(self.error_mark) and text.startswith(self.error_mark)
        failed = text_at(message, "status") == "error" or value_at(message, "is_error") is True
        return tool_turn(name, text, failed=bool(reason) or failed or marked or error is True)


_CALL_IDS: Final = (("tool_call_id",), ("tool_call_id", 0), ("tool_use_id",), ("id",))
"""Where results name their call; Every Eval Ever has a list, and tau2-bench its own `id`."""
_ARGUMENTS: Final = ("args", "input", "arguments")


def tool_turn(name: str, text: str, *, arguments: str = "", failed: bool = False) -> Turn:
    """What a tool replied: its result, or its error."""
    result, error = ("", text or "failed") if failed else (text, "")
    return Turn(role="tool", tool=name, arguments=arguments, result=result, error=error)


def as_text(value: object) -> str:
    """A value as text: text unchanged, JSON for anything else."""
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[nested too deeply to show]"


def _kind(part: object) -> str:
    return text_at(part, "type")


def _reasoning(message: object) -> Iterator[Turn]:
    given = text_at(message, "reasoning_content") or text_at(message, "reasoning")
    parts = [part for part in list_at(message, "content") if _kind(part) in _THINKING]
    texts = [given, *(_thought(part) for part in parts)]
    yield from (Turn(role=REASONING, text=text) for text in texts if text)


def _thought(part: object) -> str:
    """The text of a part that is thinking; Inspect AI keeps encrypted thinking with a summary."""
    keys = ("summary",) if value_at(part, "redacted") is True else _THOUGHTS
    return next((text for key in keys if (text := text_at(part, key))), "")


def _calls(message: object) -> list[Mapping[str, object]]:
    parts = [part for part in list_at(message, "content") if _kind(part) == "tool_use"]
    listed = [mapping_at(one, "tool_call") or one for one in list_at(message, "tool_calls")]
    return [one for one in (*listed, *parts) if isinstance(one, Mapping)]


def _plain_content(message: object) -> object:
    """The content without parts that are turns of their own."""
    apart = ("tool_use", "tool_result", *_THINKING)
    content = value_at(message, "content")
    if not isinstance(content, list):
        return content
    return [part for part in content if _kind(part) not in apart]
