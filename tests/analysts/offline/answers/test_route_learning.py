"""Answer routes, and learning the one that reproduces the scores of a dataset."""

import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.answers.extractors.routes import ROUTES
from error_map.analysts.offline.answers.final_answer import final_answer, gold_answer
from error_map.analysts.offline.answers.profiles import Profile, Profiles
from error_map.analysts.offline.answers.route_learning import learn, learn_parts
from error_map.analysts.offline.values.equality import same_value
from error_map.analysts.studied_row import StudiedRow

pytestmark = pytest.mark.slow

ROUTE_NAMES = st.sampled_from(sorted(ROUTES))
HOSTILE = [
    "a" * 1_000_000,
    " " * 1_000_000,
    "answer is " * 100_000,
    '"answer": "\\' * 80_000,
    "\\boxed{" * 140_000,
    "####" * 250_000,
    "\n" * 1_000_000,
    "1," * 500_000,
    "{" * 1_000_000,
    "answer:" + " " * 999_000,
    "\nQuestion" * 100_000,
]


def read(route: str, output: str) -> str | None:
    answer = final_answer(output, Profile(route=route))
    return None if answer is None else answer.text


def rows(template: str, reference: str = "{}", count: int = 40) -> list[StudiedRow]:
    """Half of the answers are right; the wrong ones are off by a hundred."""
    return [
        StudiedRow(
            f"What is item {n}?",
            template.format(n if n % 2 else n + 100),
            reference.format(n),
            passed=bool(n % 2),
        )
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("template", "reference", "route"),
    [
        ("{}", "{}", "whole output"),
        ("Two boxes of 9 make 18.\n#### {}", "18 boxes\n#### {}", "####"),
        ("I add 3 and 4 first.\nAnswer: {}\n", "{}", "answer line"),
        ("We have 7 trays. So \\boxed{{{}}} it is, in 3 steps.", "{}", "boxed"),
        ("Add the 12 trays to get {} of them.", "{}", "last number"),
        ('{{"reasoning": "12 trays", "answer": "{}"}}', "{}", "answer field"),
        ("The answer is {} trays. I used 2 steps.", "{}", "stated answer"),
    ],
)
def test_the_route_that_reproduces_the_scores_is_learnt(
    template: str, reference: str, route: str
) -> None:
    profile = learn(rows(template, reference))

    assert (profile.route, profile.agreement, profile.recall) == (route, 1.0, 1.0)
    assert profile.trusted
    assert profile.expects_answer


def test_option_letters_are_learnt_from_a_labelled_reference() -> None:
    taught = [
        StudiedRow(
            "Pick.", f"Both fit, I think. The answer is ({letter}).", "B. a kite", letter == "B"
        )
        for letter in "ABCD" * 10
    ]

    profile = learn(taught)

    assert profile.route == "first letter stated"
    assert gold_answer("B. a kite", profile) == "B"


def test_the_order_of_the_rows_does_not_matter() -> None:
    taught = [*rows("Answer: {}"), *rows("So {} is what I get")]
    shuffled = Random(3).sample(taught, len(taught))

    assert learn(taught) == learn(shuffled)


def test_without_references_nothing_is_learnt_but_the_longest_output() -> None:
    profile = learn([StudiedRow("p", "the answer is 4", None, passed=True)] * 30)

    assert profile.route is None
    assert profile.max_output_chars == len("the answer is 4")
    assert not profile.trusted


def test_scores_that_no_route_reproduces_teach_no_route() -> None:
    noise = [StudiedRow("p", f"Answer: {n}", "5", passed=n % 2 == 0) for n in range(40)]

    assert learn(noise).route is None


def test_a_route_that_misses_the_passed_rows_is_not_learnt_because_most_rows_fail() -> None:
    """Reading nothing at all agrees with 95 % of the scores where 95 % of the rows fail."""
    taught = [
        StudiedRow("p", "It may be anything, I suppose.", f"{n}", passed=n % 20 == 0)
        for n in range(200)
    ]

    assert learn(taught).route is None


