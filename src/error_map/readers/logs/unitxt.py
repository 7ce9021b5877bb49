"""Reads instances of unitxt with their scores, as JSON lines."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from ..file_names import stem_of
from .composed import Prompt, json_text, prompt_of
from .json_files import json_lines, list_at, mapping_at, number_at, text_at, value_at
from .log import Chosen, Log, LogFormat, Opening
from .names import dataset_name
from .sample import Sample

TOOL: Final = "unitxt"
SCORE: Final = "score"
"""The main score of an instance, whose name is in `score_name`."""
MAX_EXTRA_CHARS: Final = 200
"""Longer fields are texts of the task, which the prompt has too."""
_KEYS: Final = frozenset({"source", "prediction", "references", "postprocessors"})
_POLICY: Final = "data_classification_policy"
"""In every instance, and in its metadata, before the texts that may be long."""
_FIRST_SCORE: Final = "references"
"""In an instance all scores follow this key, and the fields of the task are before it."""
_OTHERS: Final = frozenset({"prediction", "source", "references", "postprocessors", "metrics"})


def recognise(opening: Opening) -> Log | None:
    """The log of some instances, if the file has them.

    Raises:
        InputError: The first line is cut off.
    """
    keys = opening.keys.keys()
    if "source" not in keys or not opening.text.lstrip().startswith("{"):
        return None
    path = opening.path
    first = opening.first
    if first is None and (_POLICY in keys or _POLICY in opening.keys.get("metadata", "")):
        _, first = next(json_lines(path))
    if first is None or not first.keys() >= _KEYS or not _scores(first):
        return None
    dataset = dataset_name(stem_of(path), default="unitxt")
    model = path.resolve().parent.name or dataset
    return Log(
        tool=TOOL,
        path=path,
        files=(path,),
        datasets=(dataset,),
        models=(model,),
        choices={"metric": tuple(dict.fromkeys((SCORE, *_scores(first))))},
        notices=(_notice(path, dataset, model),),
        read=partial(_samples, path, (dataset, model)),
    )


FORMAT: Final = LogFormat("unitxt", recognise)


def _notice(path: Path, dataset: str, model: str) -> str:
    return (
        f"{path}: unitxt names no dataset, no model and no ids: the dataset is {dataset!r} after "
        f"the file, the model {model!r} after its folder, and examples are numbered; "
        "--dataset-name and --model-name give other names"
    )


def _scores(row: Mapping[str, object]) -> dict[str, float]:
    """The scores of an instance by name: nested in `score`, or flat after the references."""
    nested = mapping_at(row, SCORE, "instance")
    if nested:
        found = {name: number_at(value) for name, value in nested.items()}
    else:
        names = list(row)
        after = names[names.index(_FIRST_SCORE) + 1 :]
        found = {name: number_at(row, name) for name in after if name not in _OTHERS}
    return {name: score for name, score in found.items() if score is not None}


def _samples(path: Path, names: tuple[str, str], chosen: Chosen) -> Iterator[Sample]:
    dataset, model = names
    metric = chosen["metric"]
    rows = enumerate(json_lines(path), start=1)
    for number, (line, row) in rows:
        prompt = _prompt(row.get("source"))
        score = _scores(row).get(metric) if _FIRST_SCORE in row else None
        yield Sample(
            dataset=dataset,
            example=str(number),
            model=model,
            score=score,
            fault="" if score is not None else f"no metric {metric!r} in this instance",
            prompt=prompt.text,
            question_start=prompt.question_start,
            output=_text(row.get("prediction")),
            reference=_reference(row),
            extras=_extras(row),
            line=line,
        )


def _prompt(source: object) -> Prompt:
    return prompt_of(source) if isinstance(source, list) else Prompt(_text(source), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json_text(value)


def _reference(row: Mapping[str, object]) -> str | None:
    texts = [_text(one) for one in list_at(row, "references")]
    if len(texts) > 1:
        return json.dumps(texts, ensure_ascii=False)
    return texts[0] if texts else None


def _extras(row: Mapping[str, object]) -> dict[str, str | None]:
    """The short fields of the task, the extracted answer and the subset."""
    task = list(row)[: list(row).index(_FIRST_SCORE)] if _FIRST_SCORE in row else []
    extras = {name: text_at(row, name) for name in task if name not in _OTHERS}
    extras["extracted_answer"] = text_at(row, "processed_prediction")
    extras["subset"] = "/".join(filter(None, (text_at(one) for one in list_at(row, "subset"))))
    extras["template"] = text_at(value_at(row, "metadata"), "template")
    return {name: text for name, text in extras.items() if text and len(text) <= MAX_EXTRA_CHARS}
