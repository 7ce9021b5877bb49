"""Differences between the tool calls of an output and the expected calls."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, get_args

from .expected import ExpectedCall, arguments_by_name
from .schema_types import allowed_types, type_mismatch, type_of
from .similarity import best_similarity, parse_untyped
from .syntax import BareWord, Call, Untyped, normalized_name
from .tools import Tool

FaultKind: TypeAlias = Literal[
    "none",
    "broken",
    "needless",
    "count",
    "name",
    "missing",
    "extra",
    "type",
    "value",
    "order",
    "spelling",
    "form",
    "wrapped",
]
Leniency: TypeAlias = Literal[
    "", "order", "spelling", "loose", "wrapped", "text", "items", "null", "word"
]
"""What some scorers accept: another order or spelling, spelling that the checker of BFCL ignores,
text around the call, a value written as text, integers for floats in a list, null for an argument
that may be omitted, `true` for `True`."""
_REPORT_ORDER: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
"""Structure before content: a wrong argument says little about the wrong function."""
# Only their order of magnitude matters: a call is aligned with one of the same name first, then
# with the one whose arguments differ least; spelling decides between otherwise equal calls.
_ALIGNMENT_COST: Final[Mapping[FaultKind, float]] = {
    "name": 100,
    "missing": 3,
    "extra": 3,
    "type": 2,
    "value": 2,
    "spelling": 0.1,
}
_OTHER_COST: Final = 1.0
# Alignment compares every call with every other; above this many they are compared in order.
MAX_ALIGNED_CALLS: Final = 12
MAX_TYPED_ITEMS: Final = 12
"""Leading items of a list whose types are compared; a wrong item type shows in the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference between the calls of an output and the expected calls."""

    kind: FaultKind
    function: str
    argument: str = ""
    got: object = None
    expected: tuple[object, ...] = ()
    note: str = ""
    """The required type, or "unknown" if the schemas do not have the function or argument."""
    leniency: Leniency = ""
    """Empty if no scorer accepts it."""
    unmatched: tuple[Call | ExpectedCall, ...] = ()
    """If the number of calls differs, those of the longer list without a counterpart."""
    span: tuple[int, int] = (0, 0)
    """The call in the output, in characters."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal for the same difference in another output."""
        return self.kind, normalized_name(self.function), self.argument, repr(self.got)


def by_importance(differences: Iterable[Difference]) -> list[Difference]:
    """The differences in report order: structure before content, then what scorers may accept."""
    return sorted(differences, key=lambda one: (one.leniency != "", _REPORT_ORDER.index(one.kind)))


def call_differences(
    expected: ExpectedCall, call: Call, tools: Mapping[str, Tool]
) -> list[Difference]:
    """The differences between one call and the expected call that it is compared with."""
    span = (call.start, call.end)
    called = normalized_name(call.name)
    if not _same_function(called, normalized_name(expected.name), tools):
        # Without schemas in the prompt nothing is known to be unknown.
        note = "" if called in tools or not tools else "unknown"
        return [
            Difference(kind="name", function=expected.name, got=call.name, note=note, span=span)
        ]
    tool = tools.get(called)
    order = tuple(tool.parameters) if tool and tool.parameters else tuple(expected.allowed)
    arguments = arguments_by_name(call, order)
    differences = [
        *_missing_arguments(expected, arguments, tool),
        *_extra_arguments(expected, arguments, tool),
        *_unequal_arguments(expected, arguments, tool),
    ]
    return [replace(one, function=expected.name, span=span) for one in differences]


def _same_function(called: str, expected: str, tools: Mapping[str, Tool]) -> bool:
    if called == expected:
        return True
    # Some references have the name without its namespace, or without the number behind it.
    shortened = called.endswith(f"_{expected}") or called.startswith(f"{expected}_")
    return shortened and called in tools and expected not in tools


def _missing_arguments(
    expected: ExpectedCall, arguments: Mapping[str, object], tool: Tool | None
) -> Iterator[Difference]:
    required = tool.required if tool else frozenset()
    for name, allowed in expected.allowed.items():
        if name in arguments or (name in expected.optional and name not in required):
            continue
        yield Difference(kind="missing", function=expected.name, argument=name, expected=allowed)


