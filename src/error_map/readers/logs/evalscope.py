"""Reads the predictions and reviews of evalscope, which belong together by their index."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ...records import Turn
from ..file_names import stem_of
from .composed import Prompt, content_text, json_text, prompt_of, transcript_of
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
from .log import ChoiceKind, Chosen, Log, LogFormat, Opening
from .messages import turns_of
from .sample import Sample

TOOL: Final = "evalscope"
_PREDICTION: Final = frozenset({"index", "model", "model_output"})
_REVIEW: Final = frozenset({"index", "sample_score"})
_CUT_REVIEW: Final = frozenset({"index", "target", "input", "messages", "agent_trace"})
"""Keys before the score, which is not in the beginning of a file if the messages are long."""
_OLD: Final = frozenset({"model_spec", "subset_name", "choices"})
_UNUSABLE: Final = frozenset({"transport_error", "parse_error", "invalid_session", "excluded"})
"""States of a score that evalscope leaves out of its means."""
_PREDICTIONS: Final = "predictions"
_REVIEWS: Final = "reviews"
_CONFIG_BYTES: Final = 1 << 20
_VERSION: Final = re.compile(rb"^evalscope_version: *['\"]?([\w.+-]{1,40})", re.MULTILINE)
_TIME: Final = re.compile(rb"^work_dir: .{0,1000}?(\d{8}_\d{6})", re.MULTILINE)
MAX_EXTRA_CHARS: Final = 200
"""Longer metadata are texts of the task, which the prompt has too."""


class _Place(NamedTuple):
    """The files of one model, benchmark and subset."""

    main: Path
    """The reviews, or without them, the predictions."""
    model: str
    predictions: Path | None = None
    reviews: Path | None = None
    report: Path | None = None
    config: Path | None = None
    subset: str = ""
    """Name of the subset; empty if there is no report that names the benchmark."""


class _Call(NamedTuple):
    """What the predictions file adds to a review."""

    stop_reason: str | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    latency_s: float | None = None
    error: str = ""


def recognise(opening: Opening) -> Log | None:
    """The log of one model and one subset of a benchmark.

    Raises:
        InputError: It was written by evalscope before 1.0.
    """
    keys = opening.keys.keys()
    if keys >= _OLD:
        raise InputError(
            "predictions or reviews of evalscope before 1.0",
            where=str(opening.path),
            hint="evaluate again with evalscope 1.0 or later",
        )
    is_review = keys >= _REVIEW or _is_cut_review(opening)
    if not (is_review or keys >= _PREDICTION):
        return None
    return _log(_place(opening.path, _REVIEWS if is_review else _PREDICTIONS))


FORMAT: Final = LogFormat("evalscope", recognise)


def _is_cut_review(opening: Opening) -> bool:
    keys = list(opening.keys)
    known = keys[:1] == ["index"] and len(keys) > 1 and _CUT_REVIEW.issuperset(keys)
    return known and opening.first is None and _REVIEWS in opening.path.parts


def _log(place: _Place) -> Log:
    report = json_object(place.report) if place.report else {}
    settings = _opening(place.config) if place.config else b""
    version, time = _VERSION.search(settings), _TIME.search(settings)
    others = (place.predictions, place.reviews, place.report, place.config)
    return Log(
        tool=TOOL,
        version=version[1].decode() if version else "",
        path=place.main,
        files=tuple(path for path in others if path),
        datasets=(stem_of(place.main),),
        models=(place.model,),
        written=time[1].decode() if time else "",
        is_scored=place.reviews is not None,
        choices=_metrics(place.reviews) if place.reviews else {},
        notices=tuple(_notices(place, report)),
        read=partial(_samples, place),
    )


def _place(path: Path, kind: str) -> _Place:
    """The files that belong to a predictions or reviews file."""
    parts = path.parts[:-1]
    if kind not in parts:
        if kind == _REVIEWS:
            return _Place(path, path.parent.name, reviews=path)
        return _Place(path, path.parent.name, predictions=path)
    depth = len(parts) - 1 - parts[::-1].index(kind)
    root, below = Path(*parts[:depth]), parts[depth + 1 :]
    both = [root.joinpath(one, *below, path.name) for one in (_PREDICTIONS, _REVIEWS)]
    predictions, reviews = (one if one.is_file() else None for one in both)
    reports = root.joinpath("reports", *below).glob("*.json")
    named = [one for one in reports if stem_of(path).startswith(f"{one.stem}_")]
    report = max(named, key=lambda one: len(one.stem), default=None)
    config = root / "configs" / "task_config.yaml"
    return _Place(
        main=reviews or path,
        model="/".join(below) or path.parent.name,
        predictions=predictions,
        reviews=reviews,
        report=report,
        config=config if config.is_file() else None,
        subset=stem_of(path).removeprefix(f"{report.stem}_") if report else "",
    )


def _opening(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_CONFIG_BYTES)


def _metrics(reviews: Path) -> dict[ChoiceKind, tuple[str, ...]]:
    _, first = next(json_lines(reviews), (1, {}))
    score = mapping_at(first, "sample_score", "score")
    main = text_at(score, "main_score_name")
    names = dict.fromkeys([*([main] if main else []), *mapping_at(score, "value")])
    return {"metric": tuple(names)} if names else {}


def _notices(place: _Place, report: Mapping[str, object]) -> Iterator[str]:
    name = stem_of(place.main)
    for metric in list_at(report, "metrics"):
        if text_at(metric, "semantics", "direction") == "lower_is_better":
            metric_name = text_at(metric, "identity", "name")
            yield f"{name}: low values of {metric_name} are good: --score-direction low"
    errored = whole_at(report, "execution_summary", "subsets", place.subset, "errored")
    if errored:
        yield f"{name}: {errored} samples failed, and evalscope left them out of its files"


def _samples(place: _Place, chosen: Chosen) -> Iterator[Sample]:
    calls = {index: _call(line) for index, line, _ in _lines(place.predictions)}
    reviewed = set[str]()
    for index, line, number in _lines(place.reviews):
        if place.predictions and index not in calls:
            raise InputError(
                f"index {index} is reviewed, and not predicted",
                where=f"{place.reviews}:{number} and {place.predictions}",
                hint="review the predictions again: --use-cache with --rerun-review",
            )
        reviewed.add(index)
        sample = _sample(line, place, calls.get(index, _Call()))
        yield replace(sample, **_scored(line, chosen.get("metric", "")), line=number)  # type: ignore[arg-type]  # fields of Sample
    for index, line, number in _lines(place.predictions):
        if index not in reviewed:
            sample = _sample(line, place, calls[index])
            yield replace(sample, fault=calls[index].error or "not reviewed", line=number)


def _lines(path: Path | None) -> Iterator[tuple[str, Mapping[str, object], int]]:
    """The lines of a file with their index and number."""
    seen = set[str]()
    for number, line in json_lines(path) if path else ():
        index = text_at(line, "index")
        if not index or index in seen:
            fault = f"index {index} twice" if index else "no index"
            raise InputError(fault, where=f"{path}:{number}", hint="remove one of the lines")
        seen.add(index)
        yield index, line, number


def _call(line: Mapping[str, object]) -> _Call:
    output = value_at(line, "model_output")
    usage = mapping_at(line, "agent_trace", "total_usage") or mapping_at(output, "usage")
    return _Call(
        stop_reason=text_at(output, "choices", 0, "stop_reason") or None,
        tokens_in=whole_at(usage, "input_tokens"),
        tokens_out=whole_at(usage, "output_tokens"),
        latency_s=number_at(output, "time"),
        error=text_at(output, "error"),
    )


def _scored(line: Mapping[str, object], metric: str) -> dict[str, object]:
    """The score of a review, or why there is none."""
    score = mapping_at(line, "sample_score", "score")
    value = number_at(score, "value", metric)
    status = text_at(score, "status")
    if value is not None and status not in _UNUSABLE:
        return {"score": value}
    reason = text_at(score, "judge_summary", "error") or text_at(score, "explanation")
    fault = f"scoring failed: {status}" if status in _UNUSABLE else f"no {metric or 'score'}"
    return {"fault": f"{fault}: {reason}" if reason else fault}


def _sample(line: Mapping[str, object], place: _Place, call: _Call) -> Sample:
    """An answer with what its line says; without score."""
    result = mapping_at(line, "sample_score")
    score = mapping_at(result, "score")
    talk = _talk(line, text_at(score, "prediction"))
    group = text_at(result, "group_id")
    return Sample(
        dataset=stem_of(place.main),
        example=group or text_at(line, "index"),
        model=place.model,
        score=None,
        prompt=talk.prompt.text,
        question_start=talk.prompt.question_start,
        output=talk.output,
        turns=talk.turns,
        composed=talk.composed,
        reference=_target(value_at(line, "target")),
        repeat=text_at(result, "generation_index") or None,
        stop_reason=call.stop_reason,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        latency_s=call.latency_s,
        extras={
            "extracted_answer": text_at(score, "extracted_prediction") or None,
            "explanation": text_at(score, "explanation") or None,
            **_short(mapping_at(result, "sample_metadata") or mapping_at(line, "metadata")),
        },
    )


def _target(target: object) -> str | None:
    """The reference; several accepted answers stay a list."""
    if isinstance(target, list):
        target = target[0] if len(target) == 1 else json_text(target) if target else None
    return target if isinstance(target, str) and target else None


def _short(metadata: Mapping[str, object]) -> dict[str, str]:
    """The short values of the sample's metadata, such as its subject."""
    texts = {name: text_at(value) for name, value in metadata.items()}
    return {name: text for name, text in texts.items() if text and len(text) <= MAX_EXTRA_CHARS}


