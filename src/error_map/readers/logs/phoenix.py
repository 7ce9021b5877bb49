"""Reads spans in OpenInference's form as Arize Phoenix exports them, and their annotations."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from .json_files import json_objects, list_at, mapping_at, number_at, text_at, value_at
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample
from .spans import Span, kind_of, parsed, task_of_spans, turns_of_spans
from .traces import UNNAMED, missing, total, trace_log, traced

TOOL: Final = "Phoenix"
_MAX_DEPTH: Final = 12
"""Dots in the name of an attribute; OpenInference's own names have up to ten."""


def recognise(opening: Opening) -> Log | None:
    """The log of the spans in a file.

    Spans are a list, one per line, the pages of the interface (`data`), or traces of the command
    line (`traceId`, `spans`).
    """
    keys = opening.keys or opening.item_keys
    is_span = "context.trace_id" in keys or (
        '"trace_id"' in keys.get("context", "") and bool(keys.keys() & {"span_kind", "attributes"})
    )
    is_page = keys.keys() >= {"data"} and '"span_kind"' in keys["data"]
    if not (is_span or is_page or keys.keys() >= {"traceId", "spans"}):
        return None
    named = [tuple(_scores(spans)) for spans in _traces(opening.path).values()]
    return trace_log(TOOL, opening.path, named, read=partial(_samples, opening.path))


FORMAT: Final = LogFormat("phoenix", recognise)


def _traces(path: Path) -> dict[str, list[Mapping[str, object]]]:
    """The spans of a file by the id of their trace, in the order of the file."""
    found: dict[str, list[Mapping[str, object]]] = {}
    for _, item in json_objects(path):
        spans = list_at(item, "spans") or list_at(item, "data") or [item]
        for span in spans:
            if isinstance(span, Mapping):
                whole = nested(span)
                found.setdefault(text_at(whole, "context", "trace_id"), []).append(whole)
    return found


def nested(flat: Mapping[str, object]) -> Mapping[str, object]:
    """Properties whose names have dots as nested ones; numbers in names make lists.

    Example:
        >>> nested({"attributes": {"llm.output_messages.0.message.role": "assistant"}})
        {'attributes': {'llm': {'output_messages': [{'message': {'role': 'assistant'}}]}}}
        >>> nested({"llm.output_messages": [{"message.role": "assistant"}]})
        {'llm': {'output_messages': [{'message': {'role': 'assistant'}}]}}
    """
    whole = _nested(flat, 0)
    return whole if isinstance(whole, Mapping) else {}


def _nested(value: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [_nested(one, depth + 1) for one in value]
    if not isinstance(value, Mapping):
        return value
    tree: dict[str, object] = {}
    for name, inner in value.items():
        *way, last = name.split(".", _MAX_DEPTH)
        place = tree
        for step in way:
            below = place.get(step)
            if not isinstance(below, dict):
                below = place[step] = {}
            place = below
        whole, known = _nested(inner, depth + 1), place.get(last)
        if isinstance(known, dict) and isinstance(whole, Mapping):
            known.update(whole)
        elif known is None:
            place[last] = whole
    return _with_lists(tree, 0)


def _with_lists(value: object, depth: int) -> object:
    """Objects whose names are all numbers, as lists."""
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        return value
    below = {name: _with_lists(one, depth + 1) for name, one in value.items()}
    if below and all(name.isdecimal() for name in below):
        return [below[name] for name in sorted(below, key=int)]
    return below


def _scores(spans: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """The scores of the annotations of the root, by name."""
    return {
        text_at(note, "name"): score
        for span in spans
        if not text_at(span, "parent_id")
        for note in list_at(span, "annotations")
        if (score := number_at(note, "result", "score")) is not None
    }


def _samples(path: Path, dataset: str, chosen: Chosen) -> Iterator[Sample]:
    metric = chosen.get("metric", "")
    for number, (trace, raw) in enumerate(_traces(path).items(), start=1):
        spans = [_span(one) for one in raw]
        root = next((span for span in spans if not span.parent), None)
        score = _scores(raw).get(metric)
        models = (span.model for span in spans)
        counts = [value_at(one, "attributes", "llm", "token_count") for one in raw]
        yield traced(
            task_of_spans(root.input if root else None, spans),
            turns_of_spans(spans),
            Sample(
                dataset=dataset,
                example=trace,
                model=next((name for name in models if name), UNNAMED),
                score=score,
                fault="" if score is not None else missing(metric),
                awaits_score=score is None,
                tokens_in=total(_count(one, "prompt") for one in counts),
                tokens_out=total(_count(one, "completion") for one in counts),
                line=number,
            ),
        )


def _count(counts: object, name: str) -> int | None:
    """A number of tokens; a frame of Phoenix has 5.0 for 5 if other spans have none."""
    number = number_at(counts, name)
    return int(number) if number is not None and number.is_integer() else None


def _span(one: Mapping[str, object]) -> Span:
    attributes = mapping_at(one, "attributes")
    kind = text_at(one, "span_kind") or text_at(attributes, "openinference", "span", "kind")
    llm = mapping_at(attributes, "llm")
    failed = text_at(one, "status_code") == "ERROR"
    return Span(
        id=text_at(one, "context", "span_id"),
        parent=text_at(one, "parent_id"),
        name=text_at(one, "name"),
        kind=kind_of(kind),
        start=text_at(one, "start_time"),
        end=text_at(one, "end_time"),
        input=list_at(llm, "input_messages") or parsed(value_at(attributes, "input", "value")),
        output=list_at(llm, "output_messages") or parsed(value_at(attributes, "output", "value")),
        error=(text_at(one, "status_message") or "failed") if failed else "",
        model=text_at(llm, "model_name"),
    )
