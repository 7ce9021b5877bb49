"""Models that cannot be compared are refused, with the reason and a hint."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from error_map.cli import exit_code
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

Typed: TypeAlias = Callable[[str, str], tuple[int, str]]
FALSE: Final = "12 * 3 = 38. The answer is 38."


@pytest.fixture(params=["report", "plot"])
def typed(
    request: pytest.FixtureRequest, output: Path, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """Compares two models by one of the two commands: its exit code, and what it says."""

    def compare(before: str, after: str) -> tuple[int, str]:
        flags = ["--output-dir", str(output), "--out", str(output / "made.svg")]
        how = ["--compare"] if request.param == "report" else ["--kind", "transitions", "--models"]
        code = exit_code([request.param, "t", *how, before, after, *flags])
        assert (output / "made.svg").exists() is (code == 0)
        return code, capsys.readouterr().err

    return compare


def test_models_with_examples_in_common_are_compared(
    typed: Typed, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", output=FALSE), a_row("e1", "b", score=1)])
    analysed(data, output)

    assert typed("a", "b") == (0, "")


def test_models_of_other_data_sets_are_refused_with_the_way_to_make_them_one(
    typed: Typed, data: Path, output: Path
) -> None:
    write_csv(data / "v1.csv", [a_row("e1", "a", output=FALSE)])
    write_csv(data / "v2.csv", [a_row("e1", "b", output=FALSE)])
    analysed(data, output)

    code, message = typed("a", "b")

    assert code == 2
    assert "'a' and 'b' have no dataset in common: 'a' answered v1, 'b' answered v2" in message
    assert "--dataset-name" in message


def test_models_without_an_example_in_common_are_refused(
    typed: Typed, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", output=FALSE), a_row("e2", "b", output=FALSE)])
    analysed(data, output)

    code, message = typed("a", "b")

    assert code == 2
    assert "no example was scored for both 'a' and 'b'" in message
    assert "example_id" in message


def test_a_model_is_not_compared_with_itself(typed: Typed, data: Path, output: Path) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", output=FALSE), a_row("e1", "b", output=FALSE)])
    analysed(data, output)

    code, message = typed("a", "a")

    assert code == 2
    assert "two different models" in message
    assert "there are: 'a', 'b'" in message


def test_a_run_of_one_model_has_nothing_to_compare_it_with(
    typed: Typed, data: Path, output: Path
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", output=FALSE)])
    analysed(data, output)

    code, message = typed("a", "other")

    assert code == 2
    assert "no model 'other' (there are: 'a')" in message


def test_datasets_taken_for_models_get_a_hint_how_to_compare_them(
    typed: Typed, data: Path, output: Path
) -> None:
    for name in ("v1", "v2"):
        write_csv(data / f"{name}.csv", [a_row("e1", "a", output=FALSE)])
    analysed(data, output)

    code, message = typed("v1", "v2")

    assert code == 2
    assert "'v1' and 'v2' are datasets, not models" in message
    assert "--dataset-name NAME --model-name '{model} ({file})'" in message


def test_a_name_that_is_neither_is_an_unknown_model(typed: Typed, data: Path, output: Path) -> None:
    for name in ("v1", "v2"):
        write_csv(data / f"{name}.csv", [a_row("e1", "a", output=FALSE)])
    analysed(data, output)

    assert "no model 'v3' (did you" not in typed("a", "v1")[1]
    assert "no model 'v3'" in typed("a", "v3")[1]


def test_an_unknown_run_is_named_with_those_there_are(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", output=FALSE)])
    analysed(data, output)

    assert exit_code(["report", "u", "--compare", "a", "b", "--output-dir", str(output)]) == 2

    assert "there are: 't'" in capsys.readouterr().err


def test_two_models_of_other_data_sets_make_a_report_without_a_comparison(
    data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "v1.csv", [a_row("e1", "a", output=FALSE)])
    write_csv(data / "v2.csv", [a_row("e1", "b", output=FALSE)])
    analysed(data, output)

    arguments = ["--output-dir", str(output), "--format", "json", "--out", "-"]
    assert exit_code(["report", "t", *arguments]) == 0

    assert '"comparison": null' in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["signature", "heatmap", "tree"])
def test_a_picture_of_no_failures_is_refused(
    *, kind: str, data: Path, output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_csv(data / "sums.csv", [a_row("e1", "a", score=1)])
    analysed(data, output)
    out = output / "made.svg"

    arguments = ["--kind", kind, "--out", str(out), "--output-dir", str(output)]
    assert exit_code(["plot", "t", *arguments]) == 2

    assert "no failure was studied, so there is nothing to draw" in capsys.readouterr().err
    assert not out.exists()
