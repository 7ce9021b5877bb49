"""Reads the latest test run of deepeval, which it keeps in a hidden folder."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from ...errors import InputError
from .composed import Prompt, json_text
from .conversation import Conversation, conversation_of
from .json_files import list_at, mapping_at, number_at, text_at, value_at
from .json_stream import NestedItems
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "deepeval"
FOLDER: Final = ".deepeval"
SUCCESS: Final = "success"
"""Metric that is 1 where all metrics of a test case pass."""
MAX_EXTRA_CHARS: Final = 200
_ROOT: Final = "testRunData"
_CONVERSATIONS: Final = "conversationalTestCases"
_UNKNOWN: Final = "unnamed model"


@dataclass(slots=True)
class _Metric:
    """What the test cases say of one metric."""

    threshold: float | None = None
    is_low: bool = False
    """Whether a score below the threshold passed: low scores are good."""


@dataclass(slots=True)
class _Survey:
    metrics: dict[str, _Metric] = field(default_factory=dict)
    rows: int = 0
    inputs: dict[str, dict[str, int]] = field(default_factory=dict)
    """By the name of test cases: how many there are, by hash of the input."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A test run, and how its test cases are named."""

    cases: Callable[[], Iterator[tuple[int, Mapping[str, object]]]]
    survey: _Survey
    dataset: str
    model: str


def recognise(opening: Opening) -> Log | None:
    """The log of a test run, if the file is one of deepeval's.

    Raises:
        InputError: It is cut off, or has another layout.
    """
    if '"testCases"' not in opening.keys.get(_ROOT, ""):
        return None
    path = opening.path
    items = NestedItems(path, _ROOT, "testCases")
    cases = partial(_cases, items, path)
    survey = _surveyed(cases())
    if not survey.rows:
        raise InputError("the test run has no test cases", where=str(path), hint="leave it out")
    place = path.resolve().parent
    default = place.parent.name if place.name == FOLDER else place.name
    title = text_at(items.others.get((_ROOT, "identifier")))
    dataset = dataset_name(title or default, default="deepeval")
    model = text_at(items.others.get((_ROOT, "hyperparameters")), "model")
    return Log(
        tool=TOOL,
        path=path,
        files=(path,),
        datasets=(dataset,),
        models=(model or _UNKNOWN,),
        rows=survey.rows,
        choices={"metric": tuple(dict.fromkeys((*survey.metrics, SUCCESS)))},
        notices=tuple(_notices(survey, dataset, model)),
        read=partial(_samples, _Run(cases, survey, dataset, model or _UNKNOWN)),
    )


FORMAT: Final = LogFormat("deepeval", recognise)


