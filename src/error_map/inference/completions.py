"""Repairs responses of the OpenAI protocol so that LiteLLM can read them."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ValidationError

from ..errors import ModelDown

PATH_END: Final = "/chat/completions"
# Bounds the work of an error message. Far more than is shown, because secrets are removed from the
# message before it is cut.
_MAX_BYTES_QUOTED: Final = 20_000
_NO_CHOICES: Final = "it has no choices"


class _Usage(BaseModel):
    """The token counts that LiteLLM requires to be whole numbers."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: dict[str, int | None] | None = None
    completion_tokens_details: dict[str, int | None] | None = None


def repaired(body: bytes) -> bytes:
    """The body of a response with status 200, repaired if necessary.

    Content that is a list of parts becomes their text. An invalid usage is removed.

    Raises:
        ModelDown: The body holds no answer.
    """
    try:
        completion = json.loads(body)
    except ValueError:
        raise _no_answer("it is not JSON", body) from None
    if not isinstance(completion, dict):
        raise _no_answer("it is not an object", body)
    if error := completion.get("error"):
        if _has_status(error):
            return body  # LiteLLM treats it as the response's status
        raise _no_answer("it reports an error", body)
    messages = [_message(choice) for choice in completion.get("choices") or [None]]
    if None in messages:
        reason = "no choice has a message" if completion.get("choices") else _NO_CHOICES
        raise _no_answer(reason, body)
    changes = [_flatten_content(message) for message in messages if message is not None]
    if "usage" in completion and not _is_valid_usage(completion["usage"]):
        del completion["usage"]
        changes.append(True)
    return json.dumps(completion).encode() if any(changes) else body


def _has_status(error: object) -> bool:
    return isinstance(error, Mapping) and isinstance(error.get("code"), int)


def _message(choice: object) -> dict[str, object] | None:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    return message if isinstance(message, dict) else None


def _flatten_content(message: dict[str, object]) -> bool:
    """Replaces content that is not text by its text; returns whether it was replaced."""
    content = message.get("content")
    if content is None or isinstance(content, str):
        return False
    message["content"] = _text(content)
    return True


def _is_valid_usage(usage: object) -> bool:
    """Whether the counts are whole numbers: LiteLLM rejects a response if one is not."""
    try:
        _Usage.model_validate(usage)
    except ValidationError:
        return False
    return True


def _text(content: object) -> str:
    """The texts of all parts, concatenated; other parts, such as reasoning, are left out."""
    if not isinstance(content, list):
        return json.dumps(content)
    return "".join(_text_of_part(part) for part in content)


def _text_of_part(part: object) -> str:
    text = part.get("text") if isinstance(part, Mapping) else part
    return text if isinstance(text, str) else ""


def _no_answer(reason: str, body: bytes) -> ModelDown:
    quoted = " ".join(body[:_MAX_BYTES_QUOTED].decode(errors="replace").split())
    return ModelDown(f"HTTP 200 without an answer: {reason}: {quoted!r}")
