"""The registry: built-in detectors, those of other distributions, selection and former names."""

import csv
import json
import subprocess
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest

from error_map.analysts.offline.detector import Case, Detection, Measured
from error_map.analysts.offline.registry import (
    OURS,
    chosen,
    detectors,
    origins,
    own_detector,
    own_detectors,
    split_detectors,
)
from error_map.cli import exit_code
from error_map.errors import InputError
from tests.plugins import SHOUTING, error_map_with, install, python
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

ENTRY: Final = {"shouting": "acme:DETECTOR"}
ROWS: Final = (
    a_row("e1", "m", output="IT IS FIVE"),
    a_row("e2", "m", output=""),
    a_row("e3", "m", output="2 + 2 = 5"),
)


@pytest.fixture
def results(data: Path) -> Path:
    write_csv(data / "sums.csv", ROWS)
    return data


@pytest.fixture
def plugins(tmp_path: Path) -> Path:
    return tmp_path / "site"


def run(plugins: Path, data: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    asked = ("--ratio", 1, "--exp-id", "t", "--processes", 2, "--quiet", "--data-path", data)
    return error_map_with(plugins, [*asked, *arguments], cwd=data.parent)


def manifest(data: Path) -> Any:  # noqa: ANN401 - JSON
    path = data.parent / "output" / "manifest__exp_id=t.json"
    return json.loads(path.read_text(encoding="utf-8"))


def titles(data: Path) -> dict[str, str]:
    name = "exp_name=construct_taxonomy_recursively__exp_id=t.csv"
    with (data.parent / "output" / name).open(encoding="utf-8", newline="") as stream:
        return {row["example_id"]: row["error_title"] for row in csv.DictReader(stream)}


def test_an_installed_detector_runs_in_the_workers_and_stands_in_the_taxonomy(
    plugins: Path, results: Path
) -> None:
    install(plugins, SHOUTING, ENTRY)

    shown = run(plugins, results)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert titles(results)["e1"] == "Shouting"
    taxonomy = results.parent / "output" / "taxonomy__exp_id=t.yaml"
    assert "output_format_error.shouting" in taxonomy.read_text(encoding="utf-8")
    assert manifest(results)["detectors"]["shouting"] == "acme-detectors 1.2"
    assert manifest(results)["detectors"]["truncated"] == "error-map"


def test_an_installed_detector_is_listed_with_what_brings_it(plugins: Path, tmp_path: Path) -> None:
    install(plugins, SHOUTING, ENTRY)

    shown = error_map_with(plugins, ["detectors"], cwd=tmp_path)

    (line,) = [line for line in shown.stdout.splitlines() if line.startswith("shouting ")]
    told = ["shouting", "output_format_error", "cause", "15", "not", "measured"]
    assert line.split() == [*told, "acme-detectors", "1.2"]


def test_the_list_is_read_by_programs_too(plugins: Path, tmp_path: Path) -> None:
    read = SHOUTING.replace("Case, Detection, Detector", "Case, Detection, Detector, Measured")
    read = read.replace("    rank=15,", "    rank=15,\n    measured=Measured(right=3, read=4),")
    install(plugins, read, ENTRY)

    shown = error_map_with(plugins, ["detectors", "--json"], cwd=tmp_path)

    (entry,) = [one for one in json.loads(shown.stdout) if one["name"] == "shouting"]
    assert (entry["precision"], entry["right"], entry["read"]) == (0.75, 3, 4)
    assert entry["brought_by"] == "acme-detectors 1.2"
    shown = error_map_with(plugins, ["detectors"], cwd=tmp_path)
    assert "75 % of 4 [30, 95]" in shown.stdout


def test_ours_alone_are_listed_without_saying_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["detectors"]) == 0

    first, *lines = capsys.readouterr().out.splitlines()
    assert first.split()[:4] == ["detector", "category", "kind", "rank"]
    assert [line.split()[0] for line in lines] == [one.name for one in own_detectors()]


