"""Routes to answers after a marker: a line, a tag, a statement, a block."""

import re
from collections import deque
from typing import Final

from ..spans import MAX_CHARS, Answer, last_group, last_match, stripped

_HASHES: Final = re.compile(r"####([^\n]+)")
_LINE: Final = re.compile(
    r"^[ \t>*_#-]*(?:the[ \t]+)?(?:final[ \t]+)?(?:a|answer)[*_]*[ \t]*:([^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
_STATED: Final = re.compile(
    r"\banswer\b(?:[^\n.]{0,40}?)(?:\bis\b|\bwould be\b)[: *_`$]*(?P<value>[^\n]{1,300})",
    re.IGNORECASE,
)
_STATED_ABROAD: Final = re.compile(
    r"(?:\u7b54\u6848(?:\u5e94\u8be5|\u61c9\u8a72)?(?:\u662f|\u4e3a|\u70ba|[:\uff1a])"
    r"|\u7b54\u3048\u306f|\uc815?\ub2f5\uc740"
    r"|\b(?:respuesta (?:final |correcta )?es|r\u00e9ponse (?:finale |correcte )?est"
    r"|antwort (?:ist|lautet)|antwoord is|resposta (?:final |correta )?\u00e9"
    r"|risposta (?:finale |corretta )?\u00e8|odpowied\u017a to|\u043e\u0442\u0432\u0435\u0442:?)"
    r"(?=[\s:]))"
    r"[: *_`$\uff1a]*(?P<value>[^\n]{1,300})",
    re.IGNORECASE,
)
"""The same in Chinese, Japanese, Korean, Spanish, French, German, Dutch, Portuguese, Italian,
Polish and Russian."""
_SENTENCE_END: Final = re.compile(r"[.!?;](?=\s|$)|[\u3002\uff01\uff1b]|\*\*|\n")
_OUTPUT_LINE: Final = re.compile(
    r"^[ \t>*_#-]*(?:the[ \t]+)?(?:final[ \t]+)?(?:output|result|prediction|label|solution)[*_]*"
    r"[ \t]*:([^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
_TAG: Final = re.compile(r"(?:<(/?)(?:final_?)?answer>|\[(/?)answer\])", re.IGNORECASE)
_ASSERTED: Final = re.compile(r"(?<![=!<>])==(?!=)([^\n=]+)")
_FENCED: Final = re.compile(r"```[\w+-]{0,20}[ \t]*\n(.*?)```", re.DOTALL)
_BOLD: Final = re.compile(r"\*\*([^*\n]{1,300})\*\*")


def whole_output(output: str) -> Answer | None:
    """All of the output, without quotes and backticks around it."""
    return stripped(output, 0, len(output))


def hashes(output: str) -> Answer | None:
    """The text after the last `####`."""
    return last_group(_HASHES, output)


def answer_line(output: str) -> Answer | None:
    """The text after the last `A:` or `Answer:` at the start of a line."""
    return last_group(_LINE, output)


def statement(output: str) -> re.Match[str] | None:
    """The last "the answer is" with what follows, in any of several languages."""
    return last_match(_STATED, output) or last_match(_STATED_ABROAD, output)


def stated_answer(output: str) -> Answer | None:
    """The text after the last "the answer is", to the end of the sentence."""
    match = statement(output)
    if match is None:
        return None
    start, stop = match.span("value")
    end = _SENTENCE_END.search(output, start, stop)
    return stripped(output, start, end.start() if end else stop)


def output_line(output: str) -> Answer | None:
    """The text after the last `Output:` or `Result:` at the start of a line."""
    return last_group(_OUTPUT_LINE, output)


def tagged(output: str) -> Answer | None:
    """The text between the last answer tags; if it is an assertion, its right-hand side."""
    tags = deque(_TAG.finditer(output, max(0, len(output) - MAX_CHARS)), maxlen=2)
    if len(tags) < 2:  # noqa: PLR2004 - an opening and a closing tag
        return None
    opening, closing = tags
    if any(opening.groups()) or not any(closing.groups()):
        return None
    start, end = opening.end(), closing.start()
    claims = deque(_ASSERTED.finditer(output, start, end), maxlen=1)
    return stripped(output, *(claims[0].span(1) if claims else (start, end)))


def asserted(output: str) -> Answer | None:
    """The right-hand side of the last `==`."""
    return last_group(_ASSERTED, output)


def last_block(output: str) -> Answer | None:
    """The content of the last fenced block."""
    return last_group(_FENCED, output)


def last_bold(output: str) -> Answer | None:
    """The last text in bold."""
    return last_group(_BOLD, output)


def last_line(output: str) -> Answer | None:
    """The last line that is not blank."""
    end = len(output.rstrip())
    return stripped(output, output.rfind("\n", 0, end) + 1, end)
