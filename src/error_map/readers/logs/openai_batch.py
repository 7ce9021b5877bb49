"""Reads batches in OpenAI's form: requests and results as JSON lines, joined by `custom_id`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from ...errors import InputError
from ..file_names import stem_of
from .composed import Prompt, prompt_of
from .conversation import Conversation, conversation_of
from .json_files import json_lines, list_at, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "OpenAI batch"
_REQUEST_KEYS: Final = frozenset({"custom_id", "body"})
_RESULT_KEYS: Final = frozenset({"custom_id", "response"})
_SUFFIXES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".jsonl.zst")
_MAX_STATUS: Final = 299
"""Status codes above it are errors."""
_MAX_TIME: Final = 32_503_680_000.0
"""The year 3000, in seconds since 1970: a later one is no time."""
_NO_SCORE: Final = "a batch has no scores: give them with --scores FILE"
MAX_EXTRA_CHARS: Final = 200
"""Longer metadata of a request are texts of the task, which the prompt has too."""


@dataclass(slots=True)
class _Results:
    """A file of results, or of errors."""

    path: Path
    ids: dict[str, None] = field(default_factory=dict)
    models: dict[str, None] = field(default_factory=dict)
    written: float = 0.0
    """When the last reply was made, in seconds since 1970; 0 if no reply says it."""


@dataclass(slots=True)
class _Batch:
    """The files of one batch."""

    requests: Path | None
    results: list[_Results]

    @property
    def files(self) -> tuple[Path, ...]:
        found = [one.path for one in self.results]
        return (*found, *([self.requests] if self.requests else []))


def recognise(opening: Opening) -> Log | None:
    """The log of one batch, from any of its files.

    Raises:
        InputError: There are no results of these requests, or no way to tell which requests the
            results are of.
    """
    keys = opening.keys.keys()
    if not (keys >= _RESULT_KEYS or (keys >= _REQUEST_KEYS and "url" in keys)):
        return None
    path = opening.path
    next(json_lines(path))  # a first line that is cut off is an error of its own
    for batch in _batches(_state_of(path)):
        if path in batch.files:
            return _log(batch)
    raise InputError(
        "requests of a batch without its results",
        where=str(path),
        hint="put the output file of the batch next to it",
    )


FORMAT: Final = LogFormat("openai-batch", recognise)


def _log(batch: _Batch) -> Log:
    main = batch.results[0].path
    default = stem_of(batch.requests or main)
    requests = _requests(batch.requests) if batch.requests else {}
    ids = {*requests, *(one for found in batch.results for one in found.ids)}
    models = dict.fromkeys(model for found in batch.results for model in found.models)
    initial = dict.fromkeys(text_at(one, "body", "model") for one in requests.values())
    written = max(found.written for found in batch.results)
    missing = () if batch.requests else (f"{main}: no file has its requests: prompts are missing",)
    return Log(
        tool=TOOL,
        path=main,
        files=batch.files,
        read=partial(_samples, batch, default),
        datasets=tuple(sorted({_place(one, default)[0] for one in ids})),
        models=tuple(name for name in (initial if batch.requests else models) if name),
        written=datetime.fromtimestamp(written, UTC).isoformat() if written else "",
        is_scored=False,
        notices=missing,
    )


def _place(custom_id: str, default: str) -> tuple[str, str]:
    """The dataset and the example of an id: `dataset/example`, or the example alone."""
    dataset, slash, example = custom_id.partition("/")
    if slash and dataset and example:
        return dataset_name(dataset, default=default), example
    return dataset_name(default, default=default), custom_id


def _requests(path: Path) -> dict[str, Mapping[str, object]]:
    """The requests by id; the API allows 50,000 and 200 MB, so that all fit in memory."""
    found: dict[str, Mapping[str, object]] = {}
    for number, line in json_lines(path):
        one = text_at(line, "custom_id")
        if not one or one in found:
            raise InputError(
                f"a second request {one!r}" if one else "no custom_id", where=f"{path}:{number}"
            )
        found[one] = line
    return found


def _samples(batch: _Batch, default: str, chosen: Chosen) -> Iterator[Sample]:
    del chosen
    requests = _requests(batch.requests) if batch.requests else {}
    open_ids = dict.fromkeys(requests)
    for found in batch.results:
        for number, line in json_lines(found.path):
            one = text_at(line, "custom_id")
            open_ids.pop(one, None)
            for sample in _answers(line, requests.get(one, {}), _place(one, default)):
                yield replace(sample, line=number)
    for one in open_ids:
        dataset, example = _place(one, default)
        model, prompt = text_at(requests[one], "body", "model"), _prompt(requests[one])
        yield Sample(
            dataset=dataset,
            example=example,
            model=model,
            score=None,
            fault="the batch has no result for it",
            prompt=prompt.text,
            question_start=prompt.question_start,
        )


def _answers(
    line: Mapping[str, object], request: Mapping[str, object], place: tuple[str, str]
) -> Iterator[Sample]:
    """The answers of a result: one, or one repeat for each of several choices."""
    body = mapping_at(line, "response", "body")
    prompt, (dataset, example) = _prompt(request), place
    answers = [] if _error(line) else list(_spoken(body))
    several = len(answers) > 1
    usage = mapping_at(body, "usage")
    tokens_out = whole_at(usage, "completion_tokens") or whole_at(usage, "output_tokens")
    for repeat, (spoken, stop) in enumerate(answers or [(Conversation(prompt, ""), "")]):
        yield Sample(
            dataset=dataset,
            example=example,
            model=text_at(request, "body", "model") or text_at(body, "model"),
            repeat=str(repeat) if several else None,
            score=None,
            fault=_NO_SCORE if answers else _error(line) or "the tool failed: no answer in it",
            awaits_score=bool(answers),
            prompt=prompt.text,
            question_start=prompt.question_start,
            output=spoken.output,
            turns=spoken.turns,
            composed=spoken.composed,
            stop_reason=stop or None,
            tokens_in=whole_at(usage, "prompt_tokens") or whole_at(usage, "input_tokens"),
            # The number is of all choices together.
            tokens_out=None if several else tokens_out,
            extras=_extras(request),
        )


def _error(line: Mapping[str, object]) -> str:
    """Why the request failed; empty if it did not."""
    body = mapping_at(line, "response", "body")
    if line.get("error"):
        reason = text_at(line, "error", "message") or text_at(line, "error", "code")
        return f"the tool failed: {reason or text_at(line, 'error') or 'no message'}"
    status = whole_at(line, "response", "status_code")
    if status is not None and status > _MAX_STATUS:
        reason = text_at(body, "error", "message") or text_at(body, "message")
        return f"the tool failed: status {status}{': ' if reason else ''}{reason}"
    return ""


def _spoken(body: Mapping[str, object]) -> Iterator[tuple[Conversation, str]]:
    """The answers in a reply, each with why it stopped."""
    for choice in list_at(body, "choices"):
        stop = text_at(choice, "finish_reason")
        message = mapping_at(choice, "message")
        if message:
            refusal = text_at(message, "refusal")
            stated = message if message.get("content") or not refusal else {"content": refusal}
            yield conversation_of([{**stated, "role": "assistant"}]), stop
        else:
            yield Conversation(Prompt("", None), text_at(choice, "text")), stop
    # The API named "responses" has a list of items instead of choices.
    texts, calls = [], []
    for item in list_at(body, "output"):
        parts = list_at(item, "content")
        texts += [text_at(one, "text") or text_at(one, "refusal") for one in parts]
        if text_at(item, "type") == "function_call":
            calls.append({"id": text_at(item, "call_id"), "function": item})
    if texts or calls:
        message = {"role": "assistant", "content": "\n".join(texts), "tool_calls": calls}
        stop = text_at(body, "incomplete_details", "reason") or text_at(body, "status")
        yield conversation_of([message]), stop


def _prompt(request: Mapping[str, object]) -> Prompt:
    """The messages of a request, or its plain prompt."""
    body = mapping_at(request, "body")
    messages = list_at(body, "messages") or list_at(body, "input")
    instructions = text_at(body, "instructions")
    if messages:
        system = [{"role": "system", "content": instructions}] if instructions else []
        return prompt_of([*system, *messages])
    text = text_at(body, "prompt") or text_at(body, "input")
    if not instructions:
        return Prompt(text, None)
    return prompt_of(
        [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
    )


def _extras(request: Mapping[str, object]) -> dict[str, str | None]:
    """The short metadata of a request."""
    texts = {name: text_at(one) for name, one in mapping_at(request, "body", "metadata").items()}
    return {name: text for name, text in texts.items() if text and len(text) <= MAX_EXTRA_CHARS}


def _state_of(path: Path) -> tuple[tuple[Path, int, int], ...]:
    """The files that may belong to the same batch as a file: those of its folder."""
    files = [one for one in path.parent.iterdir() if one.name.lower().endswith(_SUFFIXES)]
    found = ((one, one.stat()) for one in sorted({*files, path}) if one.is_file())
    return tuple((one, state.st_size, state.st_mtime_ns) for one, state in found)


@lru_cache(maxsize=4)  # every file of a folder asks for the batches of the folder
def _batches(state: tuple[tuple[Path, int, int], ...]) -> tuple[_Batch, ...]:
    """The batches of some files, each with its requests, if they are among the files."""
    initial: dict[Path, Mapping[str, Mapping[str, object]]] = {}
    results: list[_Results] = []
    for path, _, _ in state:
        keys = _first_keys(path)
        if keys >= _RESULT_KEYS:
            results.append(_results(path))
        elif keys >= _REQUEST_KEYS:
            initial[path] = _requests(path)
    batches: list[_Batch] = []
    for found in results:
        requests = _requests_of(found, initial)
        same = (
            one
            for one in batches
            if requests
            and one.requests == requests
            and not any(found.ids.keys() & other.ids.keys() for other in one.results)
        )
        batch = next(same, None)
        if batch is None:
            batches.append(_Batch(requests, [found]))
        else:
            batch.results.append(found)
    return tuple(batches)


def _first_keys(path: Path) -> frozenset[str]:
    try:
        _, line = next(json_lines(path), (0, {}))
    except (InputError, OSError):  # whoever reads this file says what is wrong with it
        return frozenset()
    return frozenset(line)


def _results(path: Path) -> _Results:
    found = _Results(path)
    for number, line in json_lines(path):
        one, body = text_at(line, "custom_id"), mapping_at(line, "response", "body")
        if not one or one in found.ids:
            reason = f"a second result for {one!r}" if one else "no custom_id"
            raise InputError(reason, where=f"{path}:{number}")
        if value_at(body, "data", 0, "embedding") is not None:
            raise InputError(
                "a batch of embeddings has no answers to study",
                where=str(path),
                hint="leave it out",
            )
        found.ids[one] = None
        if model := text_at(body, "model"):
            found.models[model] = None
        written = number_at(body, "created") or number_at(body, "created_at") or 0.0
        found.written = max(found.written, written if written < _MAX_TIME else 0.0)
    return found


def _requests_of(
    found: _Results, initial: Mapping[Path, Mapping[str, Mapping[str, object]]]
) -> Path | None:
    """The file of the requests that have these results."""
    fitting = [
        path
        for path, requests in initial.items()
        if found.ids.keys() <= requests.keys() and _is_model(found, requests)
    ]
    if len(fitting) > 1:
        raise InputError(
            f"the requests may be those of {fitting[0].name} or of {fitting[1].name}",
            where=str(found.path),
            hint="put each batch in a folder of its own",
        )
    return fitting[0] if fitting else None


def _is_model(found: _Results, requests: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether the replies are of the requested model, whose name may have a date in addition."""
    initial = {text_at(requests[one], "body", "model") for one in found.ids}
    return all(any(model.startswith(name) for name in initial) for model in found.models)
