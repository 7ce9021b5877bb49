"""Reads traces of MLflow, as `Trace.to_json` writes them, with their assessments as scores."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from .json_files import (
    json_objects,
    list_at,
    mapping_at,
    number_at,
    text_at,
    value_at,
    whole_at,
)
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample
from .spans import Span, kind_of, parsed, task_of_spans, turns_of_spans
from .traces import UNNAMED, missing, short, trace_log, traced

TOOL: Final = "MLflow"
_IDS: Final = ("trace_id", "request_id")
_WORDS: Final[Mapping[str, float]] = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0}
"""Values of feedback in words, as MLflow's judges give them."""


def recognise(opening: Opening) -> Log | None:
    """The log of the traces in a file: one trace, a list of traces, or one per line."""
    info = (opening.keys or opening.item_keys).get("info", "")
    if not any(f'"{name}"' in info for name in _IDS) or "mlflow." not in opening.text:
        return None
    named = [tuple(_feedback(trace)) for _, trace in json_objects(opening.path)]
    return trace_log(TOOL, opening.path, named, read=partial(_samples, opening.path))


FORMAT: Final = LogFormat("mlflow", recognise)


def _feedback(trace: Mapping[str, object]) -> dict[str, float]:
    """The values of the valid feedback by name; the last one of a name counts."""
    found: dict[str, float] = {}
    for one in list_at(trace, "info", "assessments"):
        value = value_at(one, "feedback", "value")
        score = number_at(one, "feedback", "value")
        if isinstance(value, str):
            score = _WORDS.get(value.strip().casefold())
        if score is not None and value_at(one, "valid") is not False:
            found[text_at(one, "assessment_name") or text_at(one, "name")] = score
    return found


def _samples(path: Path, dataset: str, chosen: Chosen) -> Iterator[Sample]:
    metric = chosen.get("metric", "")
    for number, trace in json_objects(path):
        yield _sample(trace, dataset, metric=metric, line=number)


def _sample(trace: Mapping[str, object], dataset: str, *, metric: str, line: int) -> Sample:
    info = mapping_at(trace, "info")
    notes = mapping_at(info, "trace_metadata") or mapping_at(info, "request_metadata")
    spans = [_span(one) for one in list_at(trace, "data", "spans")]
    root = next((span for span in spans if not span.parent), None)
    score = _feedback(trace).get(metric)
    usage = parsed(text_at(notes, "mlflow.trace.tokenUsage"))
    cost = parsed(text_at(notes, "mlflow.trace.cost"))
    duration = number_at(info, "execution_duration_ms")
    tags = mapping_at(info, "tags")
    own = {name: text_at(value) for name, value in tags.items() if not name.startswith("mlflow.")}
    models = (span.model for span in spans)
    return traced(
        task_of_spans(root.input if root else None, spans),
        turns_of_spans(spans),
        Sample(
            dataset=dataset,
            example=next((text for name in _IDS if (text := text_at(info, name))), ""),
            model=next((name for name in models if name), own.get("model") or UNNAMED),
            score=score,
            fault="" if score is not None else missing(metric),
            awaits_score=score is None,
            reference=_expected(info),
            tokens_in=whole_at(usage, "input_tokens"),
            tokens_out=whole_at(usage, "output_tokens"),
            latency_s=None if duration is None else duration / 1000,
            cost_usd=number_at(cost, "total_cost"),
            extras=short({"state": text_at(info, "state") or text_at(info, "status"), **own}),
            line=line,
        ),
    )


def _expected(info: Mapping[str, object]) -> str | None:
    """The expectation of an answer, which a person or a dataset gave."""
    for one in list_at(info, "assessments"):
        if text_at(one, "assessment_name").startswith("expected_"):
            return text_at(one, "expectation", "value") or None
    return None


def _span(span: object) -> Span:
    attributes = mapping_at(span, "attributes")

    def attribute(name: str) -> object:
        return parsed(attributes.get(name))

    code = text_at(span, "status", "code") or text_at(span, "status_code")
    message = text_at(span, "status", "message") or text_at(span, "status_message")
    failed = code.endswith("ERROR")
    return Span(
        id=text_at(span, "span_id") or text_at(span, "context", "span_id"),
        parent=text_at(span, "parent_span_id") or text_at(span, "parent_id"),
        name=text_at(span, "name"),
        kind=kind_of(text_at(attribute("mlflow.spanType"))),
        start=_time(span, "start_time"),
        end=_time(span, "end_time"),
        input=attribute("mlflow.spanInputs"),
        output=attribute("mlflow.spanOutputs"),
        error=(message or "failed") if failed else "",
        model=text_at(attribute("mlflow.llm.model")) or text_at(attribute("mlflow.chat.model")),
    )


def _time(span: object, name: str) -> str:
    """Nanoseconds since 1970 as text that sorts by time."""
    return f"{text_at(span, f'{name}_unix_nano') or text_at(span, name):>24}"
