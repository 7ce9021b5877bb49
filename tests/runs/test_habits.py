"""Ways of answering in whole runs: facts where right answers have them as often."""

import json
from pathlib import Path

import polars as pl
import pytest

from error_map import run_sync
from error_map.outputs.report.build import ReportOptions, report_of
from error_map.outputs.summary import read_run
from error_map.store import RunFolder
from tests.support import a_row, shared_file, write_csv

pytestmark = pytest.mark.slow

PROMPT = "Think step by step.\nWhich is a metal?\nA. Chalk\nB. Tin\nC. Clay\nAnswer:"
WORKED = "Chalk and clay are soft minerals, and only tin is an element, so it is the metal."


def answers(model: str, *, bare_right: int, bare_wrong: int) -> list[dict[str, object]]:
    """40 right and 40 wrong answers, some of them a bare letter."""
    rows = []
    for number in range(80):
        right, place = number < 40, number % 40
        bare = place < (bare_right if right else bare_wrong)
        letter = "B" if right else "A"
        output = f"{'' if bare else WORKED} The answer is ({letter}).".strip()
        rows.append(
            a_row(
                f"{model}{number}",
                model,
                score=float(right),
                output=output,
                input_text=PROMPT,
                correct_answer="B",
            )
        )
    return rows


def analysed(data: Path, output: Path, *, processes: int = 1) -> RunFolder:
    result = run_sync(data_path=data, output_dir=output, exp_id="r", ratio=1.0, processes=processes)
    return result.folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        *answers("habit", bare_right=20, bare_wrong=22),
        *answers("lapse", bare_right=1, bare_wrong=20),
    ]
    (tmp_path / "data").mkdir()
    write_csv(tmp_path / "data" / "metals.csv", rows)
    return tmp_path


def findings(run: RunFolder) -> dict[str, list[tuple[str, str]]]:
    """Kind and summary of each bare letter, by model."""
    found: dict[str, list[tuple[str, str]]] = {}
    frame = pl.read_parquet(run.failures, columns=["model", "findings"])
    for model, cell in frame.iter_rows():
        for one in json.loads(cell):
            if one["detector"] == "bare_letter":
                found.setdefault(model, []).append((one["kind"], one["summary"]))
    return found


def test_a_habit_is_a_fact_and_a_lapse_is_a_cause(folder: Path) -> None:
    run = analysed(folder / "data", folder / "out")

    found = findings(run)
    assert [kind for kind, _ in found["habit"]] == ["fact"] * 22
    assert [kind for kind, _ in found["lapse"]] == ["cause"] * 20
    told = "55 % of the wrong ones (22 of 40) and 50 % of the right ones (20 of 40) are like this"
    assert f"{told}, so it is not counted as the cause." in found["habit"][0][1]
    report = report_of(read_run(run), ReportOptions())
    facts = {fact.name: fact.value for fact in report.method}
    assert facts["Way of answering"].startswith("bare_letter: in 42 of 80 wrong answers compared")
    assert any("only where the wrong answers" in limit for limit in report.limits)


def test_the_number_of_processes_changes_nothing(folder: Path) -> None:
    one = analysed(folder / "data", folder / "one")
    three = analysed(folder / "data", folder / "three", processes=3)

    assert pl.read_parquet(one.failures).equals(pl.read_parquet(three.failures))


def test_a_set_whose_examples_answer_with_a_letter_has_no_bare_letters(tmp_path: Path) -> None:
    """Case `bare-letter-asked`."""
    data = tmp_path / "data"
    data.mkdir()
    text = shared_file("../cases/sets/a23.jsonl").read_text(encoding="utf-8")
    (data / "a23.jsonl").write_text(text, encoding="utf-8")

    assert findings(analysed(data, tmp_path / "out")) == {}