def test_where_all_rows_failed_the_usual_marker_is_the_route_and_is_not_trusted() -> None:
    failed = [StudiedRow("p", f"So.\n#### {n}", "7", passed=False) for n in range(10, 50)]

    profile = learn(failed)

    assert (profile.route, profile.agreement) == ("####", 0.0)
    assert profile.expects_answer
    assert not profile.trusted


def test_an_endless_output_teaches_nothing_and_costs_nothing() -> None:
    endless = [StudiedRow("p", "1 = 1 " * 400_000, "1", passed=n % 2 == 0) for n in range(40)]
    start = time.process_time()

    profile = learn([*endless, *rows("Answer: {}")])

    assert time.process_time() - start < 0.5
    assert (profile.route, profile.rows) == ("answer line", 40)


def test_few_rows_are_never_trusted() -> None:
    assert not learn(rows("Answer: {}", count=10)).trusted


COT = "We fill 3 trays first.\nThen come 2 more. The answer is {}. It took 4 steps."
BOXED = "We fill 3 trays first.\nThen come 2 more, so it is \\boxed{{{}}} after 4 steps."


def by(model: str, taught: list[StudiedRow]) -> list[StudiedRow]:
    return [replace(row, model=model) for row in taught]


def test_bare_answers_among_workings_have_a_route_of_their_own() -> None:
    profiles = learn_parts([*by("m", rows("{}")), *by("m", rows(COT))])

    assert profiles.bare is not None
    assert (profiles.bare.route, profiles.bare.agreement) == ("whole output", 1.0)
    assert (profiles.common.route, profiles.common.agreement) == ("stated answer", 1.0)
    assert profiles.of("m", "17") is profiles.bare
    assert profiles.of("m", "We fill 3 trays first.\nThen") is profiles.common


def test_models_that_answer_in_a_form_of_their_own_have_a_route_of_their_own() -> None:
    profiles = learn_parts([*by("a", rows(COT)), *by("b", rows(COT)), *by("z", rows(BOXED))])

    assert profiles.bare is None
    assert list(profiles.by_model) == ["z"]
    assert (profiles.by_model["z"].route, profiles.by_model["z"].agreement) == ("boxed", 1.0)
    assert (profiles.common.route, profiles.common.agreement) == ("stated answer", 1.0)
    assert profiles.of("unseen", "any") is profiles.common


def test_a_model_with_few_rows_has_the_route_of_the_dataset() -> None:
    profiles = learn_parts([*by("a", rows(COT, count=200)), *by("z", rows(BOXED, count=18))])

    assert not profiles.by_model
    assert profiles.common.route == "stated answer"


def test_one_style_of_all_models_is_one_route() -> None:
    taught = [row for model in "abc" for row in by(model, rows(COT))]

    assert learn_parts(taught) == Profiles(common=learn(taught))


def test_a_model_whose_scores_follow_no_answer_costs_the_others_no_trust() -> None:
    noise = [replace(row, passed=n % 3 == 0) for n, row in enumerate(rows(COT))]
    taught = [row for model in "abcd" for row in by(model, rows(COT))]

    profiles = learn_parts([*taught, *by("noise", noise)])

    assert not profiles.by_model["noise"].trusted
    assert profiles.common.agreement == 1.0


def test_the_order_of_the_rows_does_not_change_the_parts() -> None:
    taught = [*by("a", rows(COT)), *by("b", rows("{}")), *by("z", rows(BOXED))]

    assert learn_parts(taught) == learn_parts(Random(3).sample(taught, len(taught)))


@pytest.mark.parametrize("missed", [6, 12, 60])
def test_right_answers_that_the_scorer_missed_cost_no_trust(missed: int) -> None:
    right = [row for row in rows(COT, count=300) if row.passed]
    wrong = [row for row in rows(COT, count=300) if not row.passed]
    taught = [*(replace(row, passed=False) for row in right[:missed]), *right[missed:], *wrong]

    profile = learn(taught)

    assert profile.route == "stated answer"
    assert profile.missed == missed / 300
    assert profile.trusted


