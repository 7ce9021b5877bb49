"""Literals that differ in form or in their items."""

from dataclasses import replace

import pytest

from error_map.analysts.offline.answers.final_answer import final_answer, gold_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.answers.route_learning import learn
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.answer import literal_form, literal_items, scorer_missed
from error_map.analysts.studied_row import StudiedRow

STRICT = Profile(
    route="answer tags", agreement=0.99, recall=0.99, found=0.95, rows=500, strict=True
)
LOOSE = Profile(route="answer tags", agreement=0.99, recall=0.99, found=0.95, rows=500)
UNSURE = Profile(route="answer tags", agreement=0.9, recall=0.99, found=0.95, rows=500, strict=True)


def a_case(
    answer: str, reference: str, profile: Profile = STRICT, *, prompt: str = "What does it print?"
) -> Case:
    output = f"It runs once.\n<answer>{answer}</answer>"
    return Case(
        prompt=prompt,
        output=output,
        reference=reference,
        answer=final_answer(output, profile),
        gold=gold_answer(reference, profile),
        profile=profile,
    )


def title(module_case: Case) -> str | None:
    for detector in (literal_form.DETECTOR, literal_items.DETECTOR, scorer_missed.DETECTOR):
        if detection := detector.detect(module_case):
            return detection.title
    return None


@pytest.mark.parametrize(
    ("answer", "reference", "expected"),
    [
        ("'5'", "5", "String instead of integer"),
        ("kite", "'kite'", "Quotation marks missing"),
        ("'Kite'", "'kite'", None),
        ("'ki,te'", "'kite'", None),
        ("'2 nm'", "'2nm'", None),
        ("'kite!'", "'kite'", None),
        ("(1, 2)", "[1, 2]", "Tuple instead of list"),
        ("[2, 1]", "[1, 2]", "List in another order"),
        ("[1]", "[1, 2]", "Items missing"),
        ("[1, 2, 2]", "[1, 2]", "Too many items"),
        ("{'a': 1}", "{'a': 1, 'b': 2}", "Keys missing"),
        ("[1,2]", "[1, 2]", "Right answer not recognized"),
        ("'kite'", '"kite"', "Right answer not recognized"),
        ("[3, 4]", "[1, 2]", None),
        ("'kites'", "'kite'", None),
        ("f(2) == '5'", "5", "String instead of integer"),
    ],
)
def test_an_exact_literal_is_told_by_what_differs(
    answer: str, reference: str, expected: str | None
) -> None:
    assert title(a_case(answer, reference)) == expected


def test_where_scores_go_by_the_value_another_form_is_the_scorers_fault() -> None:
    assert title(a_case("'Kite'", "kite", LOOSE)) == "Right answer not recognized"
    assert title(a_case("'5'", "5", LOOSE)) == "Right answer not recognized"


def test_a_reading_that_is_not_trusted_tells_nothing() -> None:
    assert title(a_case("'5'", "5", UNSURE)) is None
    assert title(a_case("[2, 1]", "[1, 2]", UNSURE)) is None


def test_without_answer_or_reference_nothing_is_told() -> None:
    assert title(Case(prompt="p", output="[2, 1]", profile=STRICT, gold="[1, 2]")) is None
    assert title(Case(prompt="p", output="[2, 1]", profile=STRICT)) is None


def test_that_quotes_matter_is_learnt_from_the_scores() -> None:
    """Half of the outputs have the right letters without the quotation marks, and failed."""
    taught = [
        StudiedRow(
            "p", f"<answer>{'kite' if n % 2 else repr('kite')} </answer>", "'kite'", n % 2 == 0
        )
        for n in range(40)
    ]
    rows = [
        StudiedRow(row.prompt, row.output.replace("kite", f"k{n}"), f"'k{n}'", row.passed)
        for n, row in enumerate(taught)
    ]

    profile = learn(rows)

    assert (profile.route, profile.strict, profile.agreement) == ("answer tags", True, 1.0)
    assert profile.trusted


def test_texts_that_are_no_literals_are_never_held_to_their_form() -> None:
    rows = [
        StudiedRow("p", f"Answer: {'Kite' if n % 2 else 'kite'} {n}", f"kite {n}", n % 2 == 0)
        for n in range(40)
    ]

    assert not learn(rows).strict


def test_copied_words_in_another_case_have_the_right_content() -> None:
    copied = a_case("'Kite'", "'kite'", prompt="Copy the noun: it was a kite.")

    assert title(copied) == "Differs in letter case only"


@pytest.mark.parametrize(
    ("answer", "reference"), [("'[1, 2]'", "[1, 2]"), ("'5'", "5"), ("kite", "'kite'")]
)
def test_quotes_that_the_scorer_passes_over_are_no_wrong_form(answer: str, reference: str) -> None:
    case = a_case(answer, reference, replace(STRICT, unquoted=True))

    assert literal_form.DETECTOR.detect(case) is None


def test_a_form_in_which_answers_passed_is_not_the_cause() -> None:
    accepting = replace(STRICT, accepted_forms=("Tuple instead of list",))

    assert title(a_case("(1, 2)", "[1, 2]", accepting)) is None
    assert title(a_case("'5'", "5", accepting)) == "String instead of integer"


def test_the_forms_that_a_scorer_accepts_are_learnt_from_passed_rows() -> None:
    """Missing quotation marks always fail; one tuple in the place of a list passed."""
    rows = [
        StudiedRow(
            "p", f"<answer>{f'k{n}' if n % 2 else repr(f'k{n}')}</answer>", f"'k{n}'", not n % 2
        )
        for n in range(80)
    ]
    strict = learn(rows)
    tuples = learn([*rows, StudiedRow("p", "<answer>(1, 2)</answer>", "[1, 2]", passed=True)])

    assert (strict.strict, strict.accepted_forms) == (True, ())
    assert (tuples.strict, tuples.accepted_forms) == (True, ("Tuple instead of list",))
