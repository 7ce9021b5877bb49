"""What a run says of the coverage of its datasets, before and after the diagnosis."""

import json
from pathlib import Path

import pytest

from error_map import ErrorMap, open_run, run_sync
from error_map.outputs.report import ReportOptions, report_of
from error_map.progress import Event, Noticed, StageStarted

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def rows() -> list[dict[str, object]]:
    """Sums that can be checked, and translations that cannot."""
    return [
        {
            "dataset": dataset,
            "example_id": f"e{n // 2}",
            "model": "ab"[n % 2],
            "input_text": prompt,
            "output_text": output,
            "score": n % 2,
            "correct_answer": reference,
        }
        for n in range(40)
        for dataset, prompt, output, reference in [
            ("sums", f"What is {n} and 1?", f"Answer: {n + n % 2}", str(n + 1)),
            ("talks", "Translate: Guten Tag", "We get 12 + 12 = 14.", "Good day to you all. " * 4),
        ]
    ]


def lines_of(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Noticed)]


def test_each_dataset_has_a_line_before_its_failures_are_diagnosed(tmp_path: Path) -> None:
    events: list[Event] = []

    run_sync(data=rows(), output_dir=tmp_path, exp_id="t", ratio=1.0, progress=events.append)

    stages = [n for n, one in enumerate(events) if one == StageStarted("diagnosis", 40)]
    before = lines_of(events[: stages[0]])
    assert any(line.startswith("sums: looks like numbers as answers") for line in before)
    assert any("talks: looks like free text; no detector covers" in line for line in before)


async def test_a_dry_run_has_the_same_lines() -> None:
    events: list[Event] = []

    await ErrorMap(data=rows(), exp_id="t", ratio=1.0, progress=events.append).estimate()

    assert sum("looks like" in line for line in lines_of(events)) == 2


def test_manifest_summary_and_report_say_it_too(tmp_path: Path) -> None:
    result = run_sync(data=rows(), output_dir=tmp_path, exp_id="t", ratio=1.0)

    manifest = json.loads(result.folder.manifest.read_text(encoding="utf-8"))
    assert manifest["datasets"]["sums"]["coverage"]["peers"] == 1.0
    assert manifest["datasets"]["talks"]["coverage"]["is_covered"] is False
    readings = {one.dataset: one for one in result.summary.readings}
    assert readings["talks"].explained is not None
    assert (readings["talks"].explained.hits, readings["talks"].explained.trials) == (0, 20)
    report = report_of(open_run(tmp_path, "t"), ReportOptions())
    assert sum(fact.name == "Coverage" for fact in report.method) == 2
    assert [line.task for line in report.datasets][1] == "free text: no detector covers it"


def test_a_judge_needs_no_detectors_and_has_no_such_lines(tmp_path: Path) -> None:
    events: list[Event] = []

    run_sync(
        data=rows(),
        output_dir=tmp_path,
        exp_id="t",
        ratio=1.0,
        inference_type="litellm-mock",
        progress=events.append,
    )

    assert not any("looks like" in line for line in lines_of(events))
