"""Reads folders of Every Eval Ever: an aggregate as JSON, and its samples as JSON lines."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from ...errors import InputError
from .composed import Prompt, letter_of
from .conversation import Conversation, conversation_of
from .json_files import (
    json_lines,
    json_object,
    list_at,
    mapping_at,
    number_at,
    text_at,
    value_at,
    whole_at,
)
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "Every Eval Ever"
SAMPLES: Final = "_samples.jsonl"
"""End of the name of a file of samples; before it, the name is that of the aggregate."""
IS_CORRECT: Final = "is_correct"
"""Metric that is 1 where the file calls the answer correct, under the first metric."""
COST: Final = "cost_usd"
COMPOSED: Final = "composed_spans"
"""Names in the metadata under which we write what the schema has no field for."""
MAX_EXTRA_CHARS: Final = 200
"""Longer extracted answers are outputs, which the output has too."""
_SAMPLE_KEYS: Final = frozenset({"schema_version", "evaluation_id", "model_id", "sample_id"})
"""Keys before the texts of a sample, so that the beginning of a file has them."""
_AGGREGATE_KEYS: Final = frozenset({"schema_version", "evaluation_id", "source_metadata"})
_VERSIONS: Final = re.compile(r"(instance_level_eval_)?0\.[23]\.\d+")
_REPEAT_NAMES: Final = ("repeat", "epoch", "trial")
_STOP_NAMES: Final = ("stop_reason", "finish_reason")
_DIGESTS: Final = ("sha256", "md5")


@dataclass(slots=True)
class _Results:
    """The results of an evaluation, by the name of their dataset."""

    metrics: dict[str, dict[str, str]] = field(default_factory=dict)
    """By dataset: the metric's name, by the id of the result."""
    names: dict[str, str] = field(default_factory=dict)
    """Our names of the datasets, which are parts of file names."""
    rows: int = 0
    several: int = 0
    """Rows with more than one output."""
    models: dict[str, None] = field(default_factory=dict)

    def result(self, dataset: str, metric: str) -> str:
        """The id of the result under a metric, or of the dataset's first one."""
        ids = self.metrics[dataset]
        return next((one for one, name in ids.items() if name == metric), next(iter(ids)))


def recognise(opening: Opening) -> Log | None:
    """The log of one evaluation, from its aggregate or from its samples.

    Raises:
        InputError: The aggregate has no samples, the two disagree, or the schema is unknown.
    """
    path = opening.path
    if opening.keys.keys() >= _SAMPLE_KEYS:
        aggregate = path.with_name(path.name.removesuffix(SAMPLES) + ".json")
        return _log(path, aggregate if aggregate.is_file() else None)
    if not opening.keys.keys() >= _AGGREGATE_KEYS:
        return None
    samples = path.with_name(path.stem + SAMPLES)
    if not samples.is_file():
        named = "detailed_evaluation_results" in json_object(path)
        reason = (
            f"its samples are missing: no file {samples.name} next to it"
            if named
            else "an aggregate of Every Eval Ever without samples has no answers to study"
        )
        raise InputError(reason, where=str(path), hint="leave it out, or add the samples")
    return _log(samples, path)


FORMAT: Final = LogFormat("every-eval-ever", recognise)


def _log(path: Path, aggregate: Path | None) -> Log:
    stated = json_object(aggregate) if aggregate else {}
    results = _results(path, stated)
    if aggregate:
        _refuse_disagreement(path, stated, results.rows)
    names = results.names
    metrics = dict.fromkeys(name for ids in results.metrics.values() for name in ids.values())
    single = all(len(ids) == 1 for ids in results.metrics.values())
    return Log(
        tool=TOOL,
        version=text_at(stated, "schema_version"),
        path=path,
        files=(path, *([aggregate] if aggregate else [])),
        datasets=tuple(names.values()),
        models=tuple(results.models),
        rows=results.rows if single else None,
        written=_time(
            text_at(stated, "evaluation_timestamp") or text_at(stated, "retrieved_timestamp")
        ),
        choices={"metric": tuple(dict.fromkeys((*metrics, IS_CORRECT)))},
        notices=tuple(_notices(results, stated)),
        read=partial(_samples, path, results),
    )


