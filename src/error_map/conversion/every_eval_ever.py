"""Writes a dataset in the format of Every Eval Ever, schema 0.3.0."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import polars as pl

from ..clock import current_time
from ..options import Direction
from ..readers import dataset_name
from ..stages.thresholds import Threshold, threshold_for
from .parts import OURS, Gathered

_Item = TypeVar("_Item")
SCHEMA_VERSION: Final = "0.3.0"
_CHUNK: Final = 2_000
"""Rows in memory at a time."""
_UNKNOWN: Final = "unknown"
_NO_DEVELOPER: Final = "unspecified"
"""Folder of models whose names have no developer: the format demands one, and not `unknown`."""


def write_every_eval_ever(
    dataset: Gathered, table: Path, folder: Path, *, direction: Direction
) -> list[Path]:
    """Writes an aggregate and a file of samples for each model.

    Invalid rows are left out, as they have no key.

    Args:
        dataset: What is known of the dataset.
        table: Its rows, as our Parquet file.
        folder: Where the folder `data` is made.
        direction: Whether high or low scores are good.

    Returns:
        The files, in `folder`/data/dataset/developer/model.
    """
    frame = pl.scan_parquet(table, glob=False)
    if "log_state" in frame.collect_schema().names():
        frame = frame.filter(pl.col("log_state").ne_missing("invalid"))
    evaluation = _Evaluation(
        dataset=dataset.name,
        metric=_only(list(dataset.metrics)) or "score",
        tool=_only(list(dataset.tools)) or (_UNKNOWN, _UNKNOWN),
        rule=_rule(dataset.name, frame, direction),
        stamp=str(datetime.fromisoformat(current_time()).timestamp()),
    )
    models: dict[str, _Model] = {}
    for rows in _chunks(frame):
        for name, of_model in rows.partition_by("model", as_dict=True).items():
            model = str(name[0])
            if model not in models:
                models[model] = _Model(evaluation, model, folder)
            models[model].append(of_model)
    return [path for model in models.values() for path in model.finish()]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evaluation:
    """What the files of all models have in common."""

    dataset: str
    metric: str
    tool: tuple[str, str]
    rule: Threshold
    stamp: str

    @property
    def result(self) -> str:
        """Id of the result that samples belong to."""
        return f"{self.dataset}:{self.metric}"


class _Model:
    """The two files of one model, while they are written."""

    def __init__(self, evaluation: _Evaluation, name: str, folder: Path) -> None:
        developer, _, rest = name.rpartition("/") if name.count("/") == 1 else ("", "", name)
        parts = (developer or _NO_DEVELOPER, rest)
        self._evaluation = evaluation
        self._name = name
        self._developer, model = (dataset_name(part, default=_NO_DEVELOPER) for part in parts)
        self._id = f"{evaluation.dataset}/{self._developer}_{model}/{evaluation.stamp}"
        # By content and not by chance: a second import replaces the files of the first.
        digest = hashlib.sha256(f"{evaluation.dataset}\0{name}".encode()).digest()
        uuid = UUID(bytes=digest[:16], version=4)
        place = Path("data", evaluation.dataset, self._developer, model)
        self._samples = place / f"{uuid}_samples.jsonl"
        self._folder = folder
        self._digest = hashlib.sha256()
        self._rows = self._scored = 0
        self._total = 0.0
        (folder / place).mkdir(parents=True, exist_ok=True)

    def append(self, rows: pl.DataFrame) -> None:
        """Writes rows to the file of samples."""
        data = "".join(f"{self._line(row)}\n" for row in rows.iter_rows(named=True)).encode()
        self._digest.update(data)
        self._rows += rows.height
        scores: list[float] = rows["score"].drop_nulls().to_list()
        self._scored += len(scores)
        self._total += sum(scores)
        with (self._folder / self._samples).open("ab") as file:
            file.write(data)

    def _line(self, row: Mapping[str, object]) -> str:
        sample = {
            "schema_version": SCHEMA_VERSION,
            "evaluation_id": self._id,
            "model_id": self._name,
            "evaluation_name": self._evaluation.dataset,
            "evaluation_result_id": self._evaluation.result,
            **_sample(row, self._evaluation.rule),
        }
        return json.dumps(sample, ensure_ascii=False)

    def finish(self) -> tuple[Path, Path]:
        """Writes the aggregate, and returns both files."""
        samples = self._folder / self._samples
        path = samples.with_name(samples.name.replace("_samples.jsonl", ".json"))
        text = json.dumps(self._aggregate(), ensure_ascii=False, indent=2)
        path.write_text(text, encoding="utf-8")
        return path, samples

    def _aggregate(self) -> dict[str, object]:
        stated = self._evaluation
        library, version = stated.tool
        result = {
            "evaluation_result_id": stated.result,
            "evaluation_name": stated.dataset,
            "source_data": {"dataset_name": stated.dataset, "source_type": "other"},
            "metric_config": {
                "metric_id": stated.metric,
                "metric_name": stated.metric,
                "lower_is_better": stated.rule.direction == "low",
            },
            "score_details": {
                "score": self._total / max(1, self._scored),
                "details": {"errored_samples": str(self._rows - self._scored)},
                "uncertainty": {"num_samples": self._scored},
            },
        }
        return {
            "schema_version": SCHEMA_VERSION,
            "evaluation_id": self._id,
            "retrieved_timestamp": stated.stamp,
            "source_metadata": {
                "source_name": "ErrorMap",
                "source_type": "evaluation_run",
                "source_organization_name": _UNKNOWN,
                "evaluator_relationship": "other",
            },
            "eval_library": {"name": library, "version": version or _UNKNOWN},
            "model_info": {
                "name": self._name,
                "id": self._name,
                "developer": self._developer,
                "additional_details": {
                    "deployment_type": _UNKNOWN,
                    "model_availability": _UNKNOWN,
                },
            },
            "evaluation_results": [result],
            "detailed_evaluation_results": {
                "format": "jsonl",
                "file_path": self._samples.as_posix(),
                "hash_algorithm": "sha256",
                "checksum": self._digest.hexdigest(),
                "total_rows": self._rows,
            },
        }


def _rule(name: str, frame: pl.LazyFrame, direction: Direction) -> Threshold:
    """The rule by which a run would say that an answer fails."""
    scores = frame.select("score").collect()["score"].drop_nulls()
    if scores.is_empty():
        return Threshold(value=1, direction=direction, origin="binary")
    return threshold_for(name, scores, given=None, direction=direction)


def _chunks(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    start = 0
    while (rows := frame.slice(start, _CHUNK).collect()).height:
        yield rows
        start += _CHUNK


def _sample(row: Mapping[str, object], rule: Threshold) -> dict[str, object]:
    """A row without the ids of its evaluation."""
    prompt, output = str(row["input_text"] or ""), str(row["output_text"] or "")
    start = row.get("log_question_start")
    raw = prompt[start:] if isinstance(start, int) else prompt
    reference = [] if row["correct_answer"] is None else [str(row["correct_answer"])]
    messages = _messages(prompt, row.get("log_turns"))
    score = row["score"]
    fault = "" if isinstance(score, float) else str(row.get("log_fault") or "not scored")
    sample: dict[str, object] = {
        "sample_id": str(row["example_id"]),
        "sample_hash": _hash(raw, reference),
        "interaction_type": "single_turn",
        "input": {"raw": raw, "reference": reference},
        "output": {"raw": [] if fault else [output]},
        "messages": None,
        "answer_attribution": [],
        # The schema demands a score even for a sample that has none: `error` says that.
        "evaluation": {"score": score or 0.0, "is_correct": not fault and _passes(score, rule)},
        "metadata": _metadata(row, unscored=output if fault else ""),
    }
    if raw != prompt:
        sample["input"] = {"raw": raw, "formatted": prompt, "reference": reference}
    if messages and not fault:
        is_agent = any(message.get("tool_calls") for message in messages)
        sample |= {
            "interaction_type": "agentic" if is_agent else "multi_turn",
            "output": None,
            "messages": messages,
        }
    return sample | _measured(row) | ({"error": fault} if fault else {})


def _passes(score: object, rule: Threshold) -> bool:
    if not isinstance(score, float):
        return False
    return score <= rule.value if rule.direction == "low" else score >= rule.value


def _measured(row: Mapping[str, object]) -> dict[str, object]:
    """Tokens, of which the format has all or none, and the latency."""
    found: dict[str, object] = {}
    before, after = row.get("log_tokens_in"), row.get("log_tokens_out")
    if isinstance(before, int) and isinstance(after, int):
        total = before + after
        found["token_usage"] = {
            "input_tokens": before,
            "output_tokens": after,
            "total_tokens": total,
        }
    latency = row.get("log_latency_s")
    if isinstance(latency, float):
        found["performance"] = {"latency_ms": latency * 1000}
    return found


def _metadata(row: Mapping[str, object], *, unscored: str) -> dict[str, str]:
    """The extra columns, and what the format has no field for; all as text."""
    values = {name: value for name, value in row.items() if name not in OURS}
    spans = row.get("log_composed")
    values |= {
        "repeat": row["repeat"],
        "stop_reason": row.get("log_stop_reason"),
        "cost_usd": row.get("log_cost_usd"),
        "composed_spans": json.dumps(spans) if spans and not row.get("log_turns") else None,
        "unscored_output": unscored or None,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def _messages(prompt: str, turns: object) -> list[dict[str, object]]:
    """The prompt and the turns as messages; empty without turns."""
    if not isinstance(turns, list) or not turns:
        return []
    messages: list[dict[str, object]] = [{"turn_idx": 0, "role": "user", "content": prompt}]
    calls: dict[str, str] = {}
    """Id of the last call by the tool's name."""
    for number, turn in enumerate(turns, start=1):
        role = turn["role"]
        replied = role == "tool" or turn["result"] or turn["error"]
        message: dict[str, object] = {"turn_idx": number, "role": role, "content": turn["text"]}
        if turn["tool"] and not replied:
            calls[turn["tool"]] = f"call-{number}"
            call = {"id": calls[turn["tool"]], "name": turn["tool"]}
            message["tool_calls"] = [call | _arguments(turn["arguments"])]
        elif replied:
            texts = (turn["text"], turn["result"], turn["error"] and f"error: {turn['error']}")
            content = "\n".join(filter(None, texts))
            call_id = calls.get(turn["tool"], turn["tool"])
            message |= {"role": "tool", "content": content, "tool_call_id": [call_id]}
        messages.append(message)
    return messages


def _arguments(text: str) -> dict[str, object]:
    """The arguments of a call: the format has an object whose values are texts."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = text
    if isinstance(found, dict):
        texts = {
            str(name): one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
            for name, one in found.items()
        }
        return {"arguments": texts}
    return {"arguments": {"arguments": text}} if text else {}


def _hash(raw: str, reference: Sequence[str]) -> str:
    """The hash by which the format recognises the same question in other files."""
    text = json.dumps({"raw": raw, "reference": reference}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _only(items: Sequence[_Item]) -> _Item | None:
    return items[0] if len(items) == 1 else None
