"""Words a difference between tool calls as a finding, with the span that shows it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ...texts import clipped
from ..detector import Case, Detection
from .differences import Difference, FaultKind
from .expected import ExpectedCall
from .faults import find_fault
from .similarity import best_similarity
from .syntax import BareWord, Call, Opaque, Untyped

# Bounds for readability: a summary is to stay within a few lines of a table cell.
MAX_VALUE_CHARS: Final = 60
MAX_EVIDENCE_CHARS: Final = 160
MAX_CHOICES: Final = 3
MAX_NAMES: Final = 6
MAX_DEPTH: Final = 4
"""Levels of lists and objects down to which a difference is located."""


def detect_fault(case: Case, kind: FaultKind, *, confidence: float) -> Detection | None:
    """The finding of one kind of fault; None if the most important fault is of another kind."""
    difference = find_fault(case)
    if difference is None or difference.kind != kind:
        return None
    title, summary = _WORDING[kind](difference, case)
    spans = _spans(difference, case)
    return Detection(title=title, summary=summary, spans=spans, confidence=confidence)


def _literal(value: object) -> str:
    """A value in Python syntax, clipped."""
    if isinstance(value, Untyped):
        value = value.text
    return repr(_clip(value)) if isinstance(value, str) else _clip(_python(value))


def _python(value: object) -> str:
    if isinstance(value, BareWord | Opaque):
        return value.text
    if isinstance(value, list):
        return f"[{', '.join(map(_python, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_python(item)}" for key, item in value.items()) + "}"
    return _call(value) if isinstance(value, Call) else repr(value)


def _clip(text: str) -> str:
    return clipped(text, MAX_VALUE_CHARS)


def _spans(difference: Difference, case: Case) -> tuple[tuple[int, int], ...]:
    start, end = difference.span
    text = case.output
    if difference.kind in {"none", "wrapped"}:
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
    start, end = min(start, len(text)), min(end, len(text))
    name = difference.argument
    if name and difference.kind != "missing":
        position = text.find(name, start, end)
        if position >= 0:
            return ((position, min(end, position + len(name) + MAX_VALUE_CHARS)),)
    return ((start, min(end, start + MAX_EVIDENCE_CHARS)),) if end > start else ()


def _none(difference: Difference, case: Case) -> tuple[str, str]:
    names = [call.name for call in difference.expected if isinstance(call, ExpectedCall)]
    asks = case.output.rstrip().endswith("?")
    does = "asks a question instead" if asks else "makes no call"
    opening = _clip(" ".join(case.output[: 4 * MAX_VALUE_CHARS].split()))
    return (
        "No tool call made",
        f"The task expects a call of {_listing(names)}; the output {does}: {opening!r}.",
    )


def _broken(difference: Difference, case: Case) -> tuple[str, str]:
    start, _ = difference.span
    call = _clip(" ".join(case.output[start : start + 2 * MAX_VALUE_CHARS].split()))
    return "Tool call does not parse", f"The call {call!r} is malformed: {difference.got}."


def _needless(difference: Difference, case: Case) -> tuple[str, str]:
    does = f"calls {difference.function}" if difference.function else "begins a call"
    referenced = (case.reference or "").strip()
    expects = "does not expect this call" if referenced else "is to be answered without a call"
    return "Needless tool call", f"The output {does}; the task {expects}."


def _count(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    expected = [str(name) for name in difference.expected]
    got = [str(name) for name in difference.got] if isinstance(difference.got, tuple) else []
    attempts = " that succeeds" if difference.note == "failed" else ""
    if not got:
        return "Tool call missing", f"The output makes no call of {difference.function}{attempts}."
    of = f" of {difference.function}" if len({*expected, *got}) == 1 else ""
    fewer = len(got) < len(expected)
    which = _listing([_call(call) for call in difference.unmatched])
    verb = "is" if len(difference.unmatched) == 1 else "are"
    return (
        "Tool call missing" if fewer else "Too many tool calls",
        (
            f"The task expects {_calls(len(expected))}{of}, the output makes {len(got)}{attempts}:"
            f" {which} {verb} {'missing' if fewer else 'not expected'}."
        ),
    )


def _call(call: Call | ExpectedCall) -> str:
    """A call in Python syntax, clipped; of several allowed values the first is shown."""
    if isinstance(call, ExpectedCall):
        values = {name: allowed[0] for name, allowed in call.allowed.items() if allowed[0] != ""}
        return _clip(f"{call.name}({_arguments(values)})")
    positional = [_literal(value) for value in call.positional]
    inner = ", ".join([*positional, _arguments(call.arguments)] if call.arguments else positional)
    return _clip(f"{call.name}({inner})")


def _arguments(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in values.items())


def _name(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    if not difference.function:
        return (
            "Unknown function called",
            f"The output calls {difference.got}, which the prompt does not offer.",
        )
    unknown = difference.note == "unknown"
    remark = ", which is not among the functions offered" if unknown else ""
    return (
        "Unknown function called" if unknown else "Wrong function called",
        f"The output calls {difference.got} instead of {difference.function}{remark}.",
    )


def _missing(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    choices = [choice for choice in difference.expected if choice is not None and choice != ""]
    remark = f"; expected {_one_of(choices)}" if choices else ", which is required"
    return (
        "Argument missing",
        f"{difference.function} is called without {difference.argument}{remark}.",
    )


def _extra(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    unknown = difference.note == "unknown"
    why = "the function has no such parameter" if unknown else "the reference does not set it"
    name = difference.argument.replace("#", "positional argument ")
    argument = f"{name} = {_literal(difference.got)}"
    return (
        "Unknown argument" if unknown else "Unexpected argument",
        f"{difference.function} is called with {argument}; {why}.",
    )


def _type(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    got = _literal(difference.got)
    expected = f" (expected {_one_of(difference.expected)})" if difference.expected else ""
    match difference.leniency:
        case "null":
            claim = f"is {got}, but must be of type {difference.note} or be left out"
        case "items":
            claim = f"is {got}, with integers where floats such as 2.0 are required{expected}"
        case "text":
            claim = f"is the text {got}, but must be of type {difference.note}{expected}"
        case _:
            claim = f"is {got}, but must be of type {difference.note}{expected}"
    return "Argument of wrong type", f"{difference.function}: {difference.argument} {claim}."


def _value(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    path, got, expected = _locate(difference.argument, difference.got, difference.expected)
    return (
        "Argument with wrong value",
        f"{difference.function}: {path} is {_literal(got)}, expected {_one_of(expected)}.",
    )


def _locate(
    path: str, got: object, allowed: tuple[object, ...]
) -> tuple[str, object, tuple[object, ...]]:
    """The innermost part that differs, if it is the only one.

    Args:
        path: Of the value, such as `sacks[0].kilos`.
        got: The value in the output.
        allowed: Values that count as correct.

    Returns:
        Its path, its value and the allowed values.
    """
    if len(allowed) != 1 or path.count(".") + path.count("[") > MAX_DEPTH:
        return path, got, allowed
    expected = allowed[0]
    parts: list[tuple[str, object, tuple[object, ...]]] = []
    if isinstance(got, list) and isinstance(expected, list) and len(got) == len(expected):
        pairs = enumerate(zip(got, expected, strict=True))
        parts = [(f"{path}[{n}]", item, (right,)) for n, (item, right) in pairs]
    elif isinstance(got, dict) and isinstance(expected, dict) and got.keys() <= expected.keys():
        parts = [
            (f"{path}.{key}", item, _alternatives(item, expected[key])) for key, item in got.items()
        ]
    different = [
        (part_path, part, right)
        for part_path, part, right in parts
        if best_similarity(part, right) in {"type", "differs"}
    ]
    return _locate(*different[0]) if len(different) == 1 else (path, got, allowed)


def _alternatives(got: object, expected: object) -> tuple[object, ...]:
    """The allowed values under a key of an object, which BFCL lists there too."""
    if isinstance(expected, list) and expected and not isinstance(got, list):
        return tuple(expected)
    return (expected,)


def _order(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    got = difference.got if isinstance(difference.got, tuple) else ()
    return (
        "Tool calls in wrong order",
        (
            f"The calls are right, but in the order {_listing([str(name) for name in got])};"
            f" expected {_listing([str(name) for name in difference.expected])}."
        ),
    )


def _spelling(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    return (
        "Argument spelled differently",
        (
            f"{difference.function}: {difference.argument} is {_literal(difference.got)}, which"
            f" differs from {_one_of(difference.expected)} only in case, spaces or punctuation."
        ),
    )


def _form(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    usual = "".join(str(form) for form in difference.expected)
    return (
        "Call in a form that never passes",
        (
            f"The call of {difference.function} is written as {difference.got}. In this dataset no"
            f" answer in that form passed, not even with the expected call; most that passed are"
            f" written as {usual}."
        ),
    )


def _wrapped(difference: Difference, case: Case) -> tuple[str, str]:
    del case
    return (
        "Tool call within other text",
        (
            f"The call of {difference.function} is as expected, but there is other text around"
            " it and no delimiter."
        ),
    )


def _one_of(allowed: Sequence[object]) -> str:
    values = [_literal(value) for value in allowed if value is not None and value != ""]
    more = len(values) - MAX_CHOICES
    others = f" or {more} other value{'s' * (more > 1)}" if more > 0 else ""
    return " or ".join(values[:MAX_CHOICES]) + others or "nothing"


def _listing(names: Sequence[str]) -> str:
    more = ", …" if len(names) > MAX_NAMES else ""
    return ", ".join(names[:MAX_NAMES]) + more or "a function"


def _calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"


_WORDING: Final[Mapping[FaultKind, Callable[[Difference, Case], tuple[str, str]]]] = (
    MappingProxyType(
        {
            "none": _none,
            "broken": _broken,
            "needless": _needless,
            "count": _count,
            "name": _name,
            "missing": _missing,
            "extra": _extra,
            "type": _type,
            "value": _value,
            "order": _order,
            "spelling": _spelling,
            "form": _form,
            "wrapped": _wrapped,
        }
    )
)
"""Title and summary for each kind of fault."""