def _cases(items: NestedItems, path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    """The test cases with their numbers from 1, those of conversations last."""
    number = 0
    for case in items:
        number += 1
        yield number, _object(case, path, number)
    for case in list_at(items.others.get((_ROOT, _CONVERSATIONS))):
        number += 1
        yield number, _object(case, path, number)


def _object(case: object, path: Path, number: int) -> Mapping[str, object]:
    if not isinstance(case, dict):
        raise InputError(f"test case {number} is no object", where=str(path))
    return case


def _surveyed(cases: Iterator[tuple[int, Mapping[str, object]]]) -> _Survey:
    survey = _Survey()
    for number, case in cases:
        survey.rows += 1
        inputs = survey.inputs.setdefault(_name(case, number), {})
        request = _asked(case)
        inputs[request] = inputs.get(request, 0) + 1
        for one in list_at(case, "metricsData"):
            metric = survey.metrics.setdefault(text_at(one, "name"), _Metric())
            threshold, score = number_at(one, "threshold"), number_at(one, "score")
            metric.threshold = threshold if metric.threshold is None else metric.threshold
            if threshold is not None and score is not None and score < threshold:
                metric.is_low |= value_at(one, "success") is True
    survey.metrics.pop("", None)
    return survey


def _notices(survey: _Survey, dataset: str, model: str) -> Iterator[str]:
    if not model:
        yield (
            f"{dataset}: the test run names no model, as hyperparameters have no 'model'; it is "
            f'called {_UNKNOWN!r}: --model-name "{{run}}" names it after its folder'
        )
    for name, metric in survey.metrics.items():
        if metric.threshold is not None:
            low = " and --score-direction low" if metric.is_low else ""
            yield (
                f"{dataset}: deepeval's threshold of {name} is {metric.threshold:g}: "
                f"--threshold {dataset}={metric.threshold:g}{low}"
            )


def _samples(run: _Run, chosen: Chosen) -> Iterator[Sample]:
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for number, case in run.cases():
        name, request = _name(case, number), _asked(case)
        inputs = run.survey.inputs[name]
        repeat, seen[name, request] = seen[name, request], seen[name, request] + 1
        sample = _sample(case, chosen["metric"])
        yield replace(
            sample,
            dataset=run.dataset,
            model=run.model,
            example=name if len(inputs) == 1 else f"{name} ({list(inputs).index(request) + 1})",
            repeat=str(repeat) if inputs[request] > 1 else None,
            line=number,
        )


def _sample(case: Mapping[str, object], metric: str) -> Sample:
    score, fault = _scored(case, metric)
    spoken = _spoken(case)
    return Sample(
        dataset="",
        example="",
        model="",
        score=score,
        fault=fault,
        prompt=spoken.prompt.text,
        question_start=spoken.prompt.question_start,
        output=spoken.output,
        turns=spoken.turns,
        composed=spoken.composed,
        reference=text_at(case, "expectedOutput") or text_at(case, "expectedOutcome") or None,
        latency_s=number_at(case, "completionTime"),
        cost_usd=number_at(case, "tokenCost"),
        extras=_extras(case, metric),
    )


def _name(case: Mapping[str, object], number: int) -> str:
    return text_at(case, "name") or f"test case {number}"


def _asked(case: Mapping[str, object]) -> str:
    """A hash of what is asked, which separates test cases of one name."""
    parts = [case.get("input"), case.get("scenario"), case.get("expectedOutput")]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _scored(case: Mapping[str, object], metric: str) -> tuple[float | None, str]:
    """The score under a metric, and why there is none."""
    if metric == SUCCESS:
        score = number_at(case, "success")
        return score, "" if score is not None else "the test case has no success"
    found = _metric(case, metric)
    score = number_at(found, "score")
    if score is not None:
        return score, ""
    error = text_at(found, "error").partition("\n")[0]
    return (
        None,
        f"the metric failed: {error}" if error else f"no metric {metric!r} in this test case",
    )


def _metric(case: Mapping[str, object], metric: str) -> Mapping[str, object]:
    every = list_at(case, "metricsData")
    return next((mapping_at(one) for one in every if text_at(one, "name") == metric), {})


def _spoken(case: Mapping[str, object]) -> Conversation:
    """The prompt with its contexts, and the output with the calls of tools before it."""
    turns = list_at(case, "turns")
    if turns:
        return conversation_of([message for turn in turns for message in _messages(turn)])
    prompt = Prompt(text_at(case, "input"), None)
    for name, title in (("context", "context"), ("retrievalContext", "retrieval context")):
        texts = [text_at(one) for one in list_at(case, name)]
        if texts:
            prompt = Prompt(f"{prompt.text}\n\n[{title}]\n" + "\n\n".join(texts), None)
    stated = {"role": "assistant", "content": case.get("actualOutput")}
    if not isinstance(stated["content"], (str, list)):
        stated["content"] = text_at(case, "actualOutput")
    return conversation_of([*_calls(case), stated])._replace(prompt=prompt)


def _messages(turn: object) -> list[Mapping[str, object]]:
    return [*_calls(turn), mapping_at(turn)]


def _calls(case: object) -> Iterator[Mapping[str, object]]:
    """The tools that were called, each with its result, as messages."""
    for number, one in enumerate(list_at(case, "toolsCalled")):
        name, call = text_at(one, "name"), f"call-{number}"
        arguments = json_text(value_at(one, "inputParameters"))
        calls = [{"id": call, "function": {"name": name, "arguments": arguments}}]
        yield {"role": "assistant", "tool_calls": calls}
        output = value_at(one, "output")
        text = output if isinstance(output, str) else json_text(output)
        yield {"role": "tool", "tool_call_id": call, "name": name, "content": text}


def _extras(case: Mapping[str, object], metric: str) -> dict[str, str | None]:
    """The tags, the expected tools, the scenario, and the reason of the metric."""
    extras = {
        "grader_reason": text_at(_metric(case, metric), "reason")[:MAX_EXTRA_CHARS],
        "scenario": text_at(case, "scenario")[:MAX_EXTRA_CHARS],
        "tags": ", ".join(filter(None, (text_at(one) for one in list_at(case, "tags")))),
        "expected_tools": ", ".join(text_at(one, "name") for one in list_at(case, "expectedTools")),
    }
    return {name: text for name, text in extras.items() if text}
