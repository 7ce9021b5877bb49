"""Damaged logs: cut off, with swapped types, deleted keys, huge numbers and deep nesting."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from error_map.errors import InputError
from error_map.readers import ReadOptions, Sample, choose, log_formats, log_source, search

ODD: Final[tuple[object, ...]] = (
    *(None, True, -1, 0.5, 10**400, 2**63, float("nan"), float("inf"), "", "text", "\ud800"),
    *([], {}, [[]], [None], [1], {"": None}, {"a": {"b": []}}, [{"role": 1}]),
)
"""Values that a place in a log should not have."""


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """All places in parsed JSON, the outermost one first."""
    yield path
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))
    for step, inner in steps:
        yield from places(inner, (*path, step))


def changed(value: object, path: tuple[str | int, ...], odd: object, *, delete: bool) -> object:
    """Parsed JSON with another value at a place, or without it."""
    if not path:
        return odd
    step, *rest = path
    if isinstance(value, dict) and isinstance(step, str):
        if not rest and delete:
            return {key: inner for key, inner in value.items() if key != step}
        return value | {step: changed(value[step], tuple(rest), odd, delete=delete)}
    assert isinstance(value, list)
    assert isinstance(step, int)
    inner = [] if not rest and delete else [changed(value[step], tuple(rest), odd, delete=delete)]
    return [*value[:step], *inner, *value[step + 1 :]]


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """A JSON text or JSON lines, damaged in one place."""
    data = text.encode()
    if draw(st.booleans()):
        return data[: draw(st.integers(0, len(data)))]
    lines = text.splitlines() if _is_lines(text) else [text]
    number = draw(st.integers(0, len(lines) - 1))
    value = json.loads(lines[number])
    path = draw(st.sampled_from(list(places(value))))
    odd = draw(st.sampled_from(ODD))
    lines[number] = json.dumps(changed(value, path, odd, delete=draw(st.booleans())))
    if draw(st.integers(0, 20)) == 0:
        lines[number] = "[" * 100_000
    return "\n".join(lines).encode()


def _is_lines(text: str) -> bool:
    first, _, rest = text.partition("\n")
    return first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def read_or_refused(folder: Path, wanted: Mapping[str, str] | None = None) -> list[Sample]:
    """The samples of all logs of a folder, also as rows; what is refused is left out.

    Any other error than one of the input is raised.
    """
    samples: list[Sample] = []
    try:
        found = search(folder, log_formats())
        for log in found.logs:
            chosen = choose(log, {kind: (name,) for kind, name in (wanted or {}).items()})  # type: ignore[misc]  # kinds of choices
            samples += log.read(chosen)
            for table in log_source(log, chosen, ReadOptions()).tables():
                assert table.frame.height + len(table.invalid) > 0
    except InputError:
        pass
    return samples
