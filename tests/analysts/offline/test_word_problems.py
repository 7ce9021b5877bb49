"""Failures of word problems, examined as in a run, in a set of passing rows of their style."""

from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.answers.route_learning import learn
from error_map.analysts.offline.examine import examine
from error_map.analysts.studied_row import StudiedRow
from error_map.records import Diagnosis
from tests.support import a_failure


def a_profile() -> Profile:
    """Learned from 20 passing and 20 failing rows that end in `#### N`."""
    passed = [
        StudiedRow("p", f"{n} + {n} = {2 * n} pens.\n#### {2 * n}", str(2 * n), passed=True)
        for n in range(20, 40)
    ]
    failed = [
        StudiedRow("p", f"{n} + {n} = {3 * n} pens.\n#### {3 * n}", str(2 * n), passed=False)
        for n in range(20, 40)
    ]
    return learn([*passed, *failed])


def diagnosed(
    output: str, reference: str, *, prompt: str = "", correct: tuple[str, ...] = ()
) -> Diagnosis:
    failure = a_failure(output, prompt=prompt, reference=reference, correct=correct)
    return examine(failure, a_profile())


def detectors_of(diagnosis: Diagnosis) -> set[str]:
    return {finding.detector for finding in diagnosis.findings}


def test_seconds_for_minutes_are_a_unit_and_not_a_step_too_many() -> None:
    output = "It takes 95 seconds a piece, so 60 * 95 = 5,700 seconds.\n#### 5700"
    diagnosis = diagnosed(output, "95")

    assert "overran_result" not in detectors_of(diagnosis)
    assert diagnosis.title == "Unit conversion missing"
    assert diagnosis.summary == (
        "The working ends in 5,700 seconds, which is the reference, 95, in minutes."
    )


def test_cents_for_dollars_are_a_unit() -> None:
    diagnosis = diagnosed("3500 + 21000 = 24500 cents.\n#### 24500", "245")

    assert diagnosis.title == "Unit conversion missing"
    assert diagnosis.summary == (
        "The working ends in 24500 cents, which is the reference, 245, in dollars."
    )
    assert "missing_step" not in detectors_of(diagnosis)


def test_a_unit_that_the_question_asks_for_is_no_missing_conversion() -> None:
    output = "3500 + 21000 = 24500 cents.\n#### 24500"

    for prompt in ("How many cents is it?", "Give the price in cents."):
        assert "unit_factor" not in detectors_of(diagnosed(output, "245", prompt=prompt))


def test_units_of_other_kinds_and_names_are_read_too() -> None:
    for output, reference in (
        ("So he walks 2 * 1500 = 3000 m.\n#### 3000", "3"),
        ("So he walks 2 * 1500 = <<2*1500=3000>>3000 metres.\n#### 3000", "3"),
        ("So it lasts 90 / 60 = 1.5 hours.\n#### 1.5", "90"),
        ("She pays $3 + $4.5 = $7.5.\n#### 7.5", "750"),
        ("It weighs $2 \\cdot 250 = 500\\text{ grams}$.\n#### 500", "0.5"),
    ):
        found = detectors_of(diagnosed(output, reference))

        assert ("unit_factor" in found) == ("00 m." not in output), output
    for output, reference in (
        ("So he walks 2 * 1500 = 3000 miles.\n#### 3000", "3"),
        ("They have 20 * 5 = 100 pens.\n#### 100", "1"),
        ("It takes 2 * 50 = 100 seconds.\n#### 100", "50"),
    ):
        assert "unit_factor" not in detectors_of(diagnosed(output, reference)), output


def test_a_term_that_is_reached_by_chance_is_no_part_of_the_result() -> None:
    output = "12 - 2 = 10 boxes. 10 * 16 = 160.\n#### 160"
    right = "She gives away 4 boxes: 12 - 4 = 8. 8 * 20 = 160. 160 - 40 = 120.\n#### 120"
    another = "She keeps 12 - 4 = 8 boxes. 20 * 8 = 160. 160 - 40 = 120.\n#### 120"

    for correct in ((right,), (right, another)):
        diagnosis = diagnosed(output, "120", correct=correct)

        assert "partial_answer" not in detectors_of(diagnosis)
        assert output[slice(*_span(diagnosis))].startswith("12 - 2 = 10")


def _span(diagnosis: Diagnosis) -> tuple[int, int]:
    evidence = diagnosis.findings[0].evidence[0]
    return evidence.start, evidence.end


def test_a_term_that_is_reached_alike_is_part_of_the_result() -> None:
    output = "She keeps 12 - 4 = 8 boxes. 8 * 20 = 160.\n#### 160"
    right = "She gives away 4 boxes: 12 - 4 = 8. 8 * 20 = 160. 160 - 40 = 120.\n#### 120"

    assert "partial_answer" in detectors_of(diagnosed(output, "120", correct=(right,)))


EXAMPLES = (
    "Question: A jacket costs $48 and 7 scarves $36 each. What do they cost?\n"
    "Working: 7 * 36 = 252. 252 + 48 = 300.\n#### 300\n\n"
    "Question: A train goes 90 km in an hour. How far does it go in 4 hours?\n"
    "Working: 90 * 4 = 360.\n#### 360\n\n"
)
QUESTION = "Question: 48 pens are shared by 12 pupils, and each gets 23 more. How many are that?"


def test_quantities_of_worked_examples_are_not_those_of_the_task() -> None:
    reference = "48 / 12 = 4. 4 + 23 = 27. 27 * 36 = 972.\n#### 972"
    output = "48 / 12 = 4. 4 + 29 = 33.\n#### 33"

    alone = diagnosed(output, reference, prompt=QUESTION)
    with_examples = diagnosed(output, reference, prompt=f"{EXAMPLES}{QUESTION}\nWorking:")

    assert [each.summary for each in alone.findings] == [
        each.summary for each in with_examples.findings
    ]
    assert any("\u201c23 more\u201d" in each.summary for each in alone.findings)


def test_a_value_that_the_reference_shares_the_kind_of_is_not_impossible() -> None:
    prompt = "Let n be the number of possible values of x, and s their sum. Find n times s."

    def found(reference: str) -> set[str]:
        return detectors_of(diagnosed("So it is\n#### -5", reference, prompt=prompt))

    assert "impossible_value" not in found("-3")
    assert "impossible_value" in found("3")