def _results(path: Path, stated: Mapping[str, object]) -> _Results:
    """The results that the samples belong to, of which the aggregate names the metrics."""
    named = {
        text_at(one, "evaluation_result_id"): text_at(one, "metric_config", "metric_name")
        or text_at(one, "metric_config", "metric_id")
        for one in list_at(stated, "evaluation_results")
    }
    found = _Results()
    for number, row in json_lines(path):
        where = f"{path}:{number}"
        _refuse_version(row, where)
        if stated and row.get("evaluation_id") != stated.get("evaluation_id"):
            raise InputError(
                f"evaluation_id {text_at(row, 'evaluation_id')!r}, but the aggregate has "
                f"{text_at(stated, 'evaluation_id')!r}",
                where=where,
                hint="the two files are of different evaluations; leave one out",
            )
        result = text_at(row, "evaluation_result_id")
        name = text_at(row, "evaluation_name")
        found.names.setdefault(name, dataset_name(name, default=path.stem))
        ids = found.metrics.setdefault(name, {})
        ids.setdefault(result, named.get(result) or result or "score")
        found.rows += 1
        found.several += len(list_at(row, "output", "raw")) > 1
        found.models[text_at(row, "model_id")] = None
    return found


def _refuse_version(row: Mapping[str, object], where: str) -> None:
    version = text_at(row, "schema_version")
    if not _VERSIONS.fullmatch(version):
        raise InputError(
            f"Every Eval Ever's schema {version or 'without a version'}; 0.2 and 0.3 can be read",
            where=where,
            hint="write the samples in schema 0.3.0",
        )


def _refuse_disagreement(path: Path, stated: Mapping[str, object], rows: int) -> None:
    """Refuses samples that are not those that the aggregate was made from."""
    details = mapping_at(stated, "detailed_evaluation_results")
    hint = "write or download both files again, or leave out the aggregate"
    total = whole_at(details, "total_rows")
    if total is not None and total != rows:
        message = f"{rows} rows, but the aggregate says {total}"
        raise InputError(message, where=str(path), hint=hint)
    kind, expected = text_at(details, "hash_algorithm"), text_at(details, "checksum")
    if not expected or kind not in _DIGESTS:
        return
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, kind).hexdigest()
    if found != expected.lower():
        message = f"its {kind} is not the checksum in the aggregate: it was changed or cut off"
        raise InputError(message, where=str(path), hint=hint)


def _notices(results: _Results, stated: Mapping[str, object]) -> Iterator[str]:
    for one in list_at(stated, "evaluation_results"):
        if value_at(one, "metric_config", "lower_is_better") is True:
            dataset = results.names.get(text_at(one, "evaluation_name"))
            metric = text_at(one, "metric_config", "metric_name")
            if dataset:
                yield f"{dataset}: low values of {metric} are good: --score-direction low"
    if len({tuple(ids.values()) for ids in results.metrics.values()}) > 1:
        listed = "; ".join(
            f"{results.names[name]}: {', '.join(ids.values())}"
            for name, ids in results.metrics.items()
        )
        yield f"datasets without the chosen metric are read under their first one ({listed})"
    if results.several:
        number = "1 sample has" if results.several == 1 else f"{results.several} samples have"
        yield f"{number} several outputs, of which the first is read"


def _samples(path: Path, results: _Results, chosen: Chosen) -> Iterator[Sample]:
    metric = chosen["metric"]
    for number, row in json_lines(path):
        name = text_at(row, "evaluation_name")
        if text_at(row, "evaluation_result_id") == results.result(name, metric):
            yield replace(_sample(row, metric), dataset=results.names[name], line=number)


