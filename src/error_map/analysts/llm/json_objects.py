r"""The JSON objects in a model's reply: found in prose, and read where a strict reader gives up.

Models write LaTeX with one backslash, line breaks inside strings, trailing commas, or Python's
`{'a': None}` instead of JSON. Each token is rewritten as JSON has it, and the strict decoder of the
standard library reads the result. So nothing is completed or guessed: an object that was cut stays
unreadable, and no field appears that the model did not write.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_STARTS: Final = 50
"""Objects that may fail to be read; an answer has no more braces before it, but hostile text."""
_SCANNED: Final = 400_000
"""Characters that may be read in vain: four times the longest answer, half a second of work."""
_DEEPEST: Final = 32
"""Brackets within brackets; the answers that are asked for have 4, and a wrapper or two."""
_OBJECT: Final = re.compile(r"""\{(?=\s*+["'}])""")
"""A brace that may begin an object; those of LaTeX and of prose mostly do not."""
_QUOTED: Final = r"""{0}(?:[^{0}\\]++|\\.|{0}(?!\s*+[,:\}}\]]))*+{0}"""
"""A string: it ends at the quotation mark that a comma, colon or bracket follows, so that an inner
quotation that is not escaped stays inside. Possessive, as backtracking would not be linear."""
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
"""Characters of an escape such as `\\u00e9`."""
_LATEX: Final = re.compile(
    "nabla|neq|neg|nleq|ngeq|not|notin|nmid|nsubseteq|nparallel|nexists|nonumber|newline"
    "|rho|right|rangle|rceil|rfloor|rightarrow|rvert|rVert|rm"
    "|tan|tanh|tau|text|textbf|textit|textrm|texttt|tfrac|theta|therefore|tilde|times|to|top"
    "|triangle"
)
r"""Commands that begin like an escape of JSON: `\times` would be a tab and "imes". Not among them
are `\nu`, `\ne` and `\ni`: a line that begins with "u" or "e" is as likely."""
_THOUGHT: Final = re.compile(r"<(?P<end>/?)think(?:ing)?>")


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object and where it stands."""

    start: int
    end: int
    value: dict[str, object]


@dataclass(frozen=True, slots=True)
class Objects:
    """What a text holds."""

    answered: tuple[dict[str, object], ...]
    """Objects that are no part of thinking, in their order."""
    drafts: int
    """Objects that are: in `<think>`, or before a lone `</think>`."""
    fault: str
    """Why the first thing that begins like an object cannot be read; empty where none failed."""


class _Broken(Exception):
    """Something begins like an object and is none."""

    def __init__(self, what: str, place: int) -> None:
        super().__init__(what)
        self.what = what
        self.place = place


def json_objects(text: str) -> Objects:
    r"""Every JSON object of a text that stands in no other one.

    Example:
        >>> json_objects('Sure: {"a": "x \\( y", "b": [1, 2,],}').answered
        ({'a': 'x \\( y', 'b': [1, 2]},)
        >>> json_objects('{"a": 1 "b": 2}').fault
        "line 1, column 9: expecting ',' delimiter"
    """
    found, fault = _found(text)
    thought = _end_of_thinking(text, found)
    answered = tuple(one.value for one in found if one.start >= thought)
    return Objects(answered, len(found) - len(answered), _told(text, fault))


def is_only_thinking(text: str) -> bool:
    """Whether a reply thinks aloud, in `<think>` or up to a lone `</think>`, and says no more.

    Example:
        >>> is_only_thinking("<think>Is it so?"), is_only_thinking("<think>Yes.</think> It is.")
        (True, False)
    """
    if not _THOUGHT.search(text):
        return False
    end = _end_of_thinking(text, _found(text)[0])
    return end > 0 and not text[end:].strip()


def _found(text: str) -> tuple[list[JsonObject], _Broken | None]:
    """The objects that can be read, and the first fault of one that cannot."""
    found: list[JsonObject] = []
    fault: _Broken | None = None
    failed = scanned = 0
    start = _OBJECT.search(text)
    while start and failed < _STARTS and scanned < _SCANNED:
        try:
            one = _read(text, start.start())
        except _Broken as broken:
            fault = fault or broken
            failed += 1
            scanned += broken.place - start.start()
            start = _OBJECT.search(text, start.end())
        else:
            found.append(one)
            start = _OBJECT.search(text, one.end)
    return found, fault


def _end_of_thinking(text: str, found: Sequence[JsonObject]) -> int:
    """Where thinking ends; the whole length where it never does, 0 where there is none.

    Answers about the output of models that think quote their marks. So a mark inside an object is
    none, thinking opens only where the text begins, and it ends only where something follows that
    may be the answer, or nothing at all.
    """
    closed = max((mark.end() for mark in _outside(text, found) if mark["end"]), default=0)
    opening = _THOUGHT.match(text, len(text) - len(text.lstrip()))
    opened = opening is not None and not opening["end"]
    if opened and not closed:
        return len(text)
    answered = any(one.start >= closed for one in found)
    return closed if opened or answered or not text[closed:].strip() else 0


def _outside(text: str, found: Sequence[JsonObject]) -> Iterator[re.Match[str]]:
    """The marks of thinking that stand in no object."""
    spans = iter(found)
    span = next(spans, None)
    for mark in _THOUGHT.finditer(text):
        while span and span.end <= mark.start():
            span = next(spans, None)
        if not (span and span.start <= mark.start()):
            yield mark


def _read(text: str, start: int) -> JsonObject:
    """The object that begins at `start`.

    Raises:
        _Broken: There is none.
    """
    tokens = list(_tokens(text, start))
    pieces = [piece for _, piece in tokens]
    try:
        value = json.loads("".join(pieces), strict=False)
    except json.JSONDecodeError as error:
        raise _Broken(error.msg, _place(tokens, error.pos)) from error
    except ValueError as error:  # a number of thousands of digits
        raise _Broken(str(error), start) from error
    last, closing = tokens[-1]
    return JsonObject(start, last + len(closing), value)


def _tokens(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Places and tokens, as JSON has them, up to the bracket that closes the first one."""
    depth, place = 0, start
    while token := _TOKEN.match(text, place):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > _DEEPEST:
            raise _Broken(f"more than {_DEEPEST} brackets within brackets", place)
        yield place, _as_json(token)
        place = token.end()
        if not depth:
            return
    cut = place == len(text)
    raise _Broken("it ends before it is complete" if cut else "a string does not end", place)


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


def _escape(found: re.Match[str]) -> str:
    r"""An escape of JSON as it is; of any other backslash, the backslash itself.

    Nobody writes a backspace or a form feed before a letter: that is `\beta` or `\frac`.
    """
    text, command = found[0], found["command"]
    if text in {'"', "\\'"}:
        return text.replace('"', '\\"').replace("\\'", "'")
    if command:
        return f"\\{text}" if command[0] in "bf" or _LATEX.fullmatch(command) else text
    return text if text[1] in _JSON_ESCAPES or len(text) == _UNICODE else f"\\{text}"


def _place(tokens: Sequence[tuple[int, str]], position: int) -> int:
    """Where in the text the token stands that holds a position of the rewritten one."""
    for place, piece in tokens:
        position -= len(piece)
        if position < 0:
            return place
    return tokens[-1][0]


def _told(text: str, fault: _Broken | None) -> str:
    if fault is None:
        return ""
    line = text.count("\n", 0, fault.place) + 1
    column = fault.place - text.rfind("\n", 0, fault.place)
    return f"line {line}, column {column}: {fault.what[0].lower()}{fault.what[1:]}"
