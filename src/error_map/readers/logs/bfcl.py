"""Reads the results and scores of BFCL, the Berkeley Function-Calling Leaderboard."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ...records import Turn
from ..compressed import opening_bytes
from .composed import json_text, prompt_of, transcript_of
from .json_files import (
    MAX_WHOLE,
    json_lines,
    list_at,
    mapping_at,
    text_at,
    total_at,
    value_at,
    whole_at,
)
from .log import Chosen, Log, LogFormat, Opening
from .messages import turns_of
from .sample import Sample

TOOL: Final = "BFCL"
_RESULT_KEYS: Final = ["id", "result"]
_SCORE_KEYS: Final = ["accuracy", "correct_count", "total_count"]
# `live_simple_0-0-0`, `memory_kv_0-customer-0`, `format_sensitivity_0:FORMAT:simple_python_3`.
_ID: Final = re.compile(r"(?P<category>[a-z]\w*)_\d+(?:-\w+-\d+)?(?::(?P<form>.*):.+)?")
_VERSION: Final = re.compile(r"BFCL_(v\d+)_")
_GROUPS: Final = frozenset(
    {"non_live", "live", "multi_turn", "agentic", "format_sensitivity"}
    | {"memory", "kv", "vector", "rec_sum"}
)
"""Folders between the folder of a model and its files."""
_MAX_FOLDERS: Final = 6
"""From a file up to the folder `result` or `score`, with one to spare."""
_ID_BYTES: Final = 1_000
"""Enough for the id, with which each line begins."""
_FAILED_CALL: Final = "Error during inference:"
_PREREQUISITE: Final = "_prereq"


class _Failure(NamedTuple):
    """What the score file says of a wrong answer."""

    error_type: str
    message: str
    prompt: str
    questions: tuple[tuple[object, ...], ...]
    """The messages of the user, by turn."""
    reference: str | None
    decoded: str


class _Scores(NamedTuple):
    path: Path
    total: int
    failures: Mapping[str, _Failure]


def recognise(opening: Opening) -> Log | None:
    """The log of one model and category, from its result file or its score file.

    Raises:
        InputError: There is only a score file, which lists the failures alone; or the results are
            conversations that only prepare others.
    """
    path, keys = opening.path, list(opening.keys)
    if keys[:3] == _SCORE_KEYS:
        result = _partner(path, "score", "result")
        if result is None:
            raise InputError(
                "a score file without its result file, which has the right answers",
                where=str(path),
                hint="keep the folders result and score of BFCL next to each other",
            )
        opening = Opening(result, opening_bytes(result, _ID_BYTES))
    named = _ID.fullmatch(_id(opening))
    if list(opening.keys)[:2] != _RESULT_KEYS or named is None:
        return None
    category = named["category"]
    if category.endswith(_PREREQUISITE):
        _refuse_alone(opening.path, category)
        return None
    return _log(opening.path, category)


FORMAT: Final = LogFormat("bfcl", recognise)


def _id(opening: Opening) -> str:
    return opening.keys.get("id", "").strip('"')


def _log(path: Path, category: str) -> Log:
    score = _partner(path, "result", "score")
    total = whole_at(_header(score), "total_count") if score else None
    version = _VERSION.match(path.name)
    prepared = _prerequisite(path, category)
    return Log(
        tool=TOOL,
        version=version[1] if version else "",
        path=path,
        files=tuple(file for file in (path, score, prepared) if file),
        datasets=(category,),
        models=(_model(path),),
        rows=total,
        is_scored=score is not None,
        read=partial(_samples, path, score),
    )


def _refuse_alone(path: Path, category: str) -> None:
    """Results that prepare a category belong to the log of that category, if there is one."""
    name = path.name.replace(_PREREQUISITE, "", 1)
    if not path.with_name(name).is_file():
        raise InputError(
            f"{category!r} only prepares the memory, and BFCL does not score it",
            where=str(path),
            hint=f"add {name}, or leave the file out",
        )


def _prerequisite(path: Path, category: str) -> Path | None:
    name = path.name.replace(category, f"{category}{_PREREQUISITE}", 1)
    prepared = path.with_name(name)
    return prepared if name != path.name and prepared.is_file() else None


def _partner(path: Path, own: str, other: str) -> Path | None:
    """The score file of a result file, or the reverse: in the same folder, or as BFCL has them."""
    head, mark, tail = path.name.rpartition(f"_{own}.")
    name = f"{head}_{other}.{tail}"
    if not mark:
        return None
    places = [path.with_name(name)]
    for folder in list(path.parents)[1:_MAX_FOLDERS]:
        first, *below = path.relative_to(folder).parts[:-1]
        if own in first:
            places.append(folder.joinpath(first.replace(own, other), *below, name))
    return next((place for place in places if place.is_file()), None)


def _model(path: Path) -> str:
    folders = (folder.name for folder in path.parents)
    return next((name for name in folders if name not in _GROUPS), path.parent.name)


def _header(score: Path) -> Mapping[str, object]:
    _, header = next(json_lines(score), (1, {}))
    if whole_at(header, "total_count") is None:
        where = f"{score}:1"
        raise InputError("no total_count: no score file of BFCL v3 or v4", where=where)
    return header


def _scores(score: Path) -> _Scores:
    total = whole_at(_header(score), "total_count") or 0
    failures: dict[str, _Failure] = {}
    for number, line in json_lines(score):
        if number > 1:
            failures[text_at(line, "id")] = _failure(line)
    return _Scores(score, total, failures)


def _failure(line: Mapping[str, object]) -> _Failure:
    error = value_at(line, "error")
    message = value_at(error, "error_message") or error
    parts = message if isinstance(message, list) else [message]
    entry = value_at(line, "prompt")
    request = entry if isinstance(entry, list) else list_at(entry, "question")
    questions = tuple(tuple(turn) if isinstance(turn, list) else (turn,) for turn in request)
    answers = value_at(line, "possible_answer")
    decoded = value_at(line, "model_result_decoded")
    return _Failure(
        error_type=text_at(line, "error_type") or text_at(error, "error_type"),
        message="\n".join(_plain(part) for part in parts if part is not None),
        prompt=_prompt(questions, list_at(entry, "function")),
        questions=questions,
        reference=None if answers is None else _plain(answers),
        decoded=_plain(decoded),
    )


def _prompt(questions: tuple[tuple[object, ...], ...], functions: list[object]) -> str:
    text = prompt_of([message for turn in questions for message in turn]).text
    listed = "\n".join(map(json_text, functions))
    return f"{text}\n\nFunctions:\n{listed}" if listed else text


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


def _samples(path: Path, score: Path | None, _: Chosen) -> Iterator[Sample]:
    scores = _scores(score) if score else None
    model, seen = _model(path), set[str]()
    for number, line in json_lines(path):
        example = text_at(line, "id")
        named = _ID.fullmatch(example)
        if named is None or example in seen:
            fault = f"id {example!r} twice" if example in seen else f"{example!r} is no id of BFCL"
            raise InputError(fault, where=f"{path}:{number}", hint="generate the results again")
        seen.add(example)
        failure = scores.failures.get(example) if scores else None
        yield _sample(
            line,
            named,
            failure=failure,
            score=None if scores is None else float(failure is None),
            place=(model, number),
        )
    if scores is not None:
        _compare(path, seen, scores)


def _compare(path: Path, seen: set[str], scores: _Scores) -> None:
    """Raises InputError unless the scores are of these results: all others count as right."""
    unknown = next((one for one in scores.failures if one not in seen), None)
    if unknown is None and scores.total == len(seen):
        return
    fault = f"scores {scores.total} answers, and there are {len(seen)}"
    if unknown is not None:
        fault = f"scores {unknown!r}, which is not among the results"
    hint = "evaluate the results again: bfcl evaluate"
    raise InputError(fault, where=f"{scores.path} and {path}", hint=hint)


def _sample(
    line: Mapping[str, object],
    named: re.Match[str],
    *,
    failure: _Failure | None,
    score: float | None,
    place: tuple[str, int],
) -> Sample:
    result = value_at(line, "result")
    fault = "" if score is not None else "not scored yet: bfcl evaluate"
    if isinstance(result, str) and result.startswith(_FAILED_CALL):
        score, fault = None, result
    turns = _turns(line, failure)
    transcript = transcript_of(turns)
    forced = failure is not None and failure.error_type.endswith(":force_terminated")
    return Sample(
        dataset=named["category"],
        example=named[0],
        model=place[0],
        score=score,
        fault=fault,
        prompt=(failure.prompt if failure else "") or _logged_prompt(line),
        output=transcript.text if turns else _calls_text(result),
        reference=failure.reference if failure else None,
        turns=turns,
        composed=transcript.composed if turns else (),
        stop_reason="force_terminated" if forced else None,
        tokens_in=_whole(total_at(line, "input_token_count")),
        tokens_out=_whole(total_at(line, "output_token_count")),
        latency_s=total_at(line, "latency"),
        extras=_extras(failure, named["form"]),
        line=place[1],
    )


def _whole(number: float | None) -> int | None:
    return None if number is None or number > MAX_WHOLE else round(number)


def _extras(failure: _Failure | None, form: str | None) -> dict[str, str | None]:
    extras: dict[str, str | None] = {
        "error_type": failure.error_type if failure else None,
        "error_message": failure.message if failure else None,
        "extracted_answer": (failure.decoded or None) if failure else None,
    }
    return extras if form is None else {**extras, "prompt_format": form}


def _logged_prompt(line: Mapping[str, object]) -> str:
    """The prompt of a result without a score entry, as far as its `inference_log` has it."""
    for entry in list_at(line, "inference_log"):
        request = list_at(entry, "begin_of_turn_query")
        if request:
            return prompt_of(request).text
        if text_at(entry, "role") == "inference_input":
            sent = mapping_at(entry, "content")
            listed = "\n".join(map(json_text, list_at(sent, "tools")))
            return _plain(sent.get("message")) + (f"\n\nFunctions:\n{listed}" if listed else "")
    return ""


def _calls_text(result: object) -> str:
    """The answer to a single turn: the text, or the calls as JSON with readable arguments."""
    if not isinstance(result, list):
        return _plain(result)
    return json_text([_readable(call) for call in result])


def _readable(call: object) -> object:
    if not isinstance(call, Mapping):
        return call
    return {name: _parsed(arguments) for name, arguments in call.items()}


def _parsed(arguments: object) -> object:
    if not isinstance(arguments, str):
        return arguments
    try:
        return json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments


def _turns(line: Mapping[str, object], failure: _Failure | None) -> tuple[Turn, ...]:
    """The turns of a conversation; none for an answer to a single turn."""
    result = list_at(line, "result")
    if not result or not all(isinstance(turn, list) for turn in result):
        return ()
    logged = [entry for entry in list_at(line, "inference_log") if isinstance(entry, Mapping)]
    if any("begin_of_turn_query" in entry for entry in logged):
        return tuple(turn for entry in logged for turn in _logged_turns(entry))
    questions = failure.questions if failure else ()
    turns: list[Turn] = []
    for number, steps in enumerate(result):
        request = questions[number] if number < len(questions) else ()
        turns += [turn for turn in turns_of(request) if turn.role != "system"]
        turns += [turn for step in list_at(steps) for turn in _step_turns(step)]
    return tuple(turns)


def _logged_turns(entry: Mapping[str, object]) -> Iterator[Turn]:
    """The turns of one entry of `inference_log`, with the replies of the tools.

    Instructions for the system are in the prompt.
    """
    request = turns_of(list_at(entry, "begin_of_turn_query"))
    yield from (turn for turn in request if turn.role != "system")
    for name, step in entry.items():
        tools: list[str] = []
        for message in list_at(step) if name.startswith("step_") else ():
            role = text_at(message, "role")
            content = value_at(message, "content")
            if role == "assistant":
                made = _step_turns(content)
                tools = [turn.tool for turn in made]
                yield from made
            elif role == "tool":
                tool = tools.pop(0) if tools else ""
                yield Turn(role="tool", tool=tool, result=_plain(content))


def _step_turns(step: object) -> list[Turn]:
    """One reply of the model: a turn for each call, or one with its text."""
    calls = step if isinstance(step, list) else []
    if not calls or not all(isinstance(call, Mapping) for call in calls):
        return [Turn(role="assistant", text=_plain(step))]
    return [
        Turn(role="assistant", tool=str(name), arguments=_plain(arguments))
        for call in calls
        for name, arguments in mapping_at(call).items()
    ]
