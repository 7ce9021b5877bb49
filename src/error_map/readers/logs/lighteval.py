"""Reads details of lighteval: Parquet files with one row per document of a task."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from ...errors import InputError
from .composed import choice_of, letter_of, prompt_of
from .json_files import json_object, list_at, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "lighteval"
_MAGIC: Final = b"PAR1"
_COLUMNS: Final = frozenset({"doc", "metric", "model_response"})
_TIME: Final = re.compile(r"_(\d{4}-\d\d-\d\dT\d\d[-:]\d\d[-:]\d\d(?:\.\d+)?)\Z")
_CHUNK: Final = 2_000
"""Rows that are decoded at a time: bounds the memory for Python objects."""
_MAX_EXTRA_CHARS: Final = 200
_DAMAGE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


class _Task(NamedTuple):
    path: Path
    name: str
    """As lighteval names it, with the number of worked examples: `gsm8k|5`."""
    model: str
    rows: int
    metrics: Mapping[str, Mapping[str, object]]
    """What the results file says of the task's metrics."""

    @property
    def dataset(self) -> str:
        return dataset_name(self.name, default="lighteval")


def recognise(opening: Opening) -> Log | None:
    """The log of one task of one model.

    Raises:
        InputError: It cannot be read, or has no metric with one number per document.
    """
    if not opening.data.startswith(_MAGIC):
        return None
    path = opening.path
    try:
        schema = pl.scan_parquet(path, glob=False).collect_schema()
    except _DAMAGE:
        return None  # the reader of tables says why
    if not schema.keys() >= _COLUMNS:
        return None
    results = _results_file(path)
    task = _task(path, json_object(results) if results else {})
    metrics = _metric_names(schema["metric"])
    if not metrics:
        raise InputError(
            f"task {task.name!r} has no metric with one number per document", where=str(path)
        )
    return Log(
        tool=TOOL,
        path=path,
        files=(path, *([results] if results else [])),
        datasets=(task.dataset,),
        models=(task.model,),
        rows=task.rows,
        written=_time(path),
        choices={"metric": metrics},
        notices=tuple(
            f"{task.dataset}: low values of {metric} are good: --score-direction low"
            for metric in metrics
            if value_at(task.metrics, metric, "higher_is_better") is False
        ),
        read=partial(_samples, task),
    )


FORMAT: Final = LogFormat("lighteval", recognise)


def _metric_names(kind: pl.DataType) -> tuple[str, ...]:
    """The metrics that have a number for each document; others are of the whole task."""
    fields = kind.fields if isinstance(kind, pl.Struct) else []
    return tuple(one.name for one in fields if _is_number(one.dtype))


def _is_number(kind: object) -> bool:
    return isinstance(kind, pl.DataType) and (kind.is_numeric() or kind == pl.Boolean)


def _time(path: Path) -> str:
    """The time of the run, as the name of the file has it."""
    found = _TIME.search(path.stem)
    return found[1] if found else ""


def _results_file(path: Path) -> Path | None:
    """The results file of the same run: `results/MODEL/` is next to `details/MODEL/TIME/`."""
    name = f"results_{_time(path)}.json"
    for root in path.parents:
        if root.name == "details":
            below = path.parent.parent.relative_to(root)
            found = root.parent / "results" / below / name
            return found if found.is_file() else None
    return None


def _task(path: Path, results: Mapping[str, object]) -> _Task:
    frame = _frame(path, 0, 1)
    first = frame.to_dicts()[0] if frame.height else {}
    name = text_at(first, "doc", "task_name") or path.stem.removeprefix("details_")
    config = next(
        (one for key, one in mapping_at(results, "config_tasks").items() if key == name), {}
    )
    metrics: dict[str, Mapping[str, object]] = {}
    for one in list_at(config, "metrics"):
        named = value_at(one, "metric_name")
        several = named if isinstance(named, list) else [named]
        metrics.update((text, mapping_at(one)) for text in several if isinstance(text, str))
    model = text_at(results, "config_general", "model_name") or _model(path)
    return _Task(path, name, model, _height(path), metrics)


def _model(path: Path) -> str:
    """The model by its folder, `details/MODEL/TIME/`, for logs without a results file."""
    for root in path.parents:
        if root.name == "details":
            return str(path.parent.parent.relative_to(root).as_posix())
    return path.parent.parent.name or "model"


def _height(path: Path) -> int:
    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _frame(path: Path, start: int, rows: int) -> pl.DataFrame:
    """Some rows, without the columns of other tools and of tokens that are not needed."""
    try:
        lazy = pl.scan_parquet(path, glob=False).select(*sorted(_COLUMNS))
        return lazy.slice(start, rows).collect()
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(f"the Parquet file is damaged: {error}", where=str(path))


def _samples(task: _Task, chosen: Chosen) -> Iterator[Sample]:
    metric = chosen.get("metric", "")
    for start in range(0, task.rows, _CHUNK):
        rows = _frame(task.path, start, _CHUNK).to_dicts()
        for number, row in enumerate(rows, start=start + 1):
            yield _sample(row, task, metric=metric, number=number)


