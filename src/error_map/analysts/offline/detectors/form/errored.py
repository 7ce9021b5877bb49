"""Finds error messages of the evaluation tool or the model's server in place of an answer."""

import re
from typing import Final

from ...detector import Case, Detection, Detector, Habit, title_of
from ...text.word_overlap import lowercase

# A guess: the measured sets contain no such outputs, but the patterns are whole messages.
CONFIDENCE: Final = 0.9
MAX_CHARS: Final = 6_000
"""Longer than the traceback of any usual call."""
QUOTED_CHARS: Final = 200
"""Characters quoted from the beginning, which name the error."""

_STATUS: Final = r"(?:4(?:0[0-9]|1[0-9]|2[0-9]|51)|5(?:0[0-9]|2[0-9]))"
_MESSAGE: Final = re.compile(
    r"\s*(?:\W?\s*"
    # What client libraries write.
    rf"(?:error:?\s*)?error code:? {_STATUS}\b\s*(?:-|:|\Z)"
    rf"|(?:an )?(?:http|api) ?(?:status|error)(?: code)?:? \(?{_STATUS}\b"
    rf"|{_STATUS} (?:client|server) error: |{_STATUS} (?:too many requests|bad gateway"
    r"|service (?:temporarily )?unavailable|internal server error|gateway time-?out)\s*\Z"
    r"|(?:[\w.]{1,60}\.)?(?:RateLimit|APIConnection|APITimeout|APIStatus|API|InternalServer"
    r"|ServiceUnavailable|BadRequest|ContextWindowExceeded|Authentication|InvalidRequest"
    r"|ReadTimeout|ConnectTimeout|HTTPStatus|HTTP|OutOfMemory|ContentPolicyViolation)Error\b\s*[:(]"
    r"|(?:error:?\s*)?(?:the )?request timed out\.?\s*\Z|(?:error:?\s*)?connection error\.?\s*\Z"
    r"|(?:error:?\s*)?(?:rate limit (?:exceeded|reached)|too many requests)\b[^\n]{0,200}\s*\Z"
    r"|(?:error:?\s*)?cuda (?:error: )?out of memory|torch\.cuda\.|upstream connect error"
    r"|this model's maximum context length is \d"
    r"|<html>\s*<head>\s*<title>\s*\d{3} "
    # JSON that an API returns instead of a reply.
    r"|\{\s*[\"']error[\"']\s*:\s*(?:\{\s*[\"'](?:message|code|type|status)[\"']\s*:|[\"'](?:rate|internal"
    r"|timeout|overloaded|connection|unauthorized))"
    r"|\{\s*\"type\"\s*:\s*\"error\"\s*,\s*\"error\"\s*:"
    r")",
    re.IGNORECASE,
)
_TRACEBACK: Final = re.compile(
    r"\s*Traceback \(most recent call last\):\n[\s\S]{0,5000}\n"
    r"(?:openai|anthropic|httpx|httpcore|requests|aiohttp|urllib3|litellm|google|botocore|torch|vllm"
    r"|transformers|json\.decoder|ssl|socket)[\w.]*(?:Error|Exception|Timeout)\b[^\n]*\s*\Z"
)
# A task about errors, programs or the web may have such a text as its answer.
_ABOUT_ERRORS: Final = ("error", "exception", "traceback", "http", "status", "log ", "stderr")


def detect(case: Case) -> Detection | None:
    """Find outputs that consist of the error message of a failed request."""
    output = case.output
    if len(output) > MAX_CHARS or any(word in lowercase(case.prompt) for word in _ABOUT_ERRORS):
        return None
    found = _MESSAGE.match(output) or _TRACEBACK.match(output)
    if found is None:
        return None
    start = len(output) - len(output.lstrip())
    end = min(len(output.rstrip()), start + QUOTED_CHARS)
    shown = " ".join(output[start:end].split())
    return Detection(
        title="Error message instead of an answer",
        summary="The output is the error message of a failed request, not an answer of the model:"
        f" {shown!r}.",
        spans=((start, end),),
        confidence=CONFIDENCE,
    )


DETECTOR: Final = Detector(
    name="errored",
    finding="Error message instead of an answer",
    description="The output is an error message of the evaluation tool or the model's server.",
    category="degenerate_output",
    kind="cause",
    rank=9,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
)
