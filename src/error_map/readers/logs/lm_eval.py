"""Reads sample files of lm-evaluation-harness: one line per document and filter."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ..compressed import lines
from ..file_names import stem_of
from .composed import Choice, choice_of, json_text, prompt_of
from .json_files import json_lines, json_object, list_at, mapping_at, number_at, text_at, value_at
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample

TOOL: Final = "lm-evaluation-harness"
_KEYS: Final = ("doc_id", "doc", "target", "arguments", "resps", "filtered_resps")
"""With which each line begins, in this order."""
_FILE: Final = re.compile(r"samples_(?P<task>.+)_(?P<time>\d{4}-\d\d-\d\dT[\d.:-]+)")
_FILTER: Final = re.compile(rb'"filter": ?"((?:[^"\\]|\\.)*)"')
_MAX_DIGITS: Final = 9
"""Longest index of an option; int() refuses a text of thousands of digits."""
MAX_EXTRA_CHARS: Final = 200
"""Longer fields of a document are texts of the task, which the prompt has too."""


class _Task(NamedTuple):
    """What the results file says of a task."""

    name: str
    model: str
    version: str
    filters: tuple[str, ...]
    few_shot: int
    delimiter: str
    lower_is_better: tuple[str, ...]
    written: str


def recognise(opening: Opening) -> Log | None:
    """The log of one task, if the file has its samples.

    Raises:
        InputError: The samples are rolling log-likelihoods, which have no score each.
    """
    if not _is_sample(opening):
        return None
    path = opening.path
    first = opening.first or next(json_lines(path))[1]
    named = _FILE.fullmatch(stem_of(path))
    name = named["task"] if named else stem_of(path).removeprefix("samples_")
    time = named["time"] if named else ""
    results = _results_file(path, time)
    task = _task(path, results, name=name, time=time)
    metrics = tuple(text for one in list_at(first, "metrics") if (text := str(one)))
    scalar = tuple(one for one in metrics if not isinstance(first.get(one), list))
    if metrics and not scalar:
        raise InputError(
            f"task {name!r} has rolling log-likelihoods ({', '.join(metrics)}), which are no scores"
            " of samples",
            where=str(path),
            hint="leave the file out",
        )
    return Log(
        tool=TOOL,
        version=task.version,
        path=path,
        files=(path, *([results] if results else [])),
        datasets=(name,),
        models=(task.model,),
        written=task.written,
        is_scored=metrics != ("bypass",),
        choices={
            **({"metric": scalar} if scalar else {}),
            **({"filter": task.filters} if task.filters else {}),
        },
        notices=tuple(
            f"{name}: low values of {metric} are good: --score-direction low"
            for metric in scalar
            if metric in task.lower_is_better
        ),
        read=partial(_samples, path, task),
    )


FORMAT: Final = LogFormat("lm-eval", recognise)


def _is_sample(opening: Opening) -> bool:
    keys = list(opening.keys)
    if set(keys) >= set(_KEYS) - {"target"}:
        return True
    # A long document or prompt is cut off before the other keys.
    is_cut = opening.first is None and len(keys) >= len(_KEYS[:2])
    return is_cut and keys == list(_KEYS[: len(keys)])


def _samples(path: Path, task: _Task, chosen: Chosen) -> Iterator[Sample]:
    preferred, metric = chosen.get("filter"), chosen.get("metric", "")
    for number, line in json_lines(path):
        if preferred is None or line.get("filter", preferred) == preferred:
            yield _sample(line, task, metric=metric, number=number)


def _sample(line: Mapping[str, object], task: _Task, *, metric: str, number: int) -> Sample:
    score = number_at(line, metric)
    fault = ""
    if score is None:
        fault = "the run did not score (--predict_only)" if "bypass" in line else f"no {metric}"
    arguments = list(mapping_at(line, "arguments").values())
    prompt, start = _prompt(value_at(arguments, 0, "arg_0"), task)
    output, reference = _answer(line), text_at(line, "target") or None
    composed: tuple[tuple[int, int], ...] = ()
    choice = _choice(line, arguments, metric) if len(arguments) > 1 else None
    if choice is not None:
        prompt = f"{prompt}\n\n{choice.options}"
        output, reference = choice.output, choice.reference or reference
        composed = ((0, len(output)),)
    return Sample(
        dataset=task.name,
        example=text_at(line, "doc_id"),
        model=task.model,
        score=score,
        fault=fault,
        awaits_score="bypass" in line,
        prompt=prompt,
        question_start=start,
        output=output,
        composed=composed,
        reference=reference,
        extras={"extracted_answer": text_at(line, "filtered_resps", 0), **_extras(line)},
        line=number,
    )


def _answer(line: Mapping[str, object]) -> str:
    """The first reply, which is the one that is scored where a document has several."""
    replies = value_at(line, "resps", 0)
    first = replies[0] if isinstance(replies, list) and replies else replies
    return first if isinstance(first, str) else json_text(first)


def _prompt(value: object, task: _Task) -> tuple[str, int | None]:
    """The prompt, and where the question begins after worked examples.

    Chats are a list of one JSON text of messages.
    """
    if isinstance(value, list) and value and isinstance(value[0], str):
        try:
            messages = json.loads(value[0])
        except (ValueError, RecursionError):
            return value[0], None
        return prompt_of(messages) if isinstance(messages, list) else (value[0], None)
    text = value if isinstance(value, str) else ""
    parts = text.split(task.delimiter) if task.few_shot and task.delimiter else []
    # Only then it is certain that no example and no question contains the delimiter.
    if len(parts) in {task.few_shot + 1, task.few_shot + 2}:
        return text, len(text) - len(parts[-1])
    return text, None


def _choice(line: Mapping[str, object], arguments: Sequence[object], metric: str) -> Choice | None:
    """The option with the highest log-probability, normalised as the metric does."""
    options = [text_at(one, "arg_1") for one in arguments]
    values = [_number(value_at(one, 0, 0)) for one in list_at(line, "resps")]
    figures = [value for value in values if value is not None]
    if len(figures) != len(options):
        return None
    lengths = {
        "acc_norm": [len(option) for option in options],
        "acc_bytes": [len(option.encode(errors="replace")) for option in options],
    }.get(metric, [1] * len(options))
    scaled = [figure / max(1, length) for figure, length in zip(figures, lengths, strict=True)]
    target = text_at(line, "target")
    right = int(target) if target.isdecimal() and len(target) <= _MAX_DIGITS else None
    if right is None:
        right = next((n for n, one in enumerate(options) if one.strip() == target.strip()), None)
    return choice_of(options, figures, chosen=scaled.index(max(scaled)), right=right)


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _extras(line: Mapping[str, object]) -> dict[str, str]:
    """The short fields of the document, such as its subject."""
    document = mapping_at(line, "doc")
    texts = {name: text_at(value) for name, value in document.items()}
    return {name: text for name, text in texts.items() if text and len(text) <= MAX_EXTRA_CHARS}


def _results_file(path: Path, time: str) -> Path | None:
    """The results file of the same run, next to the samples."""
    if time:
        same = path.with_name(f"results_{time}.json")
        return same if same.is_file() else None
    others = sorted(path.parent.glob("results*.json"))
    return others[0] if len(others) == 1 else None


@lru_cache(maxsize=64)  # a run of many tasks has one results file
def _results(path: Path) -> Mapping[str, object]:
    return json_object(path)


def _task(path: Path, results: Path | None, *, name: str, time: str) -> _Task:
    stated = _results(results) if results else {}
    config = mapping_at(stated, "configs", name)
    filters = tuple(text_at(one, "name") for one in list_at(config, "filter_list"))
    better = mapping_at(stated, "higher_is_better", name)
    few_shot = value_at(stated, "n-shot", name)
    return _Task(
        name=name,
        model=text_at(stated, "model_name") or path.parent.name,
        version=text_at(stated, "lm_eval_version"),
        filters=filters if all(filters) and filters else _filters(path),
        few_shot=few_shot if isinstance(few_shot, int) else 0,
        delimiter=text_at(config, "fewshot_delimiter"),
        lower_is_better=tuple(key for key, higher in better.items() if higher is False),
        written=time,
    )


def _filters(path: Path) -> tuple[str, ...]:
    """The filters named in the file, for logs whose results file is missing."""
    names: dict[str, None] = {}
    for _, line in lines(path):
        found = _FILTER.findall(line)
        names.update((name.decode(errors="replace"), None) for name in found)
    return tuple(names)
