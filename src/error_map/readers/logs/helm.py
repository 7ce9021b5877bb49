"""Reads run folders of HELM: requests joined with the statistics of each instance."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from ...errors import InputError
from ..compressed import pieces
from .composed import choice_of, prompt_of
from .json_files import json_object, list_at, mapping_at, number_at, text_at, value_at
from .json_stream import json_fields, json_items
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "HELM"
_STATES, _STATS = "scenario_state.json", "per_instance_stats.json"
_TOTALS: Final = "stats.json"
_OTHERS: Final = (_TOTALS, "scenario.json", "instances.json", "costs.json")
_SHOWN: Final = ("display_predictions.json", "display_requests.json")
"""Made by `helm-summarize` from the other files."""
_PREFERRED: Final = (
    *("math_equiv_chain_of_thought", "math_equiv", "exact_match_indicator"),
    *("final_number_exact_match", "quasi_exact_match", "exact_match"),
)
"""Defaults for texts, those first that look for the answer at the end of a working."""
_PREFERRED_OPTIONS: Final = ("exact_match", "quasi_exact_match")
_LOWER: Final = frozenset({"absolute_value_difference", "distance"})
"""Metrics of which HELM's schema says that lower values are better."""
_COUNTS: Final = ("num_", "finish_reason_", "inference_", "training_", "logprob")
_NO_SCORES: Final = frozenset(
    {
        *("batch_size", "max_prob", "prompt_truncated", "predicted_index"),
        *("bits_per_byte", "perplexity", "estimated_num_tokens_cost"),
    }
)
"""Statistics of the run and of likelihoods, with those above: they do not judge an answer."""
_NOT_READ: Final = ("language_modeling", "ranking")
_Key: TypeAlias = tuple[str, str, str]
"""Id of the instance, trial and perturbation."""


class _Run(NamedTuple):
    folder: Path
    dataset: str
    model: str
    adapter: Mapping[str, object]


class _Stat(NamedTuple):
    score: float | None
    predicted: int | None
    """Index of the option that HELM took for the answer; None for a generated text."""
    tokens_in: int | None
    tokens_out: int | None


def recognise(opening: Opening) -> Log | None:
    """The log of a run folder, by its file run_spec.json.

    Raises:
        InputError: A file is missing or damaged, or the adapter gives no scores of answers.
    """
    if not opening.keys.keys() >= {"name", "scenario_spec", "adapter_spec"}:
        return None
    path = opening.path
    folder, spec = path.parent, json_object(path)
    adapter = mapping_at(spec, "adapter_spec")
    for name in (_STATES, _STATS):
        if not (folder / name).is_file():
            message = f"a run of HELM without {name}"
            raise InputError(message, where=str(path), hint="copy the whole run folder")
    method = text_at(adapter, "method")
    if method.startswith(_NOT_READ):
        raise InputError(
            f"the adapter {method} has no scores of single answers",
            where=str(path),
            hint="leave the folder out",
        )
    run = _Run(folder, _dataset(text_at(spec, "name")), text_at(adapter, "model"), adapter)
    metrics, splits = _choices(folder, method)
    return Log(
        tool=TOOL,
        path=path,
        files=(path, *_existing(folder)),
        datasets=(run.dataset,),
        models=(run.model,),
        written=_written(folder),
        is_scored=bool(metrics),
        choices={
            **({"metric": metrics} if metrics else {}),
            **({"split": splits} if splits else {}),
        },
        notices=tuple(
            f"{run.dataset}: low values of {metric} are good: --score-direction low"
            for metric in metrics
            if metric in _LOWER
        ),
        read=partial(_samples, run),
    )


FORMAT: Final = LogFormat("helm", recognise)


def _existing(folder: Path) -> Iterator[Path]:
    names = (_STATES, _STATS, *_OTHERS, *_SHOWN)
    return (folder / name for name in names if (folder / name).is_file())


def _dataset(name: str) -> str:
    """The name of a run without its model."""
    scenario, _, arguments = name.partition(":")
    kept = [one for one in arguments.split(",") if not one.startswith(("model=", "model_deploy"))]
    return dataset_name(" ".join([scenario, *kept]), default="helm")


