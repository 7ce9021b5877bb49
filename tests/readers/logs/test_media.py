"""Images and audio in messages are named by type, size and hash."""

import base64
import hashlib

import pytest

from error_map.readers.logs.composed import content_text

DATA = b"\x89PNG" * 100
BASE64 = base64.b64encode(DATA).decode()
HASH = hashlib.sha256(DATA).hexdigest()[:12]


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{BASE64}"}},
            "image/png",
        ),
        ({"type": "image", "image": f"data:image/png;base64,{BASE64}"}, "image/png"),
        ({"type": "input_audio", "input_audio": {"data": BASE64, "format": "wav"}}, "input_audio"),
        (
            {"type": "image", "source": {"media_type": "image/jpeg", "data": BASE64}},
            "image/jpeg",
        ),
    ],
)
def test_media_are_named_by_type_size_and_hash(part: object, name: str) -> None:
    text = content_text({"content": [{"type": "text", "text": "See:"}, part]})

    assert text == f"See:\n[{name}, 400 bytes, sha256 {HASH}]"


def test_media_that_are_only_linked_are_named_by_their_address() -> None:
    part = {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}}

    assert content_text({"content": [part]}) == "[image_url: https://example.org/cat.png]"


def test_damaged_media_are_named_by_the_text_that_is_there() -> None:
    text = content_text({"content": [{"type": "image", "image": "data:image/png;base64,$$"}]})

    assert text.startswith("[image/png, 2 bytes, sha256 ")
