"""Reads results of promptfoo: one row per test, prompt and provider, as JSON or JSON lines."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from ...errors import InputError
from ..file_names import stem_of
from .composed import Prompt, prompt_of
from .json_files import json_lines, list_at, mapping_at, number_at, text_at, value_at, whole_at
from .json_stream import NestedItems
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "promptfoo"
LAYOUT: Final = 3
"""Layout of the JSON file that promptfoo has written since 0.100."""
SCORE: Final = "score"
SUCCESS: Final = "success"
"""Metric that is 1 where promptfoo counts a test as passed: it knows each test's threshold."""
MAX_EXTRA_CHARS: Final = 200
"""Longer variables are texts of the test, which the prompt has too."""
_ERRORED: Final = 2
"""The failure reason of a row whose provider failed; 1 is a failed assertion."""
_ROW_KEYS: Final = frozenset({"testIdx", "promptIdx", "provider", "success", "score"})
_FIRST_KEYS: Final = frozenset({"cost", "gradingResult"})
"""With these a row begins; the texts of a judge in the second may be long."""
_REFERENCE_TYPES: Final = frozenset(
    {"equals", "contains", "icontains", "starts-with", "similar", "levenshtein", "rouge-n", "bleu"}
    | {"gleu", "meteor"}
)
"""Assertions whose value is a right answer, and no rubric, pattern or program."""
_REFERENCE_NAMES: Final = (
    *("expected", "expected_output", "expected_answer", "reference", "reference_answer"),
    *("ground_truth", "gold", "target", "correct_answer"),
)
"""Variables that usually have the right answer, where no assertion has it."""
_CSV_COLUMNS: Final = "Status,Score,Named Scores,"

_Rows: TypeAlias = Callable[[], Iterator[tuple[int, Mapping[str, object]]]]
"""The rows with their lines or numbers, from 1."""


class _Column(NamedTuple):
    """A prompt and a provider, to which `promptIdx` leads."""

    model: str
    prompt: str
    """Id of the prompt's template."""


