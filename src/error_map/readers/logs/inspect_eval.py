"""Reads logs of Inspect AI: one sample per example and epoch, under one of its scorers."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TypedDict

from ...errors import InputError
from ...records import Turn
from .composed import content_text, letter_of, prompt_of, transcript_of
from .inspect_files import RawSample, checked, is_inspect, raw_samples, read_header, sample_count
from .json_files import list_at, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .messages import turns_of
from .names import dataset_name
from .sample import Sample

TOOL: Final = "Inspect AI"
_PEEKED: Final = 20
"""Samples in which names of scores are looked for, as the first ones may have failed."""
_MAX_EXTRA_CHARS: Final = 200
_MAX_FAULT_CHARS: Final = 300
_MAX_INDEX_CHARS: Final = 10
_WORDS: Final[Mapping[str, float]] = {
    "C": 1.0,
    "P": 0.5,
    "I": 0.0,
    "N": 0.0,
    "yes": 1.0,
    "true": 1.0,
    "no": 0.0,
    "false": 0.0,
}
"""Scores in words, as `value_to_float` of Inspect AI reads them; all other words it takes for 0."""
_STATUS: Final[Mapping[str, str]] = {
    "started": "the evaluation had not ended when this log was written",
    "cancelled": "the evaluation was cancelled",
    "error": "the evaluation ended with an error",
}


class _Run(NamedTuple):
    dataset: str
    model: str
    epochs: int


def recognise(opening: Opening) -> Log | None:
    """The log of one evaluation.

    Raises:
        InputError: It cannot be read, or has no samples.
    """
    if not is_inspect(opening):
        return None
    path = opening.path
    header = read_header(path)
    spec = mapping_at(header, "eval")
    run = _Run(
        dataset=dataset_name(text_at(spec, "task"), default="inspect"),
        model=text_at(spec, "model"),
        epochs=whole_at(spec, "config", "epochs") or 1,
    )
    peeked = list(islice(raw_samples(path), _PEEKED))
    if not peeked:
        raise InputError(
            "a log without samples", where=str(path), hint="run the evaluation with --log-samples"
        )
    scorers = _scorers(header, peeked)
    return Log(
        tool=TOOL,
        version=text_at(spec, "packages", "inspect_ai"),
        path=path,
        files=(path,),
        datasets=(run.dataset,),
        models=(run.model,),
        settings=_settings(spec),
        rows=sample_count(path),
        run_id=_run_id(spec),
        written=_written(text_at(spec, "created")),
        is_scored=bool(scorers),
        choices={"scorer": scorers} if scorers else {},
        notices=tuple(_notices(header, run)),
        read=partial(_samples, path, run),
    )


FORMAT: Final = LogFormat("inspect", recognise)


def _settings(spec: Mapping[str, object]) -> str:
    """The arguments that the user gave the task, which may make it another one."""
    given = mapping_at(spec, "task_args_passed")
    return ", ".join(f"{key}={_short(_json(value))}" for key, value in sorted(given.items()))


def _run_id(spec: Mapping[str, object]) -> str:
    """The id of the evaluation; of older logs, those of the run and of the task in it."""
    run, task = text_at(spec, "run_id"), text_at(spec, "task_id")
    return text_at(spec, "eval_id") or (f"{run}/{task}" if run and task else "")


def _written(created: str) -> str:
    """The time of a run in UTC, so that it sorts; as it is if it is no time."""
    try:
        return datetime.fromisoformat(created).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return created


def _notices(header: Mapping[str, object], run: _Run) -> Iterator[str]:
    status = _STATUS.get(text_at(header, "status") or "started")
    if status:
        reason = _short(text_at(header, "error", "message"))
        yield f"{run.dataset}, {run.model}: {status}{': ' if reason else ''}{reason}"
    if value_at(header, "invalidated") is True:
        yield f"{run.dataset}, {run.model}: its author marked the log as invalid"


def _scorers(header: Mapping[str, object], samples: Iterable[RawSample]) -> tuple[str, ...]:
    """Names of single scores: `scorer`, or `scorer.key` where it gives several values."""
    results = list_at(header, "results", "scores")
    order = [text_at(one, "scorer") for one in results]
    found: dict[str, list[str]] = {}
    for sample in samples:
        scores = mapping_at(sample.value, "scores") or {"score": value_at(sample.value, "score")}
        for scorer, score in scores.items():
            if score is not None:
                found.setdefault(scorer, []).extend(_names(scorer, value_at(score, "value")))
    for one in results:
        name, scorer = text_at(one, "name"), text_at(one, "scorer")
        if scorer not in found:
            found.setdefault(scorer, []).append(name if name == scorer else f"{scorer}.{name}")
    ranked = sorted(found, key=lambda name: order.index(name) if name in order else len(order))
    return tuple(dict.fromkeys(name for scorer in ranked for name in found[scorer]))


def _names(scorer: str, value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{scorer}.{key}" for key in value]
    if isinstance(value, list) and len(value) > 1:
        return [f"{scorer}.{number}" for number in range(len(value))]
    return [scorer]


def _samples(path: Path, run: _Run, chosen: Chosen) -> Iterator[Sample]:
    for raw in raw_samples(path):
        yield _sample(checked(raw, path), run, scorer=chosen.get("scorer", ""), number=raw.number)


def _sample(sample: Mapping[str, object], run: _Run, *, scorer: str, number: int) -> Sample:
    score, value = _find(mapping_at(sample, "scores"), scorer)
    points = _points(value)
    fault = _fault(sample, score, scorer=scorer, points=points, value=value)
    request, replies = _parts(sample)
    prompt = prompt_of(request)
    answer = _answer(sample, replies)
    return Sample(
        dataset=run.dataset,
        example=text_at(sample, "id"),
        model=run.model,
        score=None if fault else points,
        fault=fault,
        prompt=prompt.text,
        question_start=prompt.question_start,
        output=answer.output,
        composed=answer.composed,
        turns=answer.turns,
        reference=_reference(sample),
        repeat=text_at(sample, "epoch") if run.epochs > 1 else None,
        stop_reason=_stop_reason(sample),
        latency_s=_latency_s(sample, several=bool(answer.composed)),
        **_usage(sample, run.model, several=bool(answer.composed)),
        extras={"extracted_answer": text_at(score, "answer"), **_extras(sample, score)},
        line=number,
    )


def _find(scores: Mapping[str, object], scorer: str) -> tuple[object, object]:
    """The score with this name, and its value; None if there is none."""
    if scorer in scores:
        value = value_at(scores, scorer, "value")
        single = isinstance(value, list) and len(value) == 1
        return scores[scorer], value_at(value, 0) if single else value
    for name, score in scores.items():
        if scorer.startswith(f"{name}."):
            key = scorer[len(name) + 1 :]
            value = value_at(score, "value")
            in_list = isinstance(value, list) and key.isdecimal() and len(key) < _MAX_INDEX_CHARS
            return score, value_at(value, int(key) if in_list else key)
    return None, None


def _points(value: object) -> float | None:
    """The value of a score as a number; None if it is none, or no score was given."""
    if isinstance(value, str):
        known = _WORDS.get(value, _WORDS.get(value.lower()))
        try:
            value = float(value) if known is None else known
        except ValueError:
            return None
    points = number_at(value)
    return points if points is not None and math.isfinite(points) else None


def _fault(
    sample: Mapping[str, object], score: object, *, scorer: str, points: float | None, value: object
) -> str:
    """Why a sample has no score; empty if it has one."""
    error = mapping_at(sample, "error")
    invalid = mapping_at(sample, "invalidation")
    if error:
        given = "" if points is None else f" (although {scorer} gave it {points:g})"
        return f"the sample errored: {_short(text_at(error, 'message'))}{given}"
    if invalid:
        return f"the sample was marked as invalid: {_short(text_at(invalid, 'reason'))}"
    if points is not None:
        return ""
    if score is None:
        return f"no score of {scorer}" if scorer else "the run did not score"
    reason = text_at(score, "reason") or text_at(score, "metadata", "unscored_reason")
    if value is None or isinstance(value, float):
        return f"{scorer} gave no score{': ' if reason else ''}{_short(reason)}"
    return f"the score of {scorer} is {_short(_json(value))}, which is no number"


def _short(text: str) -> str:
    """A text on one line of bounded length."""
    line = " ".join(text[: 4 * _MAX_FAULT_CHARS].split())
    return line if len(line) <= _MAX_FAULT_CHARS else f"{line[:_MAX_FAULT_CHARS]}…"


def _parts(sample: Mapping[str, object]) -> tuple[Sequence[object], Sequence[object]]:
    """The messages up to the first reply that was generated, and those from it on."""
    given = value_at(sample, "input")
    request = given if isinstance(given, list) else [{"role": "user", "content": given}]
    messages = list_at(sample, "messages")
    if not messages:
        return _with_options(request, list_at(sample, "choices")), ()
    # Worked examples are replies, too; newer logs say which ones were generated.
    examples = sum(text_at(one, "role") == "assistant" for one in request)
    replies = [
        (number, text_at(one, "source"))
        for number, one in enumerate(messages)
        if text_at(one, "role") == "assistant"
    ]
    generated = [number for number, source in replies if source == "generate"]
    others = [number for number, _ in replies[examples:]]
    start = (generated or others or [len(messages)])[0]
    return messages[:start], messages[start:]


def _with_options(request: Sequence[object], choices: Sequence[object]) -> Sequence[object]:
    """The question with its options, for logs without the messages that had them."""
    if not choices:
        return request
    options = "\n".join(f"({letter_of(n)}) {text_at(one)}" for n, one in enumerate(choices))
    last = request[-1] if request else None
    content = f"{content_text(last)}\n\n{options}"
    return [*request[:-1], {"role": text_at(last, "role"), "content": content}]


class _Answer(NamedTuple):
    output: str
    turns: tuple[Turn, ...] = ()
    """The turns in `output`; empty for a single reply."""
    composed: tuple[tuple[int, int], ...] = ()


def _answer(sample: Mapping[str, object], replies: Sequence[object]) -> _Answer:
    """The reply that was scored; of several turns, all of them."""
    completion = text_at(sample, "output", "completion") or content_text(
        value_at(sample, "output", "choices", 0, "message")
    )
    if not replies or (len(replies) == 1 and not list_at(replies[0], "tool_calls")):
        return _Answer(completion or "".join(map(content_text, replies)))
    turns = turns_of(replies)
    text, composed = transcript_of(turns)
    if completion and completion not in text:
        heading = "\n\n[answer]\n"
        composed = (*composed, (len(text), len(text) + len(heading)))
        text += heading + completion
    return _Answer(text, turns, composed)


def _reference(sample: Mapping[str, object]) -> str | None:
    """The target; of several ones, which all are right, a JSON list, or the letters of options."""
    target = value_at(sample, "target")
    if not isinstance(target, list):
        return text_at(target) or None
    texts = [text_at(one) for one in target]
    if len(texts) > 1:
        return ", ".join(texts) if list_at(sample, "choices") else _json(texts)
    return (texts[0] or None) if texts else None


def _stop_reason(sample: Mapping[str, object]) -> str | None:
    """The limit that ended the sample; else why the model stopped."""
    limit = text_at(sample, "limit", "type")
    if limit:
        return "context_length" if limit == "context" else f"{limit}_limit"
    return text_at(sample, "output", "choices", 0, "stop_reason") or None


def _latency_s(sample: Mapping[str, object], *, several: bool) -> float | None:
    """The time of the whole sample; of older logs, that of a single reply."""
    whole = number_at(sample, "total_time")
    return number_at(sample, "output", "time") if whole is None and not several else whole


class _Usage(TypedDict):
    tokens_in: int | None
    tokens_out: int | None
    cost_usd: float | None


def _usage(sample: Mapping[str, object], model: str, *, several: bool) -> _Usage:
    """Tokens and cost: of the reply, or of all replies of the model where there are several."""
    whole = mapping_at(sample, "model_usage", model)
    usage = (not several and mapping_at(sample, "output", "usage")) or whole
    kinds = ("input_tokens", "input_tokens_cache_read", "input_tokens_cache_write")
    return _Usage(
        tokens_in=sum(whole_at(usage, kind) or 0 for kind in kinds) if usage else None,
        tokens_out=whole_at(usage, "output_tokens"),
        cost_usd=number_at(usage, "total_cost"),
    )


def _extras(sample: Mapping[str, object], score: object) -> dict[str, str]:
    """The grader's explanation, and the short fields of the sample's metadata."""
    explanation = text_at(score, "explanation")
    completion = text_at(sample, "output", "completion")
    texts = {name: text_at(value) for name, value in mapping_at(sample, "metadata").items()}
    short = {name: text for name, text in texts.items() if 0 < len(text) <= _MAX_EXTRA_CHARS}
    if explanation and explanation != completion:
        short = {"explanation": explanation, **short}
    return short


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