def _written(folder: Path) -> str:
    """The time of the first request in UTC."""
    first = next(_states(folder), None)
    seconds = number_at(first, "result", "request_datetime")
    try:
        return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _choices(folder: Path, method: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of metrics and splits, each with its default first."""
    totals = folder / _TOTALS
    if totals.is_file():
        stats: Iterable[object] = json_items(pieces(totals), where=str(totals))
        names = [mapping_at(stat, "name") for stat in stats]
    else:
        entries = _entries(folder)
        names = [mapping_at(one, "name") for entry in entries for one in list_at(entry, "stats")]
    known = dict.fromkeys(text_at(name, "name") for name in names)
    metrics = [name for name in known if name and _is_metric(name)]
    preferred = _PREFERRED_OPTIONS if method.startswith("multiple_choice") else _PREFERRED
    default = next((name for name in preferred if name in metrics), None)
    splits = dict.fromkeys(split for name in names if (split := text_at(name, "split")))
    ordered = sorted(splits, key=lambda split: (split != "test", split))
    return tuple(sorted(metrics, key=lambda name: name != default)), tuple(ordered)


def _is_metric(name: str) -> bool:
    return not name.startswith(_COUNTS) and name not in _NO_SCORES


def _entries(folder: Path) -> Iterator[object]:
    path = folder / _STATS
    return json_items(pieces(path), where=str(path))


def _states(folder: Path) -> Iterator[object]:
    path = folder / _STATES
    fields = json_fields(pieces(path), where=str(path), each=("request_states",))
    return (value for key, value in fields if key == "request_states" and value is not None)


def _key(instance: str, trial: object, perturbation: object) -> _Key:
    changed = json.dumps(perturbation, sort_keys=True) if perturbation else ""
    return instance, text_at(trial), changed


def _state_key(state: object) -> _Key:
    instance = mapping_at(state, "instance")
    trial = value_at(state, "train_trial_index")
    return _key(text_at(instance, "id"), trial, value_at(instance, "perturbation"))


def _samples(run: _Run, chosen: Chosen) -> Iterator[Sample]:
    stats = _stats(run.folder, chosen.get("metric", ""))
    split = chosen.get("split")
    states = (
        state
        for state in _states(run.folder)
        if text_at(state, "request_mode") != "calibration"
        and text_at(state, "instance", "split") in {split, ""}
    )
    matched = number = 0
    # The requests of one instance, one per option, follow each other.
    for number, (key, group) in enumerate(groupby(states, key=_state_key), start=1):
        matched += key in stats
        sample = _sample(list(group), run, stat=stats.get(key), metric=chosen.get("metric", ""))
        yield replace(sample, line=number)
    if number and not matched:
        raise InputError(
            f"no instance of {_STATES} is in {_STATS}: the files are of different runs",
            where=str(run.folder),
        )


def _stats(folder: Path, metric: str) -> Mapping[_Key, _Stat]:
    """What is needed of the statistics of each instance: a few numbers, so that all fit."""
    found: dict[_Key, _Stat] = {}
    for entry in _entries(folder):
        instance, trial = text_at(entry, "instance_id"), value_at(entry, "train_trial_index")
        values: dict[str, float] = {}
        for stat in list_at(entry, "stats"):
            mean = number_at(stat, "mean")
            if mean is not None:
                values.setdefault(text_at(stat, "name", "name"), mean)
        predicted = values.get("predicted_index")
        found[_key(instance, trial, value_at(entry, "perturbation"))] = _Stat(
            score=values.get(metric),
            predicted=None if predicted is None else _whole(predicted),
            tokens_in=_whole(values.get("num_prompt_tokens")),
            tokens_out=_whole(values.get("num_output_tokens")),
        )
    return found


def _whole(value: float | None) -> int | None:
    """A count; None if it is unknown, for which HELM has 0 where the log has no figure."""
    return int(value) if value is not None and value.is_integer() else None


def _sample(states: Sequence[object], run: _Run, *, stat: _Stat | None, metric: str) -> Sample:
    state = states[0]
    instance, result = mapping_at(state, "instance"), mapping_at(state, "result")
    fault = _fault(result, stat, metric)
    prompt = _prompt(state, run)
    answer = _answer(states, stat, prompt.text)
    changed = text_at(instance, "perturbation", "name")
    name = text_at(instance, "id")
    cached = value_at(result, "cached") is True
    labels = {
        "split": text_at(instance, "split"),
        "sub_split": text_at(instance, "sub_split"),
        "perturbation": changed,
    }
    return Sample(
        dataset=run.dataset,
        example=f"{name}, {changed}" if changed else name,
        model=run.model,
        score=None if fault or stat is None else stat.score,
        fault=fault,
        prompt=answer.prompt,
        question_start=prompt.question_start,
        output=answer.output,
        composed=answer.composed,
        reference=answer.reference,
        repeat=_trial(state, run),
        stop_reason=text_at(result, "completions", 0, "finish_reason", "reason") or None,
        tokens_in=stat.tokens_in or None if stat else None,
        tokens_out=stat.tokens_out or None if stat else None,
        latency_s=None if cached else number_at(result, "request_time"),
        extras={name: text for name, text in labels.items() if text},
    )


def _fault(result: Mapping[str, object], stat: _Stat | None, metric: str) -> str:
    """Why there is no score; empty if there is one."""
    if value_at(result, "success") is False:
        return f"the request failed: {text_at(result, 'error') or 'no reason given'}"
    if stat is None:
        return f"the instance is not in {_STATS}"
    if stat.score is None:
        return f"no {metric}" if metric else "the run has no metric"
    return ""


def _trial(state: object, run: _Run) -> str | None:
    """The number of the trial; None if there is only one."""
    trials = number_at(run.adapter, "num_train_trials") or 1
    return text_at(state, "train_trial_index") if trials > 1 else None


class _Asked(NamedTuple):
    text: str
    question_start: int | None


def _prompt(state: object, run: _Run) -> _Asked:
    """The prompt, and where the question begins after instructions and worked examples."""
    text = text_at(state, "request", "prompt")
    messages = list_at(state, "request", "messages")
    media = list_at(state, "request", "multimodal_prompt", "media_objects")
    if not text and messages:
        return _Asked(*prompt_of(messages))
    if not text and media:
        text = "\n".join(map(_medium, media))
    question = text_at(state, "instance", "input", "text")
    start = text.rfind(question) if question else -1
    prefix = text_at(run.adapter, "input_prefix")
    if prefix and text[:start].endswith(prefix):
        start -= len(prefix)
    return _Asked(text, start if start > 0 else None)


def _medium(medium: object) -> str:
    """A part of a prompt: its text, or the type and place of an image."""
    kind, place = text_at(medium, "content_type"), text_at(medium, "location")
    return text_at(medium, "text") or f"[{kind}: {place}]"


class _Answer(NamedTuple):
    prompt: str
    output: str
    reference: str | None
    composed: tuple[tuple[int, int], ...] = ()


def _answer(states: Sequence[object], stat: _Stat | None, prompt: str) -> _Answer:
    """The answer in words; an option that was chosen, by its letter and its text."""
    state = states[0]
    if value_at(state, "reference_index") is not None:
        return _most_likely(states, stat, prompt)
    output = text_at(state, "result", "completions", 0, "text")
    right = _right(state)
    options = mapping_at(state, "output_mapping")
    if not options:
        several = json.dumps(right, ensure_ascii=False) if len(right) > 1 else "".join(right)
        return _Answer(prompt, output, several or None)
    letters = [letter for letter, text in options.items() if text in right]
    letter = output.strip()
    if letter not in options:
        return _Answer(prompt, output, ", ".join(letters) or None)
    words = f"\n\nThe answer is ({letter}) {text_at(options, letter).strip()}"
    composed = ((len(output), len(output) + len(words)),)
    return _Answer(prompt, output + words, ", ".join(letters) or None, composed)


def _most_likely(states: Sequence[object], stat: _Stat | None, prompt: str) -> _Answer:
    """The option that HELM took for the answer; each was a request of its own."""
    references = list_at(states[0], "instance", "references")
    options = [text_at(one, "output", "text") for one in references]
    figures = {
        index: number_at(state, "result", "completions", 0, "logprob") or 0.0
        for state in states
        if isinstance(index := value_at(state, "reference_index"), int)
    }
    chosen = stat.predicted if stat else None
    if chosen is None:
        chosen = max(figures, key=lambda index: figures[index], default=-1)
    if not 0 <= chosen < len(options):
        return _Answer(prompt, "", None)
    right = next((n for n, one in enumerate(references) if _is_right(one)), None)
    words = choice_of(options, (), chosen=chosen, right=right)
    initial = prompt.removesuffix(text_at(options, 0)).rstrip()
    composed = ((0, len(words.output)),)
    return _Answer(f"{initial}\n\n{words.options}", words.output, words.reference, composed)


def _right(state: object) -> list[str]:
    references = list_at(state, "instance", "references")
    return [text_at(one, "output", "text") for one in references if _is_right(one)]


def _is_right(reference: object) -> bool:
    return "correct" in list_at(reference, "tags")