@pytest.mark.parametrize("passed_wrongly", [12, 60])
def test_wrong_answers_that_passed_cost_trust(passed_wrongly: int) -> None:
    right = [row for row in rows(COT, count=300) if row.passed]
    wrong = [row for row in rows(COT, count=300) if not row.passed]
    lucky = [replace(row, passed=True) for row in wrong[:passed_wrongly]]

    assert not learn([*right, *lucky, *wrong[passed_wrongly:]]).trusted


def test_whether_an_answer_is_expected_is_learnt_from_the_passed_rows() -> None:
    cut = [StudiedRow("p", "We fill 3 trays first, and then", "7", passed=False)] * 60

    profile = learn([*(row for row in rows(COT) if row.passed), *cut])

    assert (profile.route, profile.found) == ("stated answer", 1.0)
    assert profile.expects_answer


@pytest.mark.parametrize(
    "reference", ['["kite {0}", "the kite {0}"]', "['kite {0}', 'a kite {0}']", "kite {0}||k{0}"]
)
def test_any_alias_of_a_reference_matches(reference: str) -> None:
    taught = rows("I think so. The answer is kite {}.", reference)

    profile = learn(taught)

    assert (profile.route, profile.agreement) == ("stated answer", 1.0)


def test_a_list_is_no_list_of_aliases_where_right_answers_are_lists() -> None:
    taught = rows("So I get it.\nAnswer: ['kite {0}', 'kites {0}']", "['kite {0}', 'kites {0}']")
    wrong = [replace(row, output=f"Answer: kite {n}", passed=False) for n, row in enumerate(taught)]

    profile = learn([*taught, *wrong])

    assert profile.alternatives is False
    assert profile.agreement == 1.0


def test_quotes_on_one_side_of_a_field_are_passed_over_if_the_scores_do() -> None:
    taught = [
        StudiedRow("p", f'{{"answer": "{answer}"}}', reference, passed=passed)
        for n in range(20)
        for answer, reference, passed in (
            (f"'ab{n}'", f"ab{n}", True),
            (f"ab{n}", f"'ab{n}'", True),
            (f"'Ab{n}'", f"ab{n}", False),
            (f"[{n}, 2]", f"[{n}, 2]", True),
            (f"[2, {n}]", f"[{n}, 2]", n == 2),
        )
    ]

    profile = learn(taught)

    assert (profile.route, profile.agreement) == ("answer field", 1.0)
    assert profile.unquoted


@pytest.mark.parametrize(
    ("route", "output", "expected"),
    [
        ("whole output", " `'seven'` \n", "seven"),
        ("leading letter", "(C) because it floats", "C"),
        ("leading letter", "Clearly the second one", None),
        ("leading letter", "A raft floats", None),
        ("leading word", "**Yes**, since it floats", "Yes"),
        ("first letter stated", "The answer is (B). Later: the answer is (C).", "B"),
        ("first letter stated", "Final Answer: D", "D"),
        ("first letter stated", "The answer is Because of rain", None),
        ("first letter stated", "I like option (A) best", None),
        ("last letter stated", "The answer is (B). No: the answer is (C).", "C"),
        ("option letter", "(C) because it floats", "C"),
        ("option letter", "B. a raft\n\nThe answer is (D).", "D"),
        ("option letter", "Wood floats, so I choose (A) here.", "A"),
        ("option letter", "Wood floats.", None),
        ("####", "#### 4\nwait\n#### 5", "5"),
        ("####", "I get 5 in the end", None),
        ("####, else last number", "I get 5 in the end", "5"),
        ("answer line", "A: 3\nThen again\n**Answer:** 1,250 kg", "1,250 kg"),
        ("answer line, else last number", "so there are - 80 kites", "80"),
        ("boxed", r"\boxed{\frac{1}{2}} and so on", r"\frac{1}{2}"),
        ("boxed", r"\boxed{never closed", None),
        ("stated answer", "So the answer is twelve kites. Done.", "twelve kites"),
        ("stated, else last number", "the final answer would be about $3.50 each", "$3.50"),
        ("answer field", '{"reasoning": "x", "answer": "___"} {"answer": "8"}', "8"),
        ("answer field", '{"answer": "\\frac{1}{3}", "n": 2', r"\frac{1}{3}"),
        ("answer field", "{'answer': 'blue'}", "blue"),
        ("answer field", '{"answer": 12}', "12"),
        ("answer field", 'answer: "blue"', "blue"),
        ("answer field", "My answer: blue", None),
        ("number in answer field", '{"answer": "x = -4 kites"}', "-4"),
        ("number in answer field", '{"answer": "none of them"}', "none of them"),
        ("last number", "from 3-5 up to 1,000,000.", "1,000,000"),
    ],
)
def test_each_route_reads_what_it_names(route: str, output: str, expected: str | None) -> None:
    assert read(route, output) == expected


