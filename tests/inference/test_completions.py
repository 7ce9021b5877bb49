"""Repair of completion bodies, without a server."""

import json
from typing import Final

import pytest

from error_map.errors import ModelDown
from error_map.inference.completions import repaired


def body(content: object = "yes", **fields: object) -> bytes:
    message = {"role": "assistant", "content": content}
    return json.dumps({"choices": [{"index": 0, "message": message}], **fields}).encode()


USAGE: Final = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}


@pytest.mark.parametrize(
    "valid",
    [
        body(),
        body(None),
        body(usage=USAGE),
        body(usage={**USAGE, "prompt_tokens_details": {"cached_tokens": 1}}),
        json.dumps({"error": {"message": "busy", "code": 429}}).encode(),
    ],
)
def test_a_readable_body_keeps_its_bytes(valid: bytes) -> None:
    assert repaired(valid) is valid


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"type": "text", "text": "a"}, "b"], "ab"),
        ([{"type": "thinking", "thinking": "so"}], ""),
        ({"answer": 1}, '{"answer": 1}'),
        (5, "5"),
    ],
)
def test_content_that_is_not_text_becomes_text(content: object, text: str) -> None:
    completion = json.loads(repaired(body(content)))

    assert completion["choices"][0]["message"]["content"] == text


@pytest.mark.parametrize("usage", [{"prompt_tokens": "many"}, {"total_tokens": 1.5}, "none", [1]])
def test_an_invalid_usage_is_removed(usage: object) -> None:
    assert "usage" not in json.loads(repaired(body(usage=usage)))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"<html>", "it is not JSON"),
        (b"[]", "it is not an object"),
        (b'{"error": "down"}', "it reports an error"),
        (b'{"choices": []}', "it has no choices"),
        (b'{"choices": [{"message": null}]}', "no choice has a message"),
    ],
)
def test_a_body_without_an_answer_is_an_error_that_quotes_it(raw: bytes, reason: str) -> None:
    with pytest.raises(ModelDown) as caught:
        repaired(raw)

    assert caught.value.message.startswith(f"HTTP 200 without an answer: {reason}: ")
    assert raw.decode() in caught.value.message


def test_the_quoted_part_of_a_long_body_is_bounded() -> None:
    with pytest.raises(ModelDown) as caught:
        repaired(b"x" * 1_000_000)

    assert len(caught.value.message) < 1_000