def _extra_arguments(
    expected: ExpectedCall, arguments: Mapping[str, object], tool: Tool | None
) -> Iterator[Difference]:
    for name, value in arguments.items():
        schema = tool.parameters.get(name) if tool else None
        # Models write null for optional parameters that they leave out.
        if name in expected.allowed or (value is None and schema is not None):
            continue
        if schema is not None and "default" in schema and schema["default"] == value:
            continue
        unknown = tool is not None and tool.closed and schema is None
        note = "unknown" if unknown else ""
        yield Difference(kind="extra", function=expected.name, argument=name, got=value, note=note)


def _unequal_arguments(
    expected: ExpectedCall, arguments: Mapping[str, object], tool: Tool | None
) -> Iterator[Difference]:
    for name, allowed in expected.allowed.items():
        if name not in arguments:
            continue
        value = arguments[name]
        schema = tool.parameters.get(name, {}) if tool else {}
        if value is None and name in expected.optional and None not in allowed:
            # An exact reference gives the default, which null means.
            found = _null_mismatch(allowed, schema) if expected.lists_values else None
        else:
            found = _mismatch(value, allowed, schema, listed=expected.lists_values)
        if found is not None:
            kind, note, leniency = found
            yield Difference(
                kind=kind,
                function=expected.name,
                argument=name,
                got=value,
                expected=allowed,
                note=note,
                leniency=leniency,
            )


def _mismatch(
    value: object, allowed: tuple[object, ...], schema: Mapping[str, object], *, listed: bool
) -> tuple[FaultKind, str, Leniency] | None:
    """The kind of difference of a value from all allowed ones, with its note and leniency."""
    grade = best_similarity(value, allowed)
    if grade == "same":
        if isinstance(value, float) and _integers_only(allowed, schema):
            return "type", "integer", ""
        if listed and _integers_for_floats(value, allowed, schema):
            return "type", "list of float", "items"
        if listed and isinstance(value, BareWord) and isinstance(allowed[0], bool):
            return "type", "boolean", "word"
        return None
    if grade in {"loose", "spelling"}:
        return "spelling", "", "loose" if grade == "loose" else "spelling"
    kind, note = _type_or_value(value, allowed, schema)
    return kind, note, "text" if grade == "type" and isinstance(value, str) else ""


def _null_mismatch(
    allowed: Sequence[object], schema: Mapping[str, object]
) -> tuple[FaultKind, str, Leniency]:
    return "type", _type_names(allowed, schema), "null"


def _type_names(allowed: Sequence[object], schema: Mapping[str, object]) -> str:
    types = allowed_types(schema) or {_broad_type(choice) for choice in allowed if choice != ""}
    return " or ".join(sorted(types)) or "another type"


def _integers_for_floats(
    value: object, allowed: Sequence[object], schema: Mapping[str, object]
) -> bool:
    """Whether a list has integers where the schema and the reference have floats, as in 2.0.

    The checker of BFCL converts integers to floats outside of lists only.
    """
    items = schema.get("items")
    if not isinstance(value, list) or not isinstance(items, Mapping):
        return False
    floats = [choice for choice in allowed if isinstance(choice, list)]
    return (
        allowed_types(items) == {"number"}
        and any(type(item) is int for item in value[:MAX_TYPED_ITEMS])
        and all(isinstance(item, float) for choice in floats for item in choice[:MAX_TYPED_ITEMS])
    )


def _integers_only(allowed: Sequence[object], schema: Mapping[str, object]) -> bool:
    """Whether 5.0 counts as wrong: the schema says integer and the reference has no float."""
    return allowed_types(schema) == {"integer"} and not any(isinstance(v, float) for v in allowed)