@pytest.mark.parametrize(
    ("route", "output"),
    [
        ("last number", "That makes 12 kites.\n\nQuestion: What is 5 + 5?\nIt is 10"),
        ("answer line", "Answer: 12\nQ: next\nAnswer: 10"),
        ("last letter stated", "The answer is (L).\n\n### Problem 2: The answer is (B)."),
    ],
)
def test_run_on_text_after_the_answer_is_not_the_answer(route: str, output: str) -> None:
    assert read(route, output) in {"12", "L"}


def test_an_answer_that_comes_only_after_a_restated_question_is_still_read() -> None:
    assert read("####", "Restated.\nQuestion: how many?\n#### 4") == "4"


OPTIONS = "Which one floats?\nA. a stone\nB. a raft\nC. a raft of stone\nAnswer:"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("The answer is (B).", "B"),
        ("Wood floats, so I say A raft.", "A raft"),
        ("It has to be a raft of stone", "a raft of stone"),
        ("Either a stone or a raft", None),
        ("The aircraft", None),
    ],
)
def test_an_option_may_be_named_by_its_words_alone(output: str, expected: str | None) -> None:
    profile = Profile(route="option letter, else its words")

    answer = final_answer(output, profile, OPTIONS)

    assert (answer and answer.text) == expected
    assert gold_answer("B. a raft", profile) == "B. a raft"


def test_without_a_route_no_answer_is_read() -> None:
    assert final_answer("the answer is 4", Profile()) is None


