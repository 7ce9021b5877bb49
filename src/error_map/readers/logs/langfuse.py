"""Reads traces of Langfuse with their observations, and their scores."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ...errors import InputError
from .json_files import json_objects, list_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample
from .spans import Span, kind_of, task_of_spans, turns_of_spans
from .traces import UNNAMED, missing, short, total, trace_log, traced

TOOL: Final = "Langfuse"
_MARKS: Final = frozenset({"observations", "html_path", "htmlPath"})


def recognise(opening: Opening) -> Log | None:
    """The log of the traces in a file: one trace, a list of traces, or one per line."""
    keys = (opening.keys or opening.item_keys).keys()
    if not keys >= {"id", "timestamp", "input"} or not keys & _MARKS:
        return None
    named = [tuple(_scores(trace)) for _, trace in json_objects(opening.path)]
    return trace_log(TOOL, opening.path, named, read=partial(_samples, opening.path))


FORMAT: Final = LogFormat("langfuse", recognise)


def _scores(trace: Mapping[str, object]) -> dict[str, float]:
    """The numeric scores of the trace as a whole, by name."""
    return {
        text_at(one, "name"): value
        for one in list_at(trace, "scores")
        if (value := number_at(one, "value")) is not None
        # The value of a category is only its number in the list of categories.
        and _either(one, "data_type", "dataType") != "CATEGORICAL"
        and not _either(one, "observation_id", "observationId")
    }


def _samples(path: Path, dataset: str, chosen: Chosen) -> Iterator[Sample]:
    metric = chosen.get("metric", "")
    for number, trace in json_objects(path):
        observations = list_at(trace, "observations")
        if not all(isinstance(one, Mapping) for one in observations):
            raise InputError(
                "the trace has only the ids of its observations",
                where=f"{path}:{number}",
                hint="export whole traces, as langfuse.api.trace.get(id) gives them",
            )
        yield _sample(trace, dataset, metric=metric, line=number)


def _sample(trace: Mapping[str, object], dataset: str, *, metric: str, line: int) -> Sample:
    observations = list_at(trace, "observations")
    spans = [_span(one) for one in observations]
    roots = sorted(spans, key=lambda span: span.start)[:1]
    given = value_at(trace, "input") or (roots[0].input if roots else None)
    score = _scores(trace).get(metric)
    models = (span.model for span in spans)
    tags = ", ".join(text_at(tag) for tag in list_at(trace, "tags"))
    return traced(
        task_of_spans(given, spans),
        turns_of_spans(spans),
        Sample(
            dataset=dataset,
            example=text_at(trace, "id"),
            model=next((name for name in models if name), UNNAMED),
            score=score,
            fault="" if score is not None else missing(metric),
            awaits_score=score is None,
            tokens_in=total(_tokens(one, "input") for one in observations),
            tokens_out=total(_tokens(one, "output") for one in observations),
            latency_s=number_at(trace, "latency"),
            # Langfuse writes 0 where it does not know the price of the model.
            cost_usd=number_at(trace, "total_cost") or number_at(trace, "totalCost") or None,
            extras=short(
                {
                    "trace_name": text_at(trace, "name"),
                    "session": _either(trace, "session_id", "sessionId"),
                    "release": text_at(trace, "release"),
                    "tags": tags,
                }
            ),
            line=line,
        ),
    )


def _span(one: object) -> Span:
    failed = text_at(one, "level") == "ERROR"
    start = _either(one, "start_time", "startTime")
    return Span(
        id=text_at(one, "id"),
        parent=_either(one, "parent_observation_id", "parentObservationId"),
        name=text_at(one, "name"),
        kind=kind_of(text_at(one, "type")),
        start=start,
        end=_either(one, "end_time", "endTime") or start,
        input=value_at(one, "input"),
        output=value_at(one, "output"),
        error=(_either(one, "status_message", "statusMessage") or "failed") if failed else "",
        model=text_at(one, "model"),
    )


def _tokens(one: object, side: str) -> int | None:
    for name in ("usage_details", "usageDetails", "usage"):
        if (found := whole_at(one, name, side)) is not None:
            return found
    return None


def _either(value: object, *names: str) -> str:
    """The text under the first of the names that has one: of Python's client, or of the API."""
    return next((text for name in names if (text := text_at(value, name))), "")