def test_a_typed_name_that_does_not_exist_ends_the_run_with_the_closest(
    results: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--data-path", str(results), "--output-dir", str(output)]

    assert exit_code([*asked, "--detectors", "truncated,refusla"]) == 2

    assert "detectors: no detector 'refusla' (did you mean 'refusal'?" in capsys.readouterr().err


def test_half_a_surrogate_pair_in_a_finding_is_a_replacement_character(
    plugins: Path, results: Path
) -> None:
    code = SHOUTING.replace('title="Shouting"', 'title="Shout\\ud83ding"')
    install(plugins, code, ENTRY)

    shown = run(plugins, results)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert titles(results)["e1"] == "Shout\ufffding"


def test_an_installed_detector_can_be_left_out(plugins: Path, results: Path) -> None:
    install(plugins, SHOUTING, ENTRY)

    shown = run(plugins, results, "--no-detector", "shouting")

    assert shown.returncode == 0
    assert titles(results)["e1"] != "Shouting"
    assert "shouting" not in manifest(results)["detectors"]


@pytest.mark.parametrize(
    "broken",
    [
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError: No"),
        ("1 / 0", "cannot be loaded: ZeroDivisionError: division by zero"),
        ("def (", "cannot be loaded: SyntaxError"),
        ("", "cannot be loaded: AttributeError"),
        ("DETECTOR = 7", "is not a Detector but 'int'"),
        (SHOUTING.replace('name="shouting"', 'name="yelling"'), "'yelling'"),
        (SHOUTING.replace("output_format_error", "noise"), "the atlas: 'noise'"),
        (SHOUTING.replace('"cause"', '"reason"'), "has the kind 'reason'"),
        (SHOUTING.replace('"cause"', '"place"'), "the place 'shouting' has the category"),
        (
            SHOUTING.replace("output_format_error", "hard_to_analyze"),
            "the cause 'shouting' has the category",
        ),
    ],
)
def test_a_broken_plugin_is_a_fault_of_the_input_that_names_it(
    plugins: Path, results: Path, broken: tuple[str, str]
) -> None:
    code, fault = broken
    install(plugins, code, ENTRY)

    shown = run(plugins, results)

    assert shown.returncode == 2
    assert "the detector 'shouting' of acme-detectors 1.2" in shown.stderr
    assert fault in shown.stderr
    assert "--no-detector shouting" in shown.stderr
    assert not (results.parent / "output" / "manifest__exp_id=t.json").exists()


def test_a_broken_plugin_that_is_left_out_is_not_even_imported(
    plugins: Path, results: Path
) -> None:
    install(plugins, "raise SystemExit('imported')", ENTRY)

    assert run(plugins, results, "--no-detector", "shouting").returncode == 0
    assert run(plugins, results, "--detectors", "truncated,empty_output").returncode == 0


def test_a_plugin_with_the_name_of_one_of_ours_is_refused(plugins: Path, results: Path) -> None:
    install(plugins, SHOUTING.replace('"shouting"', '"refusal"'), {"refusal": "acme:DETECTOR"})

    shown = run(plugins, results)

    assert shown.returncode == 2
    told = "two detectors are named 'refusal': one from error-map, one from acme-detectors 1.2"
    assert told in shown.stderr


def test_two_plugins_of_one_name_are_refused(plugins: Path, results: Path) -> None:
    install(plugins, SHOUTING, ENTRY)
    install(plugins, SHOUTING, {"shouting": "other:DETECTOR"}, name="other-detectors")

    shown = run(plugins, results)

    assert shown.returncode == 2
    assert "one from acme-detectors 1.2, one from other-detectors 1.2" in shown.stderr


def test_a_finding_that_another_detector_of_the_category_has_is_refused(
    plugins: Path, results: Path
) -> None:
    install(plugins, SHOUTING.replace('"Shouting"', '"wrong number of SENTENCES"'), ENTRY)

    shown = run(plugins, results)

    assert shown.returncode == 2
    assert "'shouting' have the same finding" in shown.stderr


def test_a_plugin_that_raises_costs_the_failures_on_which_it_does(
    plugins: Path, results: Path
) -> None:
    code = SHOUTING.replace(
        "    return Detection(", "    raise LookupError('as asked')\n    return Detection("
    )
    install(plugins, code, ENTRY)

    shown = run(plugins, results, "--max-lost", "1")

    assert shown.returncode == 0
    placed = pl.read_parquet(results.parent / "output" / "failures__exp_id=t.parquet")
    by_example = {row["example_id"]: row for row in placed.iter_rows(named=True)}
    assert by_example["e1"]["state"] == "undiagnosed"
    assert "detector 'shouting' failed: LookupError: as asked" in str(by_example["e1"])
    assert by_example["e2"]["state"] == "assigned"


def test_a_plugin_that_a_worker_cannot_find_stops_the_run(plugins: Path, results: Path) -> None:
    """The caller's script has changed its own path, of which a fresh process knows nothing."""
    install(plugins, SHOUTING, ENTRY)
    script = results.parent / "script.py"
    script.write_text(
        f"import sys\nsys.path.append({str(plugins)!r})\nfrom error_map.cli import main\nmain()\n",
        encoding="utf-8",
    )
    shown = python([script, "--data-path", results, "--ratio", 1], cwd=results.parent)

    assert shown.returncode == 2
    assert "in a worker process: detectors: no detector 'shouting'" in shown.stderr


def test_all_detectors_run_in_the_order_of_their_ranks() -> None:
    ranks = [(detector.rank, detector.category_key) for detector in detectors()]

    assert ranks == sorted(ranks)
    assert set(own_detectors()) <= set(detectors())
    assert set(origins(own_detectors()).values()) == {OURS}


def test_those_that_are_asked_for_run_but_for_those_left_out() -> None:
    some = chosen(["truncated", "empty_output", "refusal"], ["refusal"])

    assert [detector.name for detector in some] == ["empty_output", "truncated"]


def test_a_name_that_does_not_exist_is_refused_with_the_closest() -> None:
    with pytest.raises(InputError, match=r"^detectors: no detector 'trunkated' \(did you mean 't"):
        chosen(["trunkated"])
    with pytest.raises(InputError, match=r"^no_detector: no detector 'x' \(there are: "):
        chosen(None, ["x"])


def test_leaving_out_everything_is_refused() -> None:
    with pytest.raises(InputError, match="no detector is left"):
        chosen(["truncated"], ["truncated"])


def test_the_choice_is_a_keyword_and_stands_in_what_the_run_says_of_itself(
    results: Path, output: Path
) -> None:
    analysed(results, output, detectors=["false_equation", "refusal"], no_detector=["refusal"])

    config = json.loads((output / "config__exp_id=t.json").read_text(encoding="utf-8"))
    told = json.loads((output / "manifest__exp_id=t.json").read_text(encoding="utf-8"))
    assert (config["detectors"], config["no_detector"]) == (
        ["false_equation", "refusal"],
        ["refusal"],
    )
    assert told["detectors"] == {"false_equation": "error-map"}


def test_what_only_a_detector_left_out_would_explain_is_unexplained(
    results: Path, output: Path
) -> None:
    analysed(results, output, detectors=["false_equation"])

    told = pl.read_parquet(output / "failures__exp_id=t.parquet").sort("example_id")
    assert told["verdict"].to_list() == ["unexplained", "unexplained", "error"]


@pytest.mark.parametrize("given", [0.0, -0.1, 1.01, float("nan")])
def test_a_confidence_outside_its_range_cannot_be_written(given: float) -> None:
    with pytest.raises(ValueError, match="confidence must be in"):
        Detection(title="t", summary="s", confidence=given)


@pytest.mark.parametrize("span", [(-1, 2), (3, 2)])
def test_a_place_that_no_text_has_cannot_be_written(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="spans must satisfy"):
        Detection(title="t", summary="s", spans=(span,), confidence=0.5)


@pytest.mark.parametrize(("right", "read"), [(0, 0), (3, 2), (-1, 2)])
def test_more_hits_right_than_read_cannot_be_written(right: int, read: int) -> None:
    with pytest.raises(ValueError, match="impossible counts"):
        Measured(right=right, read=read)


def test_places_and_no_causes_are_hard_to_analyze() -> None:
    """So that what is counted as explained is what a cause decided."""
    hard = {one.name for one in detectors() if one.category == "hard_to_analyze"}

    places = {one.name for one in detectors() if one.kind == "place"}
    assert "first_departure" in places <= hard
    assert {one.kind for one in detectors() if one.name in hard - places} == {"fact"}


def test_what_counts_as_explained_is_what_a_cause_decided(data: Path, output: Path) -> None:
    flaw = "It is sqrt(9 - 25). However, this is not a real number. But we take the root of 144.\n"
    rows = [a_row(f"e{n}", output=f"{flaw}The answer is 12", correct_answer="4") for n in range(3)]
    right = [a_row(f"r{n}", output="The answer is 4", score=1) for n in range(9)]
    write_csv(data / "sums.csv", [*rows, a_row("empty", output=""), *right])

    run = analysed(data, output)

    verdicts = pl.read_parquet(run.folder.failures)["verdict"].to_list()
    assert (verdicts.count("located"), verdicts.count("error")) == (3, 1)
    overall = run.summary.overall
    assert overall
    assert overall.explained
    assert overall.located
    assert (overall.located.hits, overall.explained.hits) == (3, 1)


def test_the_former_name_of_detection_still_works_with_a_warning() -> None:
    code = "from error_map.analysts.offline.detector import Sign"
    names: dict[str, object] = {}

    with pytest.warns(DeprecationWarning, match="Sign is now called Detection"):
        exec(code, names)  # noqa: S102 - a type checker does not know the former name

    assert names["Sign"] is Detection
    with pytest.raises(ImportError, match="cannot import name 'Sing'"):
        exec(code.replace("Sign", "Sing"))  # noqa: S102


def test_a_former_name_selects_the_renamed_detector() -> None:
    some = chosen(["went_on", "truncated", "late_slip"], ["late_slip"])

    assert [one.name for one in some] == ["truncated", "overran_result"]


def test_no_former_name_is_used_twice_or_is_a_current_name() -> None:
    former = [name for one in own_detectors() for name in one.former_names]

    assert len(former) == len(set(former))
    assert set(former).isdisjoint(one.name for one in own_detectors())
    assert {"went_on", "uneven_terms", "flaw_passed_over", "formula_left"} <= set(former)


def test_the_name_of_a_split_detector_selects_or_leaves_out_all_its_parts() -> None:
    parts = {one.name for one in own_detectors() if one.part_of == "format_broken"}

    assert {"format_sentences", "format_json_syntax"} <= parts
    assert {one.name for one in chosen(["format_broken"])} == parts
    assert {one.name for one in chosen(None, ["format_broken"])}.isdisjoint(parts)
    assert [one.name for one in chosen(["format_broken"], ["format_json_type"])] == sorted(
        parts - {"format_json_type"}
    )


def test_a_split_detector_is_described_but_does_not_run() -> None:
    (split,) = split_detectors()

    assert own_detector("format_broken") is split
    assert split.finding_id == "output_format_error.format_broken"
    assert split.detect(Case(prompt="Answer in all caps.", output="No.")) is None
    assert split not in detectors()
    parts = {one for one in own_detectors() if one.part_of}
    assert {one.earlier_finding_id for one in parts} == {split.finding_id}


def test_a_plugin_with_the_name_of_a_split_detector_is_refused(
    plugins: Path, results: Path
) -> None:
    code = SHOUTING.replace('"shouting"', '"format_broken"')
    install(plugins, code, {"format_broken": "acme:DETECTOR"})

    shown = run(plugins, results)

    assert shown.returncode == 2
    assert "two detectors are named 'format_broken'" in shown.stderr


def test_a_renamed_detector_keeps_its_category_id() -> None:
    renamed = own_detector("went_on")

    assert renamed is not None
    assert (renamed.name, renamed.category_key) == ("overran_result", "went_on")
    assert own_detector("overran_result") is renamed
    assert own_detector("no_such_detector") is None


def test_a_former_name_of_an_installed_detector_is_accepted(plugins: Path, results: Path) -> None:
    code = SHOUTING.replace("    rank=15,", '    rank=15,\n    former_names=("yelling",),')
    install(plugins, code, ENTRY)

    assert run(plugins, results, "--no-detector", "yelling").returncode == 0
    assert "shouting" not in manifest(results)["detectors"]


def test_a_plugin_with_a_former_name_of_one_of_ours_is_refused(
    plugins: Path, results: Path
) -> None:
    install(plugins, SHOUTING.replace('"shouting"', '"went_on"'), {"went_on": "acme:DETECTOR"})

    shown = run(plugins, results)

    assert shown.returncode == 2
    assert "two detectors are named 'went_on'" in shown.stderr