@pytest.mark.parametrize(
    ("reference", "route", "gold"),
    [
        (None, None, None),
        ("  ", None, None),
        ("3 + 4 = 7\nA: 7", "last number", "7"),
        ("3 + 4 = 7\n#### 7", None, "7"),
        (r"so \boxed{2\pi}", "boxed", r"2\pi"),
        ("12 kites", "last number", "12 kites"),
        ("He flies 12 of the kites", "last number", "12"),
        ("(C) a kite", "leading letter", "C"),
        ("c", "first letter stated", "C"),
        ("A kite", "first letter stated", "A kite"),
        ("blue", "whole output", "blue"),
    ],
)
def test_the_reference_gives_its_answer_without_its_working(
    reference: str | None, route: str | None, gold: str | None
) -> None:
    assert gold_answer(reference, Profile(route=route)) == gold


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1,250", "1250"),
        ("$1,250.00", "1250"),
        (r"\$18", "18"),
        ("18 dollars", "18"),
        ("5 km", "5 km."),
        ("3 miles", "3 mile"),
        ("25%", "25"),
        ("25%", "0.25"),
        ("0.5", "1/2"),
        (r"\frac{1}{2}", "0.5"),
        (r"$\dfrac12$", ".5"),
        ("1 1/2", "1.5"),
        ("2½", "2.5"),
        ("\u22123", "-3"),
        ("1.2e3", "1200"),
        (r"3 \times 10^{8}", "300000000"),
        ("2 million", "2,000,000"),
        (r"\text{blue}", "Blue"),
        ("`None`", "none"),
        ('"Paris".', "paris"),
        ("x = 7", "7"),
        (r"2\sqrt{3}", "2√3".replace("√3", "sqrt(3)")),
        ("(B)", "b"),
        ("B. the second", "B"),
        ("the second", "B) the second"),
        ("eight legs", "8"),
        ("Two", "2 boxes"),
        ("The Hague", "Hague"),
        ("select a from t where b = 'x'", "SELECT a FROM t WHERE b = 'x'"),
    ],
)
def test_one_value_in_two_notations_is_the_same(left: str, right: str) -> None:
    assert same_value(left, right)
    assert same_value(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("", ""),
        ("   ", " "),
        ("5", "5.01"),
        ("5x", "5"),
        ("5 x", "5"),
        ("5pi", "5"),
        ("3 or 4", "3"),
        ("5 million", "5"),
        ("5 km", "5 miles"),
        ("0.25", "25"),
        ("1,2", "12"),
        ("1.5", "15"),
        ("2/3", "3/2"),
        ("1/0", "1"),
        ("A", "B"),
        ("A. one kite", "A. two kites"),
        ("A kite", "A"),
        ("-3", "3"),
        ("101 base 2", "101"),
        ("blue", "blues"),
        ("one of them", "1"),
        ("eight or nine", "8"),
        ("SELECT a FROM t WHERE b = 'x'", "SELECT a FROM t WHERE b = 'X'"),
        ("def add(Item):\n    return Item", "def add(item):\n    return item"),
        ("9" * 300, "9" * 299),
    ],
)
def test_values_that_are_nearly_alike_are_not_the_same(left: str, right: str) -> None:
    assert not same_value(left, right)
    assert not same_value(right, left)


@given(st.integers(-(10**12), 10**12))
def test_thousands_separators_and_trailing_zeros_never_change_a_number(number: int) -> None:
    assert same_value(f"{number:,}", f"{number}.00")


@given(st.text(), st.text())
def test_sameness_is_symmetric_and_never_raises(left: str, right: str) -> None:
    assert same_value(left, right) == same_value(right, left)


@given(st.text(alphabet="0123456789.,/-%$ eE*^{}\\fracxbo()", max_size=40))
def test_any_mixture_of_digits_and_signs_equals_itself_or_is_blank(text: str) -> None:
    assert same_value(text, text) or not same_value(text, text + "0")


@given(ROUTE_NAMES, st.text())
def test_an_answer_is_always_a_span_of_the_output(route: str, output: str) -> None:
    answer = final_answer(output, Profile(route=route))

    assert answer is None or output[answer.start : answer.end] == answer.text


@given(
    ROUTE_NAMES,
    st.lists(
        st.sampled_from(
            [
                "answer is ",
                "A:",
                "(B)",
                "####",
                "\\boxed{",
                "}",
                '"answer": "',
                "7",
                "\n",
                "Q: ",
                "**",
            ]
        )
    ),
)
def test_markers_in_any_order_give_a_span_or_nothing(route: str, pieces: list[str]) -> None:
    output = "".join(pieces)

    answer = final_answer(output, Profile(route=route))

    assert answer is None or output[answer.start : answer.end] == answer.text


@pytest.mark.parametrize("output", HOSTILE, ids=range(len(HOSTILE)))
def test_a_megabyte_of_hostile_text_is_read_in_linear_time(output: str) -> None:
    start = time.process_time()

    for route in ROUTES:
        final_answer(output, Profile(route=route))

    assert time.process_time() - start < 8


@given(st.lists(st.builds(StudiedRow, st.text(), st.text(), st.text(), st.booleans()), max_size=8))
def test_learning_takes_any_rows(taught: list[StudiedRow]) -> None:
    profile = learn(taught)

    assert 0 <= profile.agreement <= 1
    assert profile == learn(taught[::-1])
