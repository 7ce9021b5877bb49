r"""Finds the JSON objects in a model's reply, and reads them where a strict parser fails.

Models write LaTeX with single backslashes, line breaks inside strings, trailing commas, or Python's
`{'a': None}` instead of JSON. Each token is rewritten as valid JSON, and the strict decoder of the
standard library reads the result. Nothing is completed or guessed: an object that was cut stays
unreadable, and no field appears that the model did not write.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# Bounds work on hostile input: an honest answer has fewer braces before it.
_MAX_FAILURES: Final = 50
"""Objects that cannot be read before the search ends."""
# Four times the longest answer, half a second of work.
_MAX_CHARS_WASTED: Final = 400_000
"""Characters scanned in objects that cannot be read before the search ends."""
# The requested answers have 4 levels, and a wrapper or two; the decoder's recursion stays small.
_MAX_DEPTH: Final = 32
"""Nested brackets."""
_OBJECT: Final = re.compile(r"""\{(?=\s*+["'}])""")
"""A brace that may begin an object, which those of LaTeX and prose mostly cannot."""
_QUOTED: Final = r"""{0}(?:[^{0}\\]++|\\.|{0}(?!\s*+[,:\}}\]]))*+{0}"""
"""A string: it ends at a quotation mark before a comma, colon or bracket, so that inner quotation
marks need no escape. Quantifiers are possessive, as backtracking would not be linear."""
_TOKEN: Final = re.compile(
    rf"""(?P<space>\s++)
    |(?P<string>{_QUOTED.format('"')}|{_QUOTED.format("'")})
    |(?P<open>[{{\[])
    |(?P<close>[}}\]])
    |(?P<spare>,(?=\s*+[}}\]]))
    |(?P<mark>[,:])
    |(?P<word>[^\s"'{{}}\[\],:]++)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: Final = {"True": "true", "False": "false", "None": "null"}
_ESCAPE: Final = re.compile(r'\\(?:u[0-9a-fA-F]{4}|(?P<command>[bfnrt][A-Za-z]+)|.)|"', re.DOTALL)
_JSON_ESCAPES: Final = frozenset('"\\/bfnrt')
_UNICODE: Final = 6
"""Length of an escape such as `\\u00e9`."""
_LATEX: Final = re.compile(
    "nabla|neq|neg|nleq|ngeq|not|notin|nmid|nsubseteq|nparallel|nexists|nonumber|newline"
    "|rho|right|rangle|rceil|rfloor|rightarrow|rvert|rVert|rm"
    "|tan|tanh|tau|text|textbf|textit|textrm|texttt|tfrac|theta|therefore|tilde|times|to|top"
    "|triangle"
)
r"""Commands that begin like an escape of JSON: `\times` would be a tab and "imes". `\nu`, `\ne`
and `\ni` are left out, because a line break before "u", "e" or "i" is as likely."""
_REASONING_TAG: Final = re.compile(r"<(?P<end>/?)think(?:ing)?>")


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object and its span in the text."""

    start: int
    end: int
    value: dict[str, object]


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of a text."""

    answered: tuple[dict[str, object], ...]
    """Objects outside the reasoning, in order."""
    drafts: int
    """Number of objects inside the reasoning: in `<think>`, or before a lone `</think>`."""
    error: str
    """Why the first invalid object cannot be read; empty if all can."""


class _Broken(Exception):
    """An object that cannot be read."""

    def __init__(self, what: str, offset: int) -> None:
        super().__init__(what)
        self.what = what
        self.offset = offset


def json_objects(text: str) -> Objects:
    r"""All top-level JSON objects of a text.

    Example:
        >>> json_objects('Sure: {"a": "x \\( y", "b": [1, 2,],}').answered
        ({'a': 'x \\( y', 'b': [1, 2]},)
        >>> json_objects('{"a": 1 "b": 2}').error
        "line 1, column 9: expecting ',' delimiter"
    """
    objects, error = _objects(text)
    reasoning_end = _end_of_reasoning(text, objects)
    answered = tuple(entry.value for entry in objects if entry.start >= reasoning_end)
    return Objects(answered, len(objects) - len(answered), _described(text, error))


def is_only_thinking(text: str) -> bool:
    """Whether a reply holds only reasoning, in `<think>` or before a lone `</think>`.

    Example:
        >>> is_only_thinking("<think>Is it so?"), is_only_thinking("<think>Yes.</think> It is.")
        (True, False)
    """
    if not _REASONING_TAG.search(text):
        return False
    end = _end_of_reasoning(text, _objects(text)[0])
    return end > 0 and not text[end:].strip()


def _objects(text: str) -> tuple[list[JsonObject], _Broken | None]:
    """The objects that can be read, and the error of the first one that cannot."""
    objects: list[JsonObject] = []
    error: _Broken | None = None
    failures = wasted = 0
    start = _OBJECT.search(text)
    while start and failures < _MAX_FAILURES and wasted < _MAX_CHARS_WASTED:
        try:
            entry = _read(text, start.start())
        except _Broken as broken:
            error = error or broken
            failures += 1
            wasted += broken.offset - start.start()
            start = _OBJECT.search(text, start.end())
        else:
            objects.append(entry)
            start = _OBJECT.search(text, entry.end)
    return objects, error


def _end_of_reasoning(text: str, objects: Sequence[JsonObject]) -> int:
    """The offset at which reasoning ends: the text's length if it never does, 0 if there is none.

    Diagnoses of reasoning models quote their tags. So tags inside objects are ignored, reasoning
    begins only at the start of the text, and a lone closing tag ends it only if an object or
    nothing follows.
    """
    closed = max((tag.end() for tag in _outside(text, objects) if tag["end"]), default=0)
    opening = _REASONING_TAG.match(text, len(text) - len(text.lstrip()))
    opened = opening is not None and not opening["end"]
    if opened and not closed:
        return len(text)
    answered = any(entry.start >= closed for entry in objects)
    return closed if opened or answered or not text[closed:].strip() else 0


def _outside(text: str, objects: Sequence[JsonObject]) -> Iterator[re.Match[str]]:
    """The reasoning tags outside all objects."""
    spans = iter(objects)
    span = next(spans, None)
    for tag in _REASONING_TAG.finditer(text):
        while span and span.end <= tag.start():
            span = next(spans, None)
        if not (span and span.start <= tag.start()):
            yield tag


def _read(text: str, start: int) -> JsonObject:
    """The object that begins at `start`.

    Raises:
        _Broken: It cannot be read.
    """
    tokens = list(_tokens(text, start))
    pieces = [piece for _, piece in tokens]
    try:
        # Not strict, so that line breaks inside strings are accepted.
        value = json.loads("".join(pieces), strict=False)
    except json.JSONDecodeError as error:
        raise _Broken(error.msg, _offset(tokens, error.pos)) from error
    except ValueError as error:  # a number of thousands of digits
        raise _Broken(str(error), start) from error
    last, closing = tokens[-1]
    return JsonObject(start, last + len(closing), value)


def _tokens(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Offsets and tokens, rewritten as JSON, up to the bracket that closes the first one."""
    depth, offset = 0, start
    while token := _TOKEN.match(text, offset):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > _MAX_DEPTH:
            raise _Broken(f"more than {_MAX_DEPTH} brackets within brackets", offset)
        yield offset, _as_json(token)
        offset = token.end()
        if not depth:
            return
    cut = offset == len(text)
    raise _Broken("it ends before it is complete" if cut else "a string does not end", offset)


def _as_json(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "string":
            return f'"{_ESCAPE.sub(_escape, token[0][1:-1])}"'
        case "space":
            return " "
        case "spare":
            return ""
        case _:
            return _WORDS.get(token[0], token[0])


def _escape(match: re.Match[str]) -> str:
    r"""A valid JSON escape unchanged; any other backslash as a literal one.

    A backspace or form feed before a letter is never meant: that is `\beta` or `\frac`.
    """
    text, command = match[0], match["command"]
    if text in {'"', "\\'"}:
        return text.replace('"', '\\"').replace("\\'", "'")
    if command:
        return f"\\{text}" if command[0] in "bf" or _LATEX.fullmatch(command) else text
    return text if text[1] in _JSON_ESCAPES or len(text) == _UNICODE else f"\\{text}"


def _offset(tokens: Sequence[tuple[int, str]], position: int) -> int:
    """The offset in the text of the token at a position of the rewritten text."""
    for offset, piece in tokens:
        position -= len(piece)
        if position < 0:
            return offset
    return tokens[-1][0]


def _described(text: str, error: _Broken | None) -> str:
    if error is None:
        return ""
    line = text.count("\n", 0, error.offset) + 1
    column = error.offset - text.rfind("\n", 0, error.offset)
    return f"line {line}, column {column}: {error.what[0].lower()}{error.what[1:]}"
