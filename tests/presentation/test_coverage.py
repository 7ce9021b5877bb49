"""The lines about what the detectors can say of each dataset."""

from error_map.presentation.coverage import (
    ANSWER,
    MAX_LINES,
    NOT_COVERED,
    NOT_READ,
    RULES_IN_ENGLISH,
    STEPS,
    coverage_lines,
    coverage_text,
    task_note,
)
from error_map.records import Coverage

SUMS = Coverage(task="numbers", families=("arithmetic", STEPS), peers=0.413)
TALKS = Coverage(task="free text", families=("form of the output",), is_covered=False, peers=0.5)


def test_a_covered_dataset_names_its_detectors_and_the_answers_of_other_models() -> None:
    (line,) = coverage_lines({"sums": SUMS}, {})

    assert line == (
        "sums: looks like numbers as answers; detectors for: arithmetic, steps of the working;"
        " right answers of other models for about 41 % of the failures"
    )


def test_an_uncovered_dataset_says_so_and_names_the_way_out() -> None:
    (line,) = coverage_lines({"talks": TALKS}, {"talks": "no route"})

    assert line.startswith("talks: looks like free text; no detector covers this kind of task")
    assert "--judge MODEL" in NOT_COVERED
    assert NOT_COVERED in line
    assert "other models" not in line
    assert "no route" not in line


def test_missing_answers_of_other_models_are_mentioned_where_steps_are_compared() -> None:
    none = Coverage(task="numbers", families=(STEPS,), peers=0.0)
    calls = Coverage(task="tool calls", families=("tool calls",), peers=0.0)

    assert coverage_text(none).endswith(
        "few or no right answers of other models, without which less is explained"
    )
    assert coverage_text(calls) == "looks like function calls; detectors for: tool calls"


def test_answers_that_are_not_compared_are_mentioned_where_detectors_would_compare_them() -> None:
    answers = Coverage(task="numbers", families=(ANSWER,))

    text = coverage_text(answers, "no answer route reproduces the scores")

    assert text.endswith(
        "; answers are not compared with references: no answer route reproduces the scores"
    )
    assert "compared" not in coverage_text(TALKS, "no answer route reproduces the scores")


def test_short_answers_are_said_to_need_a_judge() -> None:
    names = Coverage(task="short answers", families=(ANSWER,))

    assert coverage_text(names).endswith("explained without a judge (--judge MODEL)")


def test_instructions_say_in_which_language_their_rules_are_read() -> None:
    english = Coverage(task="instructions", families=("form of the output",))
    spanish = Coverage(task="instructions", families=("form of the output",), is_covered=False)

    assert coverage_text(english).endswith(f"; {RULES_IN_ENGLISH}")
    assert NOT_READ in coverage_text(spanish)
    assert NOT_COVERED not in coverage_text(spanish)
    assert RULES_IN_ENGLISH not in coverage_text(spanish)


def test_many_datasets_share_lines() -> None:
    many = {f"d{n:02}": SUMS if n else TALKS for n in range(MAX_LINES + 5)}

    lines = coverage_lines(many, {})

    assert len(lines) == 2
    assert lines[0].startswith("d00: looks like free text")
    assert lines[1].startswith("d01, d02, d03 and 21 other datasets: looks like numbers")


def test_a_kind_of_task_that_is_not_known_here_is_named_as_it_is() -> None:
    assert task_note(Coverage(task="proofs")) == "proofs"
    assert task_note(TALKS) == "free text: no detector covers it"
    assert "unknown" in task_note(Coverage())
