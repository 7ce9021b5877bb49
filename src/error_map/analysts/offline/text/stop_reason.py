"""Tells from the stop reason of a record whether the model was stopped or ended by itself."""

import re
from typing import Final

_LIMIT: Final = frozenset(
    {
        *("length", "max_length", "model_length", "max_tokens", "max_output_tokens"),
        *("max_new_tokens", "max_completion_tokens", "token_limit", "max_model_len"),
        *("context_length", "context_window_exceeded", "model_context_window_exceeded"),
    }
)
_ENDED: Final = frozenset(
    {
        *("stop", "end_turn", "eos", "eos_token", "end_of_text", "endoftext", "stop_token"),
        *("complete", "completed", "end", "eot", "eog"),
    }
)
_WORDS: Final = re.compile(r"[\s-]+")


def hit_limit(reason: str | None) -> bool:
    """Whether the model was stopped at its limit of tokens.

    Example:
        >>> hit_limit("length"), hit_limit("FinishReason.MAX_TOKENS"), hit_limit("stop")
        (True, True, False)
    """
    return _plain(reason) in _LIMIT


def ended_itself(reason: str | None) -> bool:
    """Whether the model ended its output; False if this is not known."""
    return _plain(reason) in _ENDED


def _plain(reason: str | None) -> str:
    """The reason in the spelling of the lists: the tools write it in several ways."""
    return _WORDS.sub("_", (reason or "").strip().rsplit(".", 1)[-1].casefold())
