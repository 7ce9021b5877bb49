"""Conversations of a model with users and tools, as a prompt and what follows it."""

from collections.abc import Sequence
from typing import NamedTuple

from ...records import Turn
from .composed import Prompt, content_text, prompt_of, transcript_of
from .json_files import list_at, text_at
from .messages import turns_of


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
    turns = turns_of(rest)
    transcript = transcript_of(turns)
    return Conversation(prompt, transcript.text, turns, transcript.composed)