class _Talk(NamedTuple):
    prompt: Prompt
    output: str
    turns: tuple[Turn, ...]
    composed: tuple[tuple[int, int], ...]


def _talk(line: Mapping[str, object], prediction: str) -> _Talk:
    """The messages as a prompt and a reply; several replies are a transcript.

    Older reviews have the rendered prompt as `input`, and the reply with the score.
    """
    messages = list_at(line, "messages")
    if not messages and "input" in line:
        return _Talk(Prompt(text_at(line, "input"), None), prediction, (), ())
    roles = [text_at(message, "role") for message in messages]
    made = [text_at(message, "source") == "generate" for message in messages]
    # Without marks, only the last message is the model's: those before may be worked examples.
    first = made.index(True) if True in made else len(messages) - (roles[-1:] == ["assistant"])
    prompt, replies = prompt_of(messages[:first]), messages[first:]
    if len(replies) == 1 and not list_at(replies[0], "tool_calls"):
        output, composed = _reply(replies[0])
        return _Talk(prompt, output, (), composed)
    turns = turns_of(replies)
    transcript = transcript_of(turns)
    return _Talk(prompt, transcript.text if turns else prediction, turns, transcript.composed)


def _reply(message: object) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A single reply, with its reasoning in tags that evalscope took off."""
    thought = _reasoning(message)
    if not thought:
        return content_text(message), ()
    opened, closed = "<think>\n", "\n</think>\n\n"
    middle = len(opened) + len(thought)
    spans = ((0, len(opened)), (middle, middle + len(closed)))
    return f"{opened}{thought}{closed}{content_text(_readable(message))}", spans


def _reasoning(message: object) -> str:
    parts = (text_at(part, "reasoning") for part in list_at(message, "content"))
    return "\n".join(part for part in parts if part)


def _readable(message: object) -> object:
    """A message without the parts that are reasoning."""
    parts = list_at(message, "content")
    if not parts or not isinstance(message, Mapping):
        return message
    return {**message, "content": [part for part in parts if text_at(part, "type") != "reasoning"]}
