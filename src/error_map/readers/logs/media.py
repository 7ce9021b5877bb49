"""Names images, audio and other parts of messages that are no text, instead of inlining them."""

import hashlib
import re
from binascii import Error, a2b_base64
from typing import Final

from .json_files import text_at

_PLACES: Final = (
    *(("image_url", "url"), ("input_audio", "data"), ("source", "data"), ("source", "url")),
    *(("file", "file_data"), ("image",), ("audio",), ("video",), ("document",)),
    *(("image_url",), ("data",), ("url",)),
)
"""Where parts of messages have their content or its address: OpenAI, Anthropic, Inspect AI."""
_DATA_URL: Final = re.compile(r"data:([\w.+/-]{1,100})?(?:;[\w=.+-]{1,100}){0,5},")
_MAX_ADDRESS_CHARS: Final = 200
_HASH_CHARS: Final = 12
"""Enough to tell the media of a log apart."""


def media_name(part: object) -> str:
    """A part of a message by its type, size and hash, or its address; empty if it has no type.

    Example:
        >>> media_name({"type": "image", "image": "data:image/png;base64,iVBORw0KGgo="})
        '[image/png, 8 bytes, sha256 4c4b6a3be131]'
        >>> media_name({"type": "image", "image": "cat.png"}), media_name({"type": "video"})
        ('[image: cat.png]', '[video]')
    """
    kind = text_at(part, "type")
    content = next((text for place in _PLACES if (text := text_at(part, *place))), "")
    if not kind or not content:
        return f"[{kind}]" if kind else ""
    head = _DATA_URL.match(content)
    if head is None and len(content) <= _MAX_ADDRESS_CHARS:
        return f"[{kind}: {content}]"
    name = (head[1] if head else "") or text_at(part, "source", "media_type") or kind
    data = _bytes(content[head.end() :] if head else content)
    digest = hashlib.sha256(data).hexdigest()[:_HASH_CHARS]
    return f"[{name}, {len(data):,} bytes, sha256 {digest}]"


def _bytes(text: str) -> bytes:
    """The bytes of a text in base64; of any other text, its own."""
    plain = text.encode(errors="replace")
    try:
        return a2b_base64(plain, strict_mode=True)
    except Error:
        return plain