def _type_or_value(
    value: object, allowed: Sequence[object], schema: Mapping[str, object]
) -> tuple[FaultKind, str]:
    """Classifies a difference as of type or value, by the schema or else by the reference.

    Returns:
        The kind and, for a type, the required one.
    """
    types = {_broad_type(choice) for choice in allowed if choice != ""}
    required = type_mismatch(value, schema)
    if required and _broad_type(value) not in types:
        return "type", required
    if isinstance(value, list) and not _item_types(value) <= _item_types(*allowed):
        return "type", required or "list of other items"
    got = _broad_type(value)
    if not schema.get("type") and got and got not in types and "" not in types:
        return "type", " or ".join(sorted(types)) or "another type"
    return "value", ""


def _item_types(*values: object) -> set[str]:
    """The types of the items of all values that are lists."""
    lists = [value for value in values if isinstance(value, list)]
    return {_broad_type(item) for items in lists for item in items[:MAX_TYPED_ITEMS]}


def _broad_type(value: object) -> str:
    """The type of a value, integers and other numbers taken together."""
    name = type_of(parse_untyped(value.text) if isinstance(value, Untyped) else value)
    return "number" if name == "integer" else name


def align_calls(
    expected: Sequence[ExpectedCall], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> list[tuple[int, int, list[Difference]]]:
    """Aligns each expected call with the most similar call of the output.

    Returns:
        Triples of expected index, index of the call and their differences, by expected index.
    """
    if len(expected) == 1 == len(calls):
        return [(0, 0, call_differences(expected[0], calls[0], tools))]
    if max(len(expected), len(calls)) > MAX_ALIGNED_CALLS:
        return [
            (index, index, call_differences(expected_call, call, tools))
            for index, (expected_call, call) in enumerate(zip(expected, calls, strict=False))
        ]
    candidates = [
        (_alignment_cost(differences), abs(row - column), row, column, differences)
        for row, expected_call in enumerate(expected)
        for column, call in enumerate(calls)
        for differences in [call_differences(expected_call, call, tools)]
    ]
    aligned: list[tuple[int, int, list[Difference]]] = []
    rows: set[int] = set()
    columns: set[int] = set()
    # Greedy rather than optimal: calls are few, and most have an exact or a nearly exact match.
    for _, _, row, column, differences in sorted(candidates, key=lambda pair: pair[:4]):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            aligned.append((row, column, differences))
    return sorted(aligned, key=lambda pair: pair[0])


def _alignment_cost(differences: Sequence[Difference]) -> float:
    return sum(_ALIGNMENT_COST.get(difference.kind, _OTHER_COST) for difference in differences)


def count_difference(
    expected: Sequence[ExpectedCall], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> Difference:
    """The difference between two numbers of calls, with the calls that are missing or needless."""
    aligned = align_calls(expected, calls, tools)
    fewer = len(calls) < len(expected)
    matched = {row if fewer else column for row, column, _ in aligned}
    longer: Sequence[Call | ExpectedCall] = expected if fewer else calls
    return Difference(
        kind="count",
        function=expected[0].name,
        got=tuple(call.name for call in calls),
        expected=tuple(call.name for call in expected),
        unmatched=tuple(call for number, call in enumerate(longer) if number not in matched),
        span=(calls[0].start, calls[-1].end) if calls else (0, 0),
    )


def schema_violations(call: Call, tools: Mapping[str, Tool]) -> list[Difference]:
    """What is wrong with a call by the tool schemas alone, without a reference."""
    span = (call.start, call.end)
    tool = tools.get(normalized_name(call.name))
    if tool is None:
        return [Difference(kind="name", function="", got=call.name, note="unknown", span=span)]
    arguments = arguments_by_name(call, tuple(tool.parameters))
    violations = [
        Difference(kind="missing", function=tool.name, argument=name, span=span)
        for name in sorted(tool.required - arguments.keys())
    ]
    for name, value in arguments.items():
        schema = tool.parameters.get(name)
        note = type_mismatch(value, schema) if schema is not None else "unknown"
        unknown = schema is None and tool.closed
        if unknown or (schema is not None and note):
            violations.append(
                Difference(
                    kind="extra" if unknown else "type",
                    function=tool.name,
                    argument=name,
                    got=value,
                    note=note,
                    span=span,
                )
            )
    return violations