def _sample(row: Mapping[str, object], task: _Task, *, metric: str, number: int) -> Sample:
    score = number_at(row, "metric", metric)
    is_known = score is not None and score == score  # noqa: PLR0124 - NaN is no score
    doc = mapping_at(row, "doc")
    prompt = _prompt(row)
    answer = _answer(row, task, metric)
    return Sample(
        dataset=task.dataset,
        example=text_at(doc, "id"),
        model=task.model,
        score=score if is_known else None,
        fault="" if is_known else f"no {metric}",
        prompt=f"{prompt.text}\n\n{answer.options}" if answer.options else prompt.text,
        question_start=prompt.question_start,
        output=answer.output,
        composed=answer.composed,
        reference=answer.reference,
        tokens_in=len(list_at(row, "model_response", "input_tokens")) or None,
        tokens_out=_tokens_out(row) if not answer.options else None,
        extras=_extras(row),
        line=number,
    )


class _Asked(NamedTuple):
    text: str
    question_start: int | None


def _prompt(row: Mapping[str, object]) -> _Asked:
    """The prompt, and where the question begins after worked examples."""
    given, query = value_at(row, "model_response", "input"), text_at(row, "doc", "query")
    if isinstance(given, list) and given and isinstance(given[0], dict):
        return _Asked(*prompt_of(given))
    text = given if isinstance(given, str) and given else query
    start = text.rfind(query) if query else -1
    return _Asked(text, start if start > 0 else None)


class _Answer(NamedTuple):
    output: str
    reference: str | None
    options: str = ""
    composed: tuple[tuple[int, int], ...] = ()


def _answer(row: Mapping[str, object], task: _Task, metric: str) -> _Answer:
    """The text of the model, or the option with the highest log-probability in words."""
    choices = [text_at(one) for one in list_at(row, "doc", "choices")]
    gold = value_at(row, "doc", "gold_index")
    golds = gold if isinstance(gold, list) else [gold]
    right = [n for n in golds if isinstance(n, int) and 0 <= n < len(choices)]
    texts = [text_at(one) for one in list_at(row, "model_response", "text")]
    figures = _figures(row, len(choices))
    is_choice = text_at(task.metrics, metric, "category") == "LOGPROBS" or not texts
    if figures and is_choice:
        scaled = _scaled(row, figures, choices, rule=_rule(task, metric))
        words = choice_of(choices, figures, chosen=scaled.index(max(scaled)), right=None)
        letters = ", ".join(map(letter_of, right))
        ours = ((0, len(words.output)),)
        return _Answer(words.output, letters or None, words.options, ours)
    accepted = [choices[n].strip() for n in right]
    several = json.dumps(accepted, ensure_ascii=False) if len(accepted) > 1 else "".join(accepted)
    output, composed = _together(texts)
    return _Answer(output, several or None, composed=composed)


def _figures(row: Mapping[str, object], options: int) -> list[float]:
    """The log-probabilities of the options; empty if there are not as many."""
    values = list_at(row, "model_response", "logprobs")
    figures = [figure for n in range(len(values)) if (figure := number_at(values, n)) is not None]
    return figures if len(figures) == options else []


def _rule(task: _Task, metric: str) -> str:
    """How the metric normalizes log-probabilities, as the results file describes it."""
    return text_at(task.metrics, metric, "sample_level_fn")


def _scaled(
    row: Mapping[str, object], figures: Sequence[float], choices: Sequence[str], *, rule: str
) -> list[float]:
    """Log-probabilities as the metric compares them."""
    lengths = [1] * len(figures)
    if "LogProbCharNorm" in rule:
        without = "ignore_first_space=True" in rule
        lengths = [len(one) - (without and one.startswith(" ")) for one in choices]
    elif "LogProbTokenNorm" in rule:
        tokens = list_at(row, "model_response", "output_tokens")
        lengths = [len(list_at(tokens, n)) for n in range(len(figures))]
    elif "LogProbPMINorm" in rule:
        alone = list_at(row, "model_response", "unconditioned_logprobs")
        return [figure - (number_at(alone, n) or 0) for n, figure in enumerate(figures)]
    return [figure / max(1, length) for figure, length in zip(figures, lengths, strict=True)]


def _together(texts: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The only text, or several ones of a metric over them, under headings that we write."""
    if len(texts) < 2:  # noqa: PLR2004
        return "".join(texts), ()
    whole, composed = "", []
    for number, text in enumerate(texts, start=1):
        heading = "\n\n" * bool(whole) + f"[sample {number}]\n"
        composed.append((len(whole), len(whole) + len(heading)))
        whole += heading + text
    return whole, tuple(composed)


def _tokens_out(row: Mapping[str, object]) -> int | None:
    tokens = list_at(row, "model_response", "output_tokens")
    return sum(len(list_at(tokens, n)) for n in range(len(tokens))) or None


def _extras(row: Mapping[str, object]) -> dict[str, str]:
    """The answer after post-processing, and the short fields that are special to the task."""
    processed = text_at(row, "model_response", "text_post_processed", 0)
    same = processed == text_at(row, "model_response", "text", 0)
    cut = whole_at(row, "model_response", "truncated_tokens_count") or 0
    special = mapping_at(row, "doc", "specific")
    texts = {
        "extracted_answer": "" if same else processed,
        "truncated_prompt_tokens": str(cut) if cut > 0 else "",
        **{name: text_at(value) for name, value in special.items()},
    }
    return {name: text for name, text in texts.items() if 0 < len(text) <= _MAX_EXTRA_CHARS}
