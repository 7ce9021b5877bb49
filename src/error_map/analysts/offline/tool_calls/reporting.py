"""A difference between calls in the words of a person, with the place that shows it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from ...texts import clipped
from ..detector import Case, Detection
from .differences import Difference, FaultKind
from .expected import Wanted
from .faults import fault_of
from .similarity import likeness
from .syntax import Bare, Opaque, Untyped

SHOWN_CHARS: Final = 60
QUOTED_CHARS: Final = 160
MOST_SHOWN: Final = 3
DEEPEST: Final = 4


def detection_of(case: Case, kind: FaultKind, *, confidence: float) -> Detection | None:
    """The sign of a fault of that kind; None where another or none decides."""
    found = fault_of(case)
    if found is None or found.kind != kind:
        return None
    title, summary = _TELLERS[kind](found, case)
    return Detection(title=title, summary=summary, spans=_spans(found, case), confidence=confidence)


def shown(value: object) -> str:
    """A value as one would write it, short."""
    if isinstance(value, Bare | Untyped | Opaque):
        return _short(value.text) if not isinstance(value, Untyped) else repr(_short(value.text))
    if isinstance(value, str):
        return repr(_short(value))
    return _short(repr(value))


def _short(text: str) -> str:
    return clipped(text, SHOWN_CHARS)


def _spans(found: Difference, case: Case) -> tuple[tuple[int, int], ...]:
    start, end = found.place
    text = case.output
    if found.kind in {"none", "wrapped"}:
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
    start, end = min(start, len(text)), min(end, len(text))
    if found.argument and found.kind != "missing":
        place = text.find(found.argument, start, end)
        if place >= 0:
            return ((place, min(end, place + len(found.argument) + SHOWN_CHARS)),)
    return ((start, min(end, start + QUOTED_CHARS)),) if end > start else ()


def _none(found: Difference, case: Case) -> tuple[str, str]:
    names = [one.name for one in found.wanted if isinstance(one, Wanted)]
    end = case.output.rstrip()
    what = "asks a question and calls nothing" if end.endswith("?") else "calls nothing"
    opening = _short(" ".join(case.output[: 4 * SHOWN_CHARS].split()))
    return (
        "No tool call made",
        f"The task wants a call of {_listing(names)}; the output {what}: {opening!r}.",
    )


def _broken(found: Difference, case: Case) -> tuple[str, str]:
    start, _ = found.place
    near = _short(" ".join(case.output[start : start + 2 * SHOWN_CHARS].split()))
    return "Tool call does not parse", f"The call {near!r} is not well formed: {found.got}."


def _needless(found: Difference, case: Case) -> tuple[str, str]:
    called = f"calls {found.function}" if found.function else "begins a call"
    what = "wants no such call" if (case.reference or "").strip() else "is to be answered without"
    return "Tool called where none fits", f"The task {what}; the output {called}."


def _count(found: Difference, case: Case) -> tuple[str, str]:
    del case
    wanted = [str(name) for name in found.wanted]
    if found.got is None:
        return "Tool call missing", f"Among the calls made there is none of {_listing(wanted)}."
    got = [str(name) for name in found.got] if isinstance(found.got, tuple) else []
    few = len(got) < len(wanted)
    return (
        "Tool call missing" if few else "Too many tool calls",
        (
            f"The task wants {_calls(len(wanted))} ({_listing(wanted)});"
            f" the output makes {_calls(len(got))} ({_listing(got)})."
        ),
    )


def _name(found: Difference, case: Case) -> tuple[str, str]:
    del case
    if not found.function:
        return "Unknown function called", f"The output calls {found.got}, which is not offered."
    rest = ", which is not among the functions offered" if found.note == "unknown" else ""
    return (
        "Unknown function called" if rest else "Wrong function called",
        f"The output calls {found.got} instead of {found.function}{rest}.",
    )


def _missing(found: Difference, case: Case) -> tuple[str, str]:
    del case
    value = f"; expected {_one_of(found.wanted)}" if found.wanted else ", which is required"
    return "Argument missing", f"{found.function} is called without {found.argument}{value}."


def _extra(found: Difference, case: Case) -> tuple[str, str]:
    del case
    unknown = found.note == "unknown"
    why = "it has no such parameter" if unknown else "the task gives no ground for it"
    return (
        "Unknown argument" if unknown else "Argument not asked for",
        f"{found.function} is called with {found.argument} = {shown(found.got)}; {why}.",
    )


def _type(found: Difference, case: Case) -> tuple[str, str]:
    del case
    expected = f" (expected {_one_of(found.wanted)})" if found.wanted else ""
    return (
        "Argument of wrong type",
        (
            f"{found.function}: {found.argument} is {shown(found.got)}"
            f" where a value of type {found.note} is needed{expected}."
        ),
    )


def _value(found: Difference, case: Case) -> tuple[str, str]:
    del case
    place, got, wanted = _first_parting(found.argument, found.got, found.wanted)
    return (
        "Argument with wrong value",
        f"{found.function}: {place} is {shown(got)}, expected {_one_of(wanted)}.",
    )


def _first_parting(
    name: str, got: object, allowed: tuple[object, ...]
) -> tuple[str, object, tuple[object, ...]]:
    """Where lists and objects of the same shape first differ, with what stands there."""
    if len(allowed) != 1 or name.count(".") + name.count("[") > DEEPEST:
        return name, got, allowed
    wanted = allowed[0]
    parts: list[tuple[str, object, object]] = []
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        parts = [(f"{name}[{n}]", *pair) for n, pair in enumerate(zip(got, wanted, strict=True))]
    elif isinstance(got, dict) and isinstance(wanted, dict) and got.keys() <= wanted.keys():
        parts = [(f"{name}.{key}", got[key], wanted[key]) for key in got]
    unlike = [part for part in parts if likeness(part[1], part[2]) not in {"same", "spelling"}]
    if len(unlike) != 1:
        return name, got, allowed
    return _first_parting(unlike[0][0], unlike[0][1], (unlike[0][2],))


def _order(found: Difference, case: Case) -> tuple[str, str]:
    del case
    got = found.got if isinstance(found.got, tuple) else ()
    return (
        "Tool calls in wrong order",
        (
            f"The calls are right, but made in the order {_listing([str(n) for n in got])};"
            f" expected {_listing([str(n) for n in found.wanted])}."
        ),
    )


def _spelling(found: Difference, case: Case) -> tuple[str, str]:
    del case
    return (
        "Argument spelled otherwise",
        (
            f"{found.function}: {found.argument} is {shown(found.got)}, which differs from"
            f" {_one_of(found.wanted)} only in case, spaces or punctuation."
        ),
    )


def _wrapped(found: Difference, case: Case) -> tuple[str, str]:
    del case
    return (
        "Tool call among other text",
        f"The call of {found.function} is as expected, but stands unmarked among other text.",
    )


def _one_of(allowed: Sequence[object]) -> str:
    values = [shown(one) for one in allowed if one is not None and one != ""][:MOST_SHOWN]
    return " or ".join(values) or "nothing"


def _listing(names: Sequence[str]) -> str:
    more = ", …" if len(names) > 2 * MOST_SHOWN else ""
    return ", ".join(names[: 2 * MOST_SHOWN]) + more or "a function"


def _calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"


_TELLERS: Final[Mapping[FaultKind, Callable[[Difference, Case], tuple[str, str]]]] = (
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
            "wrapped": _wrapped,
        }
    )
)
