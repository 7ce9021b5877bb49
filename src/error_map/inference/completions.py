"""Bodies of the OpenAI protocol's completions, made such that LiteLLM can read them."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from ..errors import ModelDown

PATH_END: Final = "/chat/completions"
_READ_CHARS: Final = 20_000
"""Of a body that is no answer; far more than is shown, as it is cut once secrets are out of it."""


class _Usage(BaseModel):
    """What a provider counts, as far as a reply tells of it."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: dict[str, int | None] | None = None
    completion_tokens_details: dict[str, int | None] | None = None


def readable(body: bytes) -> bytes:
    """The body of a response with status 200, mended.

    A content of parts becomes their text; a usage whose counts are no numbers is left out.

    Raises:
        ModelDown: There is no answer in it.
    """
    try:
        completion = json.loads(body)
    except ValueError:
        raise _unanswered("it is not JSON", body) from None
    if not isinstance(completion, dict):
        raise _unanswered("it is no object", body)
    if error := completion.get("error"):
        if _is_status(error):
            return body  # LiteLLM takes it for the response's status
        raise _unanswered("it tells an error", body)
    messages = [_message(choice) for choice in completion.get("choices") or [None]]
    if None in messages:
        raise _unanswered("no choice has a message" if completion.get("choices") else _EMPTY, body)
    mended = [_mend(message) for message in messages if message is not None]
    if "usage" in completion and not _is_countable(completion["usage"]):
        del completion["usage"]
        mended.append(True)
    return json.dumps(completion).encode() if any(mended) else body


_EMPTY: Final = "it has no choices"


def _is_status(error: object) -> bool:
    return isinstance(error, Mapping) and isinstance(error.get("code"), int)


def _message(choice: object) -> dict[str, Any] | None:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    return message if isinstance(message, dict) else None


def _mend(message: dict[str, Any]) -> bool:
    """Makes a text of the content, and says whether it was none."""
    content = message.get("content")
    if content is None or isinstance(content, str):
        return False
    message["content"] = _text(content)
    return True


def _is_countable(usage: object) -> bool:
    """Whether the counts are whole numbers: LiteLLM refuses the response for one that is not."""
    try:
        _Usage.model_validate(usage)
    except ValidationError:
        return False
    return True


def _text(content: object) -> str:
    """The texts of parts in a row; other parts, such as thoughts, are no answer."""
    if not isinstance(content, list):
        return json.dumps(content)
    return "".join(_text_of_part(part) for part in content)


def _text_of_part(part: object) -> str:
    text = part.get("text") if isinstance(part, Mapping) else part
    return text if isinstance(text, str) else ""


def _unanswered(reason: str, body: bytes) -> ModelDown:
    shown = " ".join(body[:_READ_CHARS].decode(errors="replace").split())
    return ModelDown(f"HTTP 200 without an answer: {reason}: {shown!r}")
