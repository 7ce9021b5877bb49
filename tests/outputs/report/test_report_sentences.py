"""Sentences that terminal, report and viewer share, and when each of them is printed."""

import io
from pathlib import Path
from typing import Final

import pytest

from error_map import RunResult
from error_map.outputs.report import ReportOptions, rendered, report_of, summary_in_words
from error_map.outputs.summary import read_run
from error_map.outputs.terminal import print_summary
from error_map.records import BENCHMARK_FAULTS, SHARED_TRAPS_MEANING
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.slow

FALSE: Final = "12 * 3 = 38. The answer is 38."
FLAW: Final = (
    "It is sqrt(9 - 25). However, this is not a real number. But we take the root of 144.\n"
    "The answer is 12"
)
"""Only the place of what is wrong with it is known."""


def told(result: RunResult, about: str) -> list[str]:
    """The report's sentences on one subject, with which the viewer begins too."""
    said = summary_in_words(read_run(result.folder))
    return [str(one) for one in said if one.about == about]


def printed(result: RunResult) -> str:
    """What the terminal shows, as one line."""
    stream = io.StringIO()
    print_summary(result.summary, stream)
    return " ".join(stream.getvalue().split())


def run_of(data: Path, output: Path, *outputs: str) -> RunResult:
    """A run of one model's failures with these outputs."""
    rows = [a_row(f"e{n}", output=one, correct_answer="36") for n, one in enumerate(outputs)]
    write_csv(data / "sums.csv", rows)
    return analysed(data, output)


# ---- causes


def test_causes_that_are_equally_frequent_are_not_told_as_an_order(
    data: Path, output: Path
) -> None:
    result = run_of(data, output, FALSE, "", "Banana.", "Pear tree.")

    (causes,) = told(result, "causes")

    assert causes.startswith("The 2 most frequent causes each explain 25.0 % [4.6, 69.9] of the ")
    assert "followed" not in causes
    assert "Computation Error" in causes


def test_a_cause_that_is_alone_at_the_top_is_the_most_frequent(data: Path, output: Path) -> None:
    result = run_of(data, output, FALSE, FALSE, "")

    (causes,) = told(result, "causes")

    assert causes.startswith("The most frequent cause is Computation Error: 66.7 % ")


@pytest.mark.parametrize(
    ("outputs", "first"),
    [([FALSE, "Banana.", "Pear tree."], "explained"), ([FALSE, FALSE, "Banana."], "causes")],
)
def test_what_is_not_known_comes_first_where_it_is_most(
    *, data: Path, output: Path, outputs: list[str], first: str
) -> None:
    said = summary_in_words(read_run(run_of(data, output, *outputs).folder))

    order = [one.about for one in said if one.about in {"causes", "explained"}]

    assert order[0] == first
    assert len(order) == 2


def test_cause_place_and_unexplained_are_the_same_counts_everywhere(
    data: Path, output: Path
) -> None:
    rows = [a_row(f"f{n}", output=FLAW, correct_answer="4") for n in range(3)]
    rows += [a_row("false", output=FALSE, correct_answer="36"), a_row("odd", output="Banana.")]
    rows += [a_row(f"r{n}", score=1, output="The answer is 4") for n in range(9)]
    write_csv(data / "sums.csv", rows)
    result = analysed(data, output)
    overall = result.summary.overall
    assert overall
    assert overall.explained
    assert overall.located
    place, rest = overall.located.hits, overall.unexplained
    assert place
    assert rest
    assert overall.explained.hits + place + rest == overall.explained.trials

    (explained,) = told(result, "explained")

    assert explained == (
        f"The cause is known for 20.0 % [3.6, 62.4] of the failures (1 of 5 studied); only the "
        f"place, the step but not why, for 60.0 % [23.1, 88.2] ({place}); nothing is known for "
        f"20.0 % [3.6, 62.4] ({rest})."
    )
    counts = "for 3 (60.0 %) only the place is known: the step, not why; for 1 (20.0 %) nothing"
    assert counts in printed(result)
    assert "nothing known: 20.0 % [3.6, 62.4], 1 of 5" in printed(result)


def test_tiers_without_failures_have_no_clause(data: Path, output: Path) -> None:
    result = run_of(data, output, FALSE, FALSE)

    (explained,) = told(result, "explained")

    assert explained == (
        "The cause is known for 100.0 % [34.2, 100.0] of the failures (2 of 2 studied)."
    )


# ---- suspected benchmark faults


def test_terminal_and_report_describe_suspected_benchmark_faults_in_the_same_words(
    data: Path, output: Path
) -> None:
    rows = [a_row("e1", f"m{n}", output="The answer is 7.") for n in range(3)]
    rows += [
        a_row(f"e{n}", f"m{model}", score=1, output="The answer is 4.")
        for n in range(2, 12)
        for model in range(3)
    ]
    rows += [a_row(f"f{n}", "m0", output=f"The answer is {n}.") for n in range(20, 26)]
    write_csv(data / "sums.csv", rows)
    result = analysed(data, output)
    assert result.summary.faults == {"consensus": 3}
    words = BENCHMARK_FAULTS["consensus"].reason

    report = report_of(read_run(result.folder), ReportOptions())

    assert "at least 3 models, and at least 60 % of all models scored on the example" in words
    assert f"Suspected benchmark faults, 1 example (3 failures): {words}" in printed(result)
    (sentence,) = told(result, "benchmark")
    figures = "3 of 9 studied failures (33.3 % [12.1, 64.6]), on 1 example"
    assert sentence == f"Suspected benchmark faults: {figures}: {words}."
    assert "Shared traps" not in printed(result)
    for form in ("html", "md", "json"):
        assert words in rendered(report, form)
        assert "is suspect" not in rendered(report, form)


def test_terminal_and_report_count_shared_traps_with_their_meaning(
    data: Path, output: Path
) -> None:
    """The best model passes, and the three others give the same wrong answer."""
    rows = [
        a_row(
            f"e{n}", f"m{model}", score=int(passes), output=f"The answer is {4 if passes else 7}."
        )
        for n in range(12)
        for model in range(4)
        for passes in [n > 0 or model == 3]
    ]
    rows += [a_row(f"f{n}", "m0", output=f"The answer is {n}.") for n in range(20, 26)]
    write_csv(data / "sums.csv", rows)
    result = analysed(data, output)

    report = report_of(read_run(result.folder), ReportOptions())

    assert result.summary.traps == 3
    assert f"Shared traps, 1 example (3 failures): {SHARED_TRAPS_MEANING}" in printed(result)
    assert "Suspected benchmark faults" not in printed(result)
    for form in ("html", "md", "json"):
        assert SHARED_TRAPS_MEANING in rendered(report, form)
