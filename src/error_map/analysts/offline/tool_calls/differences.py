"""How the calls that were made differ from the calls that were wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from .expected import Wanted, by_name
from .schema_types import kind_of, kinds_wanted, mistyped
from .similarity import best_likeness, untyped
from .syntax import Call, Untyped, folded
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
    "wrapped",
]
FIRST: Final[tuple[FaultKind, ...]] = get_args(FaultKind)
"""Structure before content."""
_COST: Final[Mapping[FaultKind, float]] = {
    "name": 100,
    "missing": 3,
    "extra": 3,
    "type": 2,
    "value": 2,
    "spelling": 0.1,
}
MOST_PAIRED: Final = 12
"""Calls: more are compared in the order in which they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing in which the calls are not what was wanted."""

    kind: FaultKind
    function: str
    argument: str = ""
    got: object = None
    wanted: tuple[object, ...] = ()
    note: str = ""
    """What is needed beyond that: the type wanted, or whether the schema knows the name."""
    place: tuple[int, int] = (0, 0)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal for the same difference in another output."""
        return self.kind, folded(self.function), self.argument, repr(self.got)


def pair_differences(wanted: Wanted, call: Call, tools: Mapping[str, Tool]) -> list[Difference]:
    """What is wrong in one call, if it is meant for that one."""
    place = (call.start, call.end)
    if folded(call.name) != folded(wanted.name):
        known = folded(call.name) in tools
        note = "" if known or not tools else "unknown"
        return [
            Difference(kind="name", function=wanted.name, got=call.name, note=note, place=place)
        ]
    tool = tools.get(folded(call.name))
    order = tuple(tool.parameters) if tool and tool.parameters else tuple(wanted.allowed)
    given = {**by_name(call, order), **call.arguments}
    return [
        *_missing(wanted, given, place),
        *_extra(wanted, given, tool, place=place),
        *_unlike(wanted, given, tool, place=place),
    ]


def _missing(
    wanted: Wanted, given: Mapping[str, object], place: tuple[int, int]
) -> list[Difference]:
    return [
        Difference(kind="missing", function=wanted.name, argument=name, wanted=allowed, place=place)
        for name, allowed in wanted.allowed.items()
        if name not in given and name not in wanted.optional
    ]


def _extra(
    wanted: Wanted, given: Mapping[str, object], tool: Tool | None, *, place: tuple[int, int]
) -> list[Difference]:
    extra: list[Difference] = []
    for name, value in given.items():
        said = tool.parameters.get(name) if tool else None
        if name in wanted.allowed or (value is None and said is not None):
            continue
        if said is not None and "default" in said and said["default"] == value:
            continue
        unknown = tool is not None and tool.closed and said is None
        extra.append(
            Difference(
                kind="extra",
                function=wanted.name,
                argument=name,
                got=value,
                note="unknown" if unknown else "",
                place=place,
            )
        )
    return extra


def _unlike(
    wanted: Wanted, given: Mapping[str, object], tool: Tool | None, *, place: tuple[int, int]
) -> list[Difference]:
    found: list[Difference] = []
    for name, allowed in wanted.allowed.items():
        if name not in given or (given[name] is None and name in wanted.optional):
            continue
        value = given[name]
        alike = best_likeness(value, allowed)
        said = tool.parameters.get(name, {}) if tool else {}
        if alike == "same" and not (isinstance(value, float) and _no_float(allowed, said)):
            continue
        kind, note = _kind_of_unlike(value, allowed, said)
        if alike == "same":
            kind, note = "type", "integer"
        found.append(
            Difference(
                kind="spelling" if alike == "spelling" else kind,
                function=wanted.name,
                argument=name,
                got=value,
                wanted=allowed,
                note=note,
                place=place,
            )
        )
    return found


def _no_float(allowed: Sequence[object], said: Mapping[str, object]) -> bool:
    """Whether 5.0 is no 5: the schema says integer, and the reference writes none otherwise."""
    return kinds_wanted(said) == {"integer"} and not any(isinstance(v, float) for v in allowed)


def _kind_of_unlike(
    value: object, allowed: Sequence[object], said: Mapping[str, object]
) -> tuple[FaultKind, str]:
    """Type or value; the schema decides, and the reference where it says nothing of types."""
    kinds = {_broad(one) for one in allowed if not (isinstance(one, str) and not one)}
    wanted = mistyped(value, said)
    if wanted and _broad(value) not in kinds:
        return "type", wanted
    if isinstance(value, list) and not _item_kinds(value) <= _item_kinds(*allowed):
        return "type", wanted or "list of other items"
    got = _broad(value)
    if not said.get("type") and got and got not in kinds and "" not in kinds:
        return "type", " or ".join(sorted(kinds)) or "another type"
    return "value", ""


def _item_kinds(*values: object) -> set[str]:
    """What the items of lists are; where there are none, anything."""
    lists = [value for value in values if isinstance(value, list)]
    return {_broad(item) for items in lists for item in items[:MOST_PAIRED]}


def _broad(value: object) -> str:
    kind = kind_of(untyped(value.text) if isinstance(value, Untyped) else value)
    return "number" if kind == "integer" else kind


def paired(
    wanted: Sequence[Wanted], calls: Sequence[Call], tools: Mapping[str, Tool]
) -> list[tuple[int, int, list[Difference]]]:
    """Each wanted call with the call that is nearest to it: their places and differences."""
    if len(wanted) == 1 == len(calls):
        return [(0, 0, pair_differences(wanted[0], calls[0], tools))]
    if max(len(wanted), len(calls)) > MOST_PAIRED:
        return [
            (n, n, pair_differences(one, call, tools))
            for n, (one, call) in enumerate(zip(wanted, calls, strict=False))
        ]
    every = [
        (_cost(found), abs(row - column), row, column, found)
        for row, one in enumerate(wanted)
        for column, call in enumerate(calls)
        for found in [pair_differences(one, call, tools)]
    ]
    chosen: list[tuple[int, int, list[Difference]]] = []
    rows: set[int] = set()
    columns: set[int] = set()
    for _, _, row, column, found in sorted(every, key=lambda pair: pair[:4]):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            chosen.append((row, column, found))
    return sorted(chosen, key=lambda pair: pair[0])


def _cost(found: Sequence[Difference]) -> float:
    return sum(_COST.get(one.kind, 1) for one in found)


def unfit(call: Call, tools: Mapping[str, Tool]) -> list[Difference]:
    """What is wrong in a call by the schemas alone, without a reference."""
    place = (call.start, call.end)
    tool = tools.get(folded(call.name))
    if tool is None:
        return [Difference(kind="name", function="", got=call.name, note="unknown", place=place)]
    given = {**by_name(call, tuple(tool.parameters)), **call.arguments}
    found = [
        Difference(kind="missing", function=tool.name, argument=name, place=place)
        for name in sorted(tool.required - given.keys())
    ]
    for name, value in given.items():
        said = tool.parameters.get(name)
        note = mistyped(value, said) if said is not None else "unknown"
        unknown = said is None and tool.closed
        if unknown or (said is not None and note):
            found.append(
                Difference(
                    kind="extra" if unknown else "type",
                    function=tool.name,
                    argument=name,
                    got=value,
                    note=note,
                    place=place,
                )
            )
    return found
