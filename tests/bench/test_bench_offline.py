"""Benchmarks of the offline analyst: tables, blind annotation sheets and their evaluation."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bench import steps, tiers
from bench.annotation_sheet import OPEN, key_of, scored, write_sheet
from bench.examined import ExaminedRow, ExaminedSet, examine_set, working_steps
from bench.explained import explained
from bench.sets import ResultSet, Row, step_of
from bench.tables import insert_table, markdown
from error_map.analysts.offline.answers.profiles import Profiles
from error_map.analysts.offline.registry import chosen
from error_map.records import CorrectOutput, Finding, ModelName
from tests.support import a_failure, a_key, read_csv

SOME: Final = chosen(["empty_output", "false_equation"])
FALSE: Final = "Step 1: 2 + 2 = 4.\nStep 2: 4 * 3 = 13.\nStep 3: The answer is 13."
KINDS: Final = ("cause", "fault", "place")


def a_set(*failed: Row, passed: tuple[Row, ...] = ()) -> ExaminedSet:
    """A set of these rows, examined by two detectors."""
    of = ResultSet(
        name="sums",
        failures=len(failed),
        failed=failed,
        passed=passed,
        profiles=Profiles(),
        agreed=0,
        compared=0,
        pass_rates={},
    )
    return examine_set(of, SOME)


def a_row(output: str, *, step: int | None = None, kind: str = "", name: str = "e1") -> Row:
    failure = a_failure(output, reference="12", key=a_key(name))
    return Row(failure=failure, step=step, kind=kind)


def cells(table: str, first: str) -> list[str]:
    """The other cells of the line that begins with this one."""
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {first} |")]
    return [cell.strip() for cell in line.strip("|").split("|")][1:]


@pytest.mark.parametrize(("place", "step"), [(0, 1), (18, 1), (19, 2), (50, 3)])
def test_an_offset_is_in_the_step_that_begins_before_it(place: int, step: int) -> None:
    assert step_of(FALSE, place) == step


def test_a_text_without_steps_is_one_step() -> None:
    assert step_of("It is 13.", 5) == 1


def test_tiers_are_counted_with_their_denominators() -> None:
    table = tiers.tiers([a_set(a_row(FALSE), a_row(""), a_row("It is 7."), passed=(a_row("12"),))])

    assert cells(table, "**tier A**: a cause or a fault") == ["2 (66.7 %)"]
    assert cells(table, "nothing known") == ["1 (33.3 %)"]
    assert cells(table, "false alarms: a cause") == ["0 (0 %)"]


def test_a_detector_has_its_hits_false_alarms_and_those_it_makes_alone() -> None:
    one = a_set(a_row(FALSE), a_row("It is 7."), passed=(a_row(FALSE), a_row("12")))

    table = tiers.by_detector([one], SOME)

    assert cells(table, "`false_equation`") == ["cause", "50.0 / 50.0 / 50.0"]
    assert table.splitlines()[-1] == "Without a finding in these sets: `empty_output`."


def test_the_first_step_is_compared_with_the_labels_and_a_constant_guess() -> None:
    one = a_set(a_row(FALSE, step=2), a_row(FALSE, step=1), a_row("It is 7.", step=1))

    table = steps.first_steps([one], SOME)

    shares = ["50.0", "100.0"]
    assert cells(table, "sums") == [
        *("3", "2 (66.7 %)", *shares, *shares),
        *("50.0 (step 1)", "100.0 (step 1)"),
    ]


def test_findings_about_the_whole_answer_have_no_step() -> None:
    (judged,) = a_set(a_row("", step=1)).failed

    assert judged.diagnosis.findings
    assert working_steps(judged, SOME) == []


def test_reliability_has_one_line_per_confidence_bin() -> None:
    found = steps.marked([a_set(a_row(FALSE, step=2, kind="slip"))], SOME)

    bins = [line for line in steps.reliability(found).splitlines() if "over" in line]
    assert len(bins) == 1
    assert cells(steps.by_detector(found), "`false_equation`")[-1] == "slip 1"


def test_a_sheet_is_blind_and_the_same_for_the_same_seed(tmp_path: Path) -> None:
    rows = [a_row(FALSE, name=f"e{n}") for n in range(9)] + [a_row("")]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"

    for path in (first, second):
        assert write_sheet([a_set(*rows)], path, count=4, kinds=KINDS, seed=1)[0] == 4

    assert first.read_bytes() == second.read_bytes()
    assert key_of(first).read_bytes() == key_of(second).read_bytes()
    text = first.read_text(encoding="utf-8")
    assert "false_equation" not in text
    assert f"{OPEN}4 * 3 = 13" in text
    assert {row["right"] for row in read_csv(first)} == {""}


def test_a_sheet_that_was_read_is_scored_by_detector_and_weighted_by_how_many_there_were(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sheet.csv"
    rows = [a_row(FALSE, name=f"e{n}") for n in range(9)] + [a_row("")]
    write_sheet([a_set(*rows)], path, count=4, kinds=KINDS, seed=1)
    fill(path, lambda claim: "0" if "False" in claim else "1")

    tables = scored(path)

    assert cells(tables, "`false_equation`")[-1] == "0 % [0, 56] of 3"
    assert cells(tables, "`empty_output`")[-1] == "100 % [21, 100] of 1"
    assert cells(tables, "sums")[0].startswith("10 % ")


def test_lines_that_were_not_read_do_not_count_and_others_must_be_plain(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    write_sheet([a_set(a_row(FALSE), a_row(""))], path, count=4, kinds=KINDS, seed=1)
    fill(path, lambda claim: "yes" if "False" in claim else "")

    assert "`empty_output`" not in scored(path)

    fill(path, lambda claim: "perhaps" if claim else "")
    with pytest.raises(ValueError, match="'perhaps' is neither 1 nor 0"):
        scored(path)


def fill(path: Path, says: Callable[[str], str]) -> None:
    """Fills a sheet as an annotator would."""
    rows = [{**row, "right": says(row["claim"])} for row in read_csv(path)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_table_goes_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- figures: one -->\nold\n<!-- end of figures -->\nafter\n", "utf-8")

    assert insert_table(page, "one", markdown(["a"], [["1"]]))
    assert not insert_table(page, "two", "")

    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- figures: one -->\n\n| a |\n")
    assert text.endswith("| 1 |\n\n<!-- end of figures -->\nafter\n")


def test_the_share_explained_is_compared_with_and_without_answers_of_others() -> None:
    right = CorrectOutput(ModelName("other"), "2 + 2 = 4. 4 * 3 = 12. The answer is 12.")
    compared = Row(failure=replace(a_row(FALSE).failure, correct_outputs=(right,)))
    one = a_set(compared, a_row("It is 7."))
    rated = replace(one, of=replace(one.of, pass_rates={"m": 0.1, "n": 0.5, "o": 0.9}))

    table = explained([rated], SOME)

    assert cells(table, "all failures") == ["1 (50.0 %)"]
    assert cells(table, "failures with right answers of other models") == ["1 (100.0 %)"]
    assert cells(table, "the same failures without them") == ["1 (100.0 %)"]
    assert cells(table, "other failures") == ["0 (0 %)"]
    assert cells(table, "models: the weakest third") == ["1 (50.0 %)"]
    assert cells(table, "models: the strongest third") == ["-"]


def test_a_fact_does_not_hide_that_a_finding_is_the_only_one() -> None:
    fact = Finding(detector="other_answer", kind="fact", title="t", summary="s", confidence=0.9)
    one = a_set(a_row(FALSE))
    found = one.failed[0].diagnosis
    known = replace(found, findings=(*found.findings, fact))
    one = replace(one, failed=(ExaminedRow(one.failed[0].row, known),))

    table = tiers.by_detector([one], SOME)

    assert "100.0 / - / 100.0" in table


def test_the_page_has_markers_for_every_table() -> None:
    page = (Path(__file__).parents[2] / "docs/offline-analyst.md").read_text(encoding="utf-8")
    names = [
        "extraction",
        "tiers",
        "explained",
        "detectors",
        "first steps",
        "first steps by detector",
    ]

    for name in (*names, "reliability", "read", "speed"):
        assert f"<!-- figures: {name} -->\n" in page
