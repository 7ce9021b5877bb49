"""Reads the predictions of OpenCompass, and the details of their evaluation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from ...errors import InputError
from ..file_names import stem_of
from .composed import Prompt, content_text, json_text, prompt_of
from .json_files import json_object, mapping_at, number_at, text_at, value_at, whole_at
from .log import Chosen, Log, LogFormat, Opening
from .sample import Sample

TOOL: Final = "OpenCompass"
_MARKS: Final = tuple(
    f'"{key}'
    for key in (
        *("origin_prompt", "prediction", "gold", "in-context examples"),
        *("testing input", "label: "),
    )
)
"""One of these is in the first characters of the first prediction."""
_PREDICTIONS: Final = "predictions"
_RESULTS: Final = "results"
_LABEL: Final = "label: "
_CORRECT: Final = ("correct", "is_correct", "cascade_correct")
"""Names that evaluators give the score of an answer, in the order in which OpenCompass looks."""
_ROLES: Final = {"HUMAN": "user", "BOT": "assistant", "SYSTEM": "system"}
_TIME: Final = re.compile(r"\d{8}_\d{6}")
_PART: Final = re.compile(r"(?P<dataset>.+)_(?P<number>\d+)")
_MAX_DIGITS: Final = 9
_NO_DETAILS: Final = "no details in the results: evaluate with --dump-eval-details True"


class _Place(NamedTuple):
    """The files of one model and dataset."""

    dataset: str
    model: str
    predictions: tuple[Path, ...]
    """One file, or its parts in order, if the run did not end."""
    results: Path | None
    written: str


def recognise(opening: Opening) -> Log | None:
    """The log of one model and dataset, by its predictions.

    Raises:
        InputError: The results are no JSON object.
    """
    first = opening.keys.get("0", "")
    if not first.startswith("{") or not any(mark in first for mark in _MARKS):
        return None
    place = _place(opening.path)
    details = _details(_results(place))
    return Log(
        tool=TOOL,
        path=place.predictions[0],
        files=(*place.predictions, *([place.results] if place.results else [])),
        datasets=(place.dataset,),
        models=(place.model,),
        written=place.written,
        is_scored=bool(details),
        choices={"metric": ("correct",)},
        read=partial(_samples, place),
    )


FORMAT: Final = LogFormat("opencompass", recognise)


def _place(path: Path) -> _Place:
    """The files that belong to a file of predictions."""
    parts = path.parts[:-1]
    dataset, files = _parts(path)
    if _PREDICTIONS not in parts:
        return _Place(dataset, path.parent.name, files, None, "")
    depth = len(parts) - 1 - parts[::-1].index(_PREDICTIONS)
    root, below = Path(*parts[:depth]), parts[depth + 1 :]
    suffix = path.name.removeprefix(stem_of(path))
    results = root.joinpath(_RESULTS, *below, f"{dataset}{suffix}")
    return _Place(
        dataset,
        "/".join(below) or path.parent.name,
        files,
        results if results.is_file() else None,
        root.name if _TIME.fullmatch(root.name) else "",
    )


def _parts(path: Path) -> tuple[str, tuple[Path, ...]]:
    """The dataset of a file, and all parts if the file is one: `gsm8k_0`, `gsm8k_1`."""
    stem = stem_of(path)
    suffix = path.name.removeprefix(stem)
    numbered = _PART.fullmatch(stem)
    if numbered is None:
        return stem, (path,)
    dataset = numbered["dataset"]
    first = path.with_name(f"{dataset}_0{suffix}")
    whole = path.with_name(f"{dataset}{suffix}")
    results = path.parent.parent.parent / _RESULTS / path.parent.name / whole.name
    if whole.exists() or not first.is_file() or not results.is_file():
        return stem, (path,)
    files = [first]
    while (further := path.with_name(f"{dataset}_{len(files)}{suffix}")).is_file():
        files.append(further)
    return dataset, tuple(files)


def _results(place: _Place) -> Mapping[str, object]:
    return json_object(place.results) if place.results else {}


def _details(results: Mapping[str, object]) -> Mapping[int, Mapping[str, object]]:
    """The details of each example by its number; empty if the results have none."""
    found = value_at(results, "details")
    if isinstance(found, list):
        return {number: mapping_at(one) for number, one in enumerate(found)}
    numbered = mapping_at(found)
    return {int(key): mapping_at(one) for key, one in numbered.items() if _is_number(key)}


def _is_number(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= _MAX_DIGITS


def _samples(place: _Place, _: Chosen) -> Iterator[Sample]:
    results = _results(place)
    details = _details(results)
    missing = _missing(results, place, details)
    answers = [one for path in place.predictions for one in _answers(path)]
    repeats = _repeats(details, len(answers), place) if details else 1
    size = len(answers) // repeats
    for number, answer in enumerate(answers):
        repeat, example = divmod(number, size)
        detail = details.get(example, {})
        score = number_at(_of(_correct(detail), repeat, repeats))
        reference = _of(value_at(detail, "answer"), repeat, repeats) or value_at(answer, "gold")
        prompt, output, composed = _texts(answer)
        yield Sample(
            dataset=place.dataset,
            example=str(example),
            model=place.model,
            repeat=str(repeat) if repeats > 1 else None,
            score=score,
            fault="" if score is not None else missing,
            prompt=prompt.text,
            question_start=prompt.question_start,
            output=output,
            composed=composed,
            reference=_plain(reference) or None,
            tokens_in=whole_at(answer, "all_input_length"),
            tokens_out=whole_at(answer, "res_length"),
            extras={"extracted_answer": _plain(_of(value_at(detail, "pred"), repeat, repeats))},
            line=number + 1,
        )


def _missing(results: Mapping[str, object], place: _Place, details: Mapping[int, object]) -> str:
    """Why an answer has no score."""
    if details:
        return "the details have no score for it"
    if place.results is None:
        return "no results: evaluate with --mode eval"
    failed = text_at(results, "error")
    return f"the evaluation failed: {failed}" if failed else _NO_DETAILS


def _answers(path: Path) -> Iterator[Mapping[str, object]]:
    """The answers in a file, in the order of their numbers.

    Raises:
        InputError: A number is missing.
    """
    answers = json_object(path)
    for number in range(len(answers)):
        answer = answers.get(str(number))
        if not isinstance(answer, Mapping):
            hint = "run OpenCompass again for this dataset"
            raise InputError(f"no answer {number}", where=str(path), hint=hint)
        yield answer


def _repeats(details: Mapping[int, Mapping[str, object]], answers: int, place: _Place) -> int:
    """How often each example was answered: the details have a list of as many scores."""
    first = _correct(next(iter(details.values())))
    repeats = max(1, len(first)) if isinstance(first, list) else 1
    if (max(details) + 1) * repeats == answers:
        return repeats
    raise InputError(
        f"details of {max(details) + 1} examples, {repeats} answers each, and {answers} answers",
        where=f"{place.results} and {', '.join(map(str, place.predictions))}",
        hint="evaluate the predictions again: opencompass … --mode eval --reuse",
    )


def _correct(detail: Mapping[str, object]) -> object:
    return next((detail[name] for name in _CORRECT if detail.get(name) is not None), None)


def _of(value: object, repeat: int, repeats: int) -> object:
    """The value of one repeat: details of an evaluation have lists with one item for each."""
    is_each = isinstance(value, list) and len(value) == repeats
    return value_at(value, repeat) if is_each else value


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


def _texts(answer: Mapping[str, object]) -> tuple[Prompt, str, tuple[tuple[int, int], ...]]:
    """The prompt and the output of an answer, and the spans of the output that are composed."""
    labels = {
        name.removeprefix(_LABEL): mapping_at(value)
        for name, value in answer.items()
        if name.startswith(_LABEL)
    }
    predicted = value_at(answer, "prediction")
    if labels:
        return _choice(labels, _plain(predicted))
    replies = predicted if isinstance(predicted, list) else [predicted]
    texts = [_plain(value_at(reply, "prediction") or reply) for reply in replies]
    return _prompt(value_at(answer, "origin_prompt")), "\n\n".join(texts), ()


def _prompt(value: object) -> Prompt:
    """A prompt: a text, or messages in the form of OpenCompass or of OpenAI."""
    if not isinstance(value, list):
        return Prompt(_plain(value), None)
    messages = [message for one in value for message in (one if isinstance(one, list) else [one])]
    return prompt_of([_message(message) for message in messages])


def _message(message: object) -> Mapping[str, object]:
    role = text_at(message, "role")
    text = text_at(message, "prompt") or content_text(message)
    return {"role": _ROLES.get(role, role), "content": text or _plain(message)}


def _choice(
    labels: Mapping[str, Mapping[str, object]], predicted: str
) -> tuple[Prompt, str, tuple[tuple[int, int], ...]]:
    """A label that was chosen by its perplexity, in words.

    The prompts of the labels are equal up to the answer.
    """
    prompts = [
        _prompt(one.get("testing input") or one.get("prompt")).text for one in labels.values()
    ]
    start = _shared(prompts)
    options = [
        f"({label}) {text[start:].strip()}" for label, text in zip(labels, prompts, strict=True)
    ]
    figures = [
        f"({label}) {figure:.4g}"
        for label, one in labels.items()
        if (figure := number_at(one, "PPL")) is not None
    ]
    output = f"The answer is ({predicted})"
    if figures:
        output += f"\n\nPerplexities: {', '.join(figures)}"
    listed = "\n".join(options)
    return Prompt(f"{prompts[0][:start]}\n\n{listed}", None), output, ((0, len(output)),)


def _shared(texts: Sequence[str]) -> int:
    """How many characters the texts have in common, up to the beginning of a word."""
    least, most = min(texts), max(texts)
    alike = next(
        (n for n, pair in enumerate(zip(least, most, strict=False)) if len(set(pair)) > 1),
        len(least),
    )
    words = least[:alike].split()
    return (
        alike if alike == 0 or least[alike - 1].isspace() or not words else alike - len(words[-1])
    )
