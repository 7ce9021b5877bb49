"""Logs that evaluation tools really wrote: what is read equals what they report."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from error_map.readers import log_formats, search

pytestmark = pytest.mark.slow

ARITHMETIC: Final = """\
task: sums
dataset_path: json
dataset_kwargs: {data_files: {test: sums.jsonl, train: sums.jsonl}}
test_split: test
fewshot_split: train
num_fewshot: 1
output_type: generate_until
doc_to_text: "Q: {{q}}\\nA:"
doc_to_target: "{{a}}"
generation_kwargs: {until: ["\\n\\n"], max_gen_toks: 64}
filter_list:
  - name: strict-match
    filter: [{function: regex, regex_pattern: "is (\\\\d+)"}, {function: take_first}]
  - name: flexible-extract
    filter: [{function: regex, regex_pattern: "(\\\\w+)"}, {function: take_first}]
metric_list: [{metric: exact_match, aggregation: mean, higher_is_better: true}]
"""
CHOICE: Final = """\
task: primes
dataset_path: json
dataset_kwargs: {data_files: {test: primes.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: "Question: {{q}}\\nAnswer:"
doc_to_choice: "{{choices}}"
doc_to_target: label
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
"""


def lm_eval() -> str:
    command = os.environ.get("ERROR_MAP_LM_EVAL") or shutil.which("lm_eval")
    if not command:
        pytest.skip("lm_eval is not installed: make tools-test installs and runs it")
    return command


def lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def test_a_run_of_lm_evaluation_harness_has_the_scores_that_it_reports(tmp_path: Path) -> None:
    (tmp_path / "sums.yaml").write_text(ARITHMETIC, encoding="utf-8")
    (tmp_path / "primes.yaml").write_text(CHOICE, encoding="utf-8")
    # The dummy model answers "lol", so that one of three answers is right under one filter.
    answers = ("5", "lol", "9")
    lines(tmp_path / "sums.jsonl", [{"q": f"{n} + 1?", "a": a} for n, a in enumerate(answers)])
    prime = {"q": "Which is prime?", "choices": ["four", "7", "nine"], "label": 1}
    lines(tmp_path / "primes.jsonl", [{**prime, "q": f"{n}. Which is prime?"} for n in range(12)])

    subprocess.run(
        [
            *(lm_eval(), "--model", "dummy", "--tasks", "sums,primes", "--include_path", "."),
            *("--log_samples", "--output_path", "out"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")},
    )

    logs = {log.datasets[0]: log for log in search(tmp_path / "out", log_formats()).logs}
    (results,) = (tmp_path / "out").rglob("results_*.json")
    reported = json.loads(results.read_text(encoding="utf-8"))["results"]
    assert reported["sums"]["exact_match,flexible-extract"] == pytest.approx(1 / 3)
    for metric, filtered in (("exact_match", "strict-match"), ("exact_match", "flexible-extract")):
        scores = [
            one.score or 0 for one in logs["sums"].read({"metric": metric, "filter": filtered})
        ]
        assert sum(scores) / 3 == pytest.approx(reported["sums"][f"{metric},{filtered}"], abs=1e-9)
    for metric in ("acc", "acc_norm"):
        samples = list(logs["primes"].read({"metric": metric, "filter": "none"}))
        share = sum(one.score or 0 for one in samples) / 12
        assert share == pytest.approx(reported["primes"][f"{metric},none"], abs=1e-9)
        # the option in words is the one that was scored
        chosen = [one.output.startswith(f"The answer is ({one.reference})") for one in samples]
        assert chosen == [bool(one.score) for one in samples]