def _sample(row: Mapping[str, object], metric: str) -> Sample:
    spoken = _spoken(row)
    fault = _fault(row, spoken.output)
    field_name = IS_CORRECT if metric == IS_CORRECT else "score"
    score = None if fault else number_at(row, "evaluation", field_name)
    metadata = mapping_at(row, "metadata")
    latency = number_at(row, "performance", "latency_ms")
    return Sample(
        dataset="",
        example=text_at(row, "sample_id"),
        model=text_at(row, "model_id"),
        repeat=_first_text(metadata, _REPEAT_NAMES) or None,
        score=score,
        fault=fault or ("" if score is not None else f"no {field_name} in evaluation"),
        prompt=spoken.prompt.text,
        question_start=spoken.prompt.question_start,
        output=spoken.output,
        turns=spoken.turns,
        composed=spoken.composed or _spans(metadata, len(spoken.output)),
        reference=_reference(row),
        stop_reason=_first_text(metadata, _STOP_NAMES) or None,
        tokens_in=whole_at(row, "token_usage", "input_tokens"),
        tokens_out=whole_at(row, "token_usage", "output_tokens"),
        latency_s=None if latency is None else latency / 1000,
        cost_usd=_cost(text_at(metadata, COST)),
        extras=_extras(row, metadata),
    )


def _spoken(row: Mapping[str, object]) -> Conversation:
    """The prompt and the output, of a single reply or of a conversation."""
    messages = list_at(row, "messages")
    prompt = _prompt(row)
    if not messages:
        return Conversation(prompt, text_at(row, "output", "raw", 0))
    conversation = conversation_of(messages)
    # The same text may say in `input` where the question begins.
    is_known = conversation.prompt.text in {"", prompt.text}
    return conversation._replace(prompt=prompt) if is_known else conversation


def _prompt(row: Mapping[str, object]) -> Prompt:
    """What the model read, with the options if they are not in it."""
    raw, formatted = text_at(row, "input", "raw"), text_at(row, "input", "formatted")
    text = formatted or raw
    place = formatted.rfind(raw) if raw else -1
    options = [text_at(one) for one in list_at(row, "input", "choices")]
    if options and not all(option in text for option in options):
        listed = "\n".join(f"({letter_of(n)}) {one}" for n, one in enumerate(options))
        text = f"{text}\n\n{listed}"
    return Prompt(text, place if place > 0 else None)


def _spans(metadata: Mapping[str, object], length: int) -> tuple[tuple[int, int], ...]:
    """The spans that a reader composed before we wrote the file."""
    try:
        found = json.loads(text_at(metadata, COMPOSED) or "[]")
    except (ValueError, RecursionError):
        return ()
    if not isinstance(found, list):
        return ()
    pairs = [(whole_at(one, 0), whole_at(one, 1)) for one in found if isinstance(one, list)]
    spans, last = [], 0
    for start, end in pairs:
        if start is None or end is None or not last <= start <= end <= length:
            return ()
        spans.append((start, end))
        last = end
    return tuple(spans)


def _fault(row: Mapping[str, object], output: str) -> str:
    """Why nothing was scored: the schema demands a score even for a sample without an answer."""
    error = text_at(row, "error")
    return f"the tool failed: {error}" if error and not output.strip() else ""


def _reference(row: Mapping[str, object]) -> str | None:
    texts = [text for one in list_at(row, "input", "reference") if (text := text_at(one))]
    if len(texts) > 1:
        return json.dumps(texts, ensure_ascii=False)
    return texts[0] if texts else None


def _first_text(metadata: Mapping[str, object], names: Sequence[str]) -> str:
    return next((text for name in names if (text := text_at(metadata, name))), "")


def _cost(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _extras(row: Mapping[str, object], metadata: Mapping[str, object]) -> dict[str, str | None]:
    """The metadata, the extracted answer, the error and the reasoning."""
    own = {*_REPEAT_NAMES, *_STOP_NAMES, COST, COMPOSED}
    kept = {name: text_at(value) for name, value in metadata.items() if name not in own}
    attributed = list_at(row, "answer_attribution")
    final = next((one for one in attributed if value_at(one, "is_terminal") is True), None)
    extracted = text_at(final, "extracted_value")
    traces = [text_at(one) for one in list_at(row, "output", "reasoning_trace")]
    traces += [text_at(one, "reasoning_trace") for one in list_at(row, "messages")]
    found = {
        "extracted_answer": extracted if len(extracted) <= MAX_EXTRA_CHARS else "",
        "tool_error": text_at(row, "error"),
        "reasoning_trace": "\n\n".join(filter(None, traces)),
    }
    return {name: text for part in (kept, found) for name, text in part.items() if text}


def _time(stamp: str) -> str:
    """A time as text that sorts: seconds since 1970 become a date."""
    try:
        return datetime.fromtimestamp(float(stamp), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return stamp