@dataclass(slots=True)
class _Survey:
    """What has to be known of all rows before the first sample."""

    columns: dict[int, _Column] = field(default_factory=dict)
    tests: dict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Numbers of the tests with the same content, which `--repeat` makes."""
    metrics: dict[str, None] = field(default_factory=dict)
    rows: int = 0
    unchecked: int = 0
    """Rows without an assertion, which promptfoo passes."""
    partial: int = 0
    """Scores that are neither 0 nor 1."""
    first_id: str = ""


class _Key(NamedTuple):
    dataset: str
    model: str
    example: str
    repeat: str | None


def recognise(opening: Opening) -> Log | None:
    """The log of one evaluation, if the file is one of promptfoo's.

    Raises:
        InputError: It is the table, which lacks what a sample needs, or has another layout.
    """
    if _has_rows(opening):
        return _lines_log(opening.path)
    if "evalId" in opening.keys and '"version"' in opening.keys.get("results", ""):
        return _json_log(opening.path)
    if _CSV_COLUMNS in opening.text.partition("\n")[0]:
        raise InputError(
            "promptfoo's table has no prompts and mixes all providers in one row",
            where=str(opening.path),
            hint="write JSON lines: promptfoo eval --output results.jsonl, or for an evaluation "
            "that was made: promptfoo export eval EVAL_ID --output results.json",
        )
    return None


FORMAT: Final = LogFormat("promptfoo", recognise)


def _has_rows(opening: Opening) -> bool:
    keys = opening.keys.keys()
    if opening.first is None and keys >= _FIRST_KEYS:
        keys = next(json_lines(opening.path))[1].keys()
    return keys >= _ROW_KEYS


def _json_log(path: Path) -> Log:
    items = NestedItems(path, "results", "results")
    rows = partial(_json_rows, items, path)
    survey = _surveyed(rows, path)
    layout = items.others.get(("results", "version"))
    if layout != LAYOUT:
        raise InputError(
            f"promptfoo's results in layout {layout}; layout {LAYOUT} can be read",
            where=str(path),
            hint="write JSON lines with promptfoo eval --output results.jsonl",
        )
    # The same evaluation is often written in both forms: it is one log.
    twin = path.with_suffix(".jsonl")
    files = (path, twin) if survey.first_id and _first_id(twin) == survey.first_id else (path,)
    config = items.others.get(("config",))
    return _log(
        survey,
        rows,
        title=text_at(config, "description"),
        files=files,
        version=text_at(items.others.get(("metadata",)), "promptfooVersion"),
        written=text_at(items.others.get(("results", "timestamp"))),
    )


def _lines_log(path: Path) -> Log:
    rows = partial(json_lines, path)
    return _log(_surveyed(rows, path), rows, title="", files=(path,))


def _log(
    survey: _Survey,
    rows: _Rows,
    *,
    title: str,
    files: tuple[Path, ...],
    version: str = "",
    written: str = "",
) -> Log:
    dataset = dataset_name(title, default=stem_of(files[0]))
    return Log(
        tool=TOOL,
        path=files[0],
        read=partial(_samples, rows, _Keys(survey, dataset)),
        version=version,
        files=files,
        datasets=(dataset,),
        models=tuple(dict.fromkeys(column.model for column in survey.columns.values())),
        rows=survey.rows,
        written=written,
        choices={"metric": tuple(dict.fromkeys((SCORE, SUCCESS, *survey.metrics)))},
        notices=tuple(_notices(survey, dataset)),
    )


def _notices(survey: _Survey, dataset: str) -> Iterator[str]:
    if survey.unchecked:
        yield (
            f"{dataset}: {survey.unchecked} of {survey.rows} rows have no assertion; promptfoo "
            "passes them with score 1, whatever the answer is"
        )
    if survey.partial:
        yield (
            f"{dataset}: {survey.partial} of {survey.rows} scores are neither 0 nor 1; with "
            f"--metric {SUCCESS} a row fails if promptfoo counts it as failed"
        )


def _json_rows(items: NestedItems, path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, row in enumerate(items, start=1):
        if not isinstance(row, dict):
            raise InputError("no object", where=f"{path}, results.results[{number - 1}]")
        yield number, row


def _first_id(path: Path) -> str:
    """The id of the first row of a JSON-lines file; empty if there is no such file."""
    if not path.is_file():
        return ""
    _, row = next(json_lines(path), (0, {}))
    return text_at(row, "id")


def _surveyed(rows: _Rows, path: Path) -> _Survey:
    survey = _Survey()
    for number, row in rows():
        test, column = whole_at(row, "testIdx"), whole_at(row, "promptIdx")
        if test is None or column is None:
            raise InputError("no testIdx or no promptIdx", where=f"{path}, row {number}")
        survey.rows += 1
        survey.first_id = survey.first_id or text_at(row, "id")
        survey.columns.setdefault(column, _Column(_provider(row), text_at(row, "promptId")))
        same = survey.tests[_content(row)]
        if test not in same[-1:] and test not in same:
            same.append(test)
        survey.metrics.update(dict.fromkeys(mapping_at(row, "namedScores")))
        survey.unchecked += not _is_errored(row) and not _assertions(row)
        survey.partial += not _is_errored(row) and number_at(row, SCORE) not in {0.0, 1.0}
    survey.columns = _apart(survey.columns)
    for numbers in survey.tests.values():
        numbers.sort()
    return survey


def _apart(columns: Mapping[int, _Column]) -> dict[int, _Column]:
    """The columns in order; of two providers of one name, the second is numbered."""
    apart: dict[int, _Column] = {}
    for index in sorted(columns):
        model, prompt = columns[index]
        times = 1 + sum(columns[other] == columns[index] for other in apart)
        apart[index] = _Column(model if times == 1 else f"{model} ({times})", prompt)
    return apart


class _Keys:
    """Names the dataset, the model, the example and the repeat of a row."""

    def __init__(self, survey: _Survey, dataset: str) -> None:
        self._dataset = dataset
        self._columns = survey.columns
        self._prompts = list(dict.fromkeys(one.prompt for one in survey.columns.values()))
        self._tests = {
            test: (str(same[0]), None if len(same) == 1 else str(repeat))
            for same in survey.tests.values()
            for repeat, test in enumerate(same)
        }

    def key(self, row: Mapping[str, object]) -> _Key:
        """The key of a row; tests are named apart by prompt only if there are several."""
        column = self._columns[whole_at(row, "promptIdx") or 0]
        example, repeat = self._tests[whole_at(row, "testIdx") or 0]
        if len(self._prompts) > 1:
            example = f"{example}, prompt {self._prompts.index(column.prompt) + 1}"
        return _Key(self._dataset, column.model, example, repeat)


def _samples(rows: _Rows, keys: _Keys, chosen: Chosen) -> Iterator[Sample]:
    for number, row in rows():
        yield replace(_sample(row, keys.key(row), metric=chosen["metric"]), line=number)


def _sample(row: Mapping[str, object], key: _Key, *, metric: str) -> Sample:
    response = mapping_at(row, "response")
    prompt = _prompt(text_at(row, "prompt", "raw"))
    score = None if _is_errored(row) else _score(row, metric)
    latency = None if response.get("cached") else number_at(row, "latencyMs")
    return Sample(
        dataset=key.dataset,
        example=key.example,
        model=key.model,
        repeat=key.repeat,
        score=score,
        fault="" if score is not None else _fault(row, metric),
        prompt=prompt.text,
        question_start=prompt.question_start,
        output=_output(response.get("output")),
        reference=_reference(row),
        stop_reason=text_at(response, "finishReason") or None,
        # promptfoo writes 0 where it knows no number.
        tokens_in=whole_at(response, "tokenUsage", "prompt") or None,
        tokens_out=whole_at(response, "tokenUsage", "completion") or None,
        latency_s=None if latency is None else latency / 1000,
        cost_usd=number_at(row, "cost") or None,
        extras=_extras(row),
    )


def _is_errored(row: Mapping[str, object]) -> bool:
    """Whether the provider failed: `error` alone is set for failed assertions too."""
    reason = row.get("failureReason")
    if reason is None:
        return bool(row.get("error")) and not row.get("gradingResult")
    return reason == _ERRORED


def _score(row: Mapping[str, object], metric: str) -> float | None:
    if metric in {SCORE, SUCCESS}:
        return number_at(row, metric)
    return number_at(row, "namedScores", metric)


def _fault(row: Mapping[str, object], metric: str) -> str:
    if _is_errored(row):
        # The lines below the first are a trace of the program, with paths of its machine.
        error = text_at(row, "error").partition("\n")[0]
        return f"the tool failed: {error or 'no message'}"
    return f"no metric {metric!r} in this row"


def _prompt(raw: str) -> Prompt:
    """The prompt; a chat is JSON text of messages."""
    if raw.lstrip().startswith("["):
        try:
            messages = json.loads(raw)
        except (ValueError, RecursionError):
            return Prompt(raw, None)
        if isinstance(messages, list) and messages and all(text_at(m, "role") for m in messages):
            return prompt_of(messages)
    return Prompt(raw, None)


def _output(output: object) -> str:
    if isinstance(output, str):
        return output
    return "" if output is None else json.dumps(output, ensure_ascii=False)


def _assertions(row: Mapping[str, object]) -> Sequence[object]:
    return list_at(row, "gradingResult", "componentResults") or list_at(row, "testCase", "assert")


def _reference(row: Mapping[str, object]) -> str | None:
    """The value of the first assertion that states a right answer, or the variable that does."""
    for result in list_at(row, "gradingResult", "componentResults"):
        if text_at(result, "assertion", "type") in _REFERENCE_TYPES:
            rendered = text_at(result, "metadata", "renderedAssertionValue")
            given = text_at(result, "assertion", "value")
            if rendered or (given and "{{" not in given):
                return rendered or given
    named = (text_at(row, "vars", name) for name in _REFERENCE_NAMES)
    return next(filter(None, named), None)


def _extras(row: Mapping[str, object]) -> dict[str, str | None]:
    """The test's description, metadata and variables, and why an assertion failed."""
    texts = {
        "test": text_at(row, "testCase", "description"),
        "grader_reason": text_at(row, "gradingResult", "reason"),
        **{name: text_at(value) for name, value in mapping_at(row, "metadata").items()},
        **{name: text_at(value) for name, value in mapping_at(row, "vars").items()},
    }
    kept = {name: text[:MAX_EXTRA_CHARS] for name, text in texts.items() if name == "grader_reason"}
    short = {name: text for name, text in texts.items() if len(text) <= MAX_EXTRA_CHARS}
    return {name: text for name, text in (short | kept).items() if text and name[:1] != "_"}


def _provider(row: Mapping[str, object]) -> str:
    provider = value_at(row, "provider")
    if isinstance(provider, str):
        return provider
    return text_at(provider, "label") or text_at(provider, "id")


def _content(row: Mapping[str, object]) -> bytes:
    """What makes two tests the same: their variables and assertions."""
    test = mapping_at(row, "testCase")
    parts = [row.get("vars"), test.get("assert"), test.get("description")]
    return sha256(json.dumps(parts, sort_keys=True).encode()).digest()
