"""The example results: questions, graders and the committed files, without the model."""

import csv
import importlib
import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
DATASETS = ("general_knowledge", "instructions", "word_problems")
SEEDS = (7, 8, 9)
SIZE_LIMIT = 3_000_000
EQUATION = re.compile(r"([\d.]+) ([-+*/]) ([\d.]+) = (\d+(?:\.\d+)?)")
OPTIONS = ("Paris", "Nice", "Lyon", "Metz")
WEEKDAYS = ("Monday", "Tuesday", "Friday")
WEEK = [date(2024, 1, day) for day in range(1, 8)]


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """`make_examples.py`, loaded from its path the way Python runs a script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
        spec = importlib.util.spec_from_file_location(
            "make_examples", EXAMPLES / "make_examples.py"
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "make_examples", module)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture
def graders(script: ModuleType) -> ModuleType:
    return importlib.import_module(script.Question.__module__.replace("question", "graders"))


@pytest.fixture
def rules(script: ModuleType) -> ModuleType:
    return importlib.import_module(script.Question.__module__.replace("question", "rules"))


@pytest.fixture
def prompts(script: ModuleType) -> ModuleType:
    return importlib.import_module(script.Question.__module__.replace("question", "prompts"))


def committed(dataset: str) -> list[dict[str, str]]:
    with (EXAMPLES / "data" / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("output", "number"),
    [
        ("62", 62),
        ("The answer is $1,250.00.", 1250),
        ("80 - 20 = 60 dollars\nThe answer is 60 after 25% off.", 60),
        ("The answer is 60 + 6 = 66 dollars.", 66),
        ("The answer is 5. Wait.\nThe answer is 6.", 6),
        ("#### 24\nThe answer is: 25", 25),
        ("**Answer:** 12 of 40", 12),
        ("3 * 4 = 12\nA: 13\nchecked 2 times", 13),
        ("The answer is X.\nThat is 8 in 10", 10),
        ("12,13", 13),
        ("1,2500", 2500),
        ("20-5", 5),
        ("It is -5 degrees", -5),
        ("The answer is 3.\n\nQuestion: 1 + 1?\nThe answer is 2.", 3),
    ],
)
def test_the_final_number_is_the_marked_one_else_the_last(
    graders: ModuleType, output: str, number: int
) -> None:
    assert graders.final_number(output) == number
    assert graders.NumberIs(number).passed(output)
    assert not graders.NumberIs(number + 1).passed(output)


def test_an_output_without_a_number_is_no_number(graders: ModuleType) -> None:
    assert graders.final_number("The answer is X.") is None
    assert not graders.NumberIs(0).passed("The answer is zero.")


@pytest.mark.parametrize(
    ("output", "passes"),
    [
        ("The answer is Friday, not Monday.", True),
        ("From Monday four days on it is Friday.", True),
        ("friday", True),
        ("Friday comes after Monday", False),
        ("The answer is Monday. Or Friday?", False),
        ("Fridays", False),
        ("", False),
    ],
)
def test_a_weekday_is_the_marked_one_else_the_last(
    graders: ModuleType, output: str, *, passes: bool
) -> None:
    assert graders.WordIs("Friday", WEEKDAYS).passed(output) is passes


@pytest.mark.parametrize(
    ("output", "letter"),
    [
        ("B", "B"),
        ("(b)", None),
        ("B. Nice", "B"),
        ("**C)** because", "C"),
        ("A. Paris\nThe correct answer is B. Nice", "B"),
        ("The answer is (D).", "D"),
        ("The answer is (X).\nC. Lyon", "C"),
        ("The answer is Lyon.", "C"),
        ("It is Lyon.", "C"),
        ("It is Lyon or Metz.", None),
        ("A. Paris\nB. Nice\nC. Lyon\nD. Metz", None),
        ("A city in France", None),
        ("C. Paris", "C"),
        ("", None),
    ],
)
def test_the_chosen_option_is_a_clear_letter_else_the_only_option_named(
    graders: ModuleType, output: str, letter: str | None
) -> None:
    assert graders.chosen_letter(output, OPTIONS) == letter
    assert graders.OptionIs("B", OPTIONS).passed(output) is (letter == "B")


@pytest.mark.parametrize(
    ("output", "passes"),
    [
        ('{"item": "mug", "price": 3, "sold": true, "tags": ["a", null]}', True),
        ('{"tags": ["a", null], "sold": true, "price": 3.0, "item": "mug"}', True),
        ('Here:\n```json\n{"item":"mug","price":3,"sold":true,"tags":["a",null]}\n```', True),
        ('{"item": "mug", "price": "3", "sold": true, "tags": ["a", null]}', False),
        ('{"item": "mug", "price": 3, "sold": 1, "tags": ["a", null]}', False),
        ('{"item": "Mug", "price": 3, "sold": true, "tags": ["a", null]}', False),
        ('{"item": "mug", "price": 3, "sold": true, "tags": ["a"]}', False),
        ('{"item": "mug", "price": 3, "sold": true}', False),
        ('{"item": "mug", "price": NaN, "sold": true, "tags": ["a", null]}', False),
        ('{"item": "mug", "price": 3, "sold": true, "tags": ["a", null]', False),
        ("{'item': 'mug'}", False),
        ("mug", False),
    ],
)
def test_json_is_the_first_object_parsed_strictly(
    graders: ModuleType, output: str, *, passes: bool
) -> None:
    wanted = '{"item": "mug", "price": 3, "sold": true, "tags": ["a", null]}'

    assert graders.JsonIs(wanted).passed(output) is passes


@pytest.mark.parametrize(
    ("name", "arguments", "kept", "broken"),
    [
        ("Bullets", (2,), "- a\n* b", "- a\n- b\n- c"),
        ("Bullets", (2,), "Here:\n• a\n• b", "a - b\n- c"),
        ("Numbered", (3,), "1. a\n2) b\n3. c", "1. a\n1. b\n1. c"),
        ("Numbered", (2,), "1. a\n2. b", "1. a\n2. b\n3. c"),
        ("Capitals", (), "I AM 3!", "I am"),
        ("Capitals", (), "YES", "123"),
        ("SmallLetters", (), "- rain", "- Rain"),
        ("NumberOnly", (9,), "9.", "9 days"),
        ("NumberOnly", (9,), "9", "8"),
        ("NumberOnly", (1000,), "1,000", "NaN"),
        ("Exactly", ("DOGS RUN", "…"), '"DOGS  RUN."', "Dogs run"),
        ("Includes", ("every day",), "Every day it rains", "every single day"),
        ("EndsWith", ("home",), "Let us go Home.", "home again"),
        ("Avoids", ("cats",), "catskills", "I like Cats."),
        ("AtMostWords", (3,), "one two three", "one two three four"),
    ],
)
def test_a_rule_tells_a_text_that_keeps_it_from_one_that_does_not(
    rules: ModuleType, name: str, arguments: tuple[object, ...], *, kept: str, broken: str
) -> None:
    rule = getattr(rules, name)(*arguments)

    assert rule.holds(kept)
    assert not rule.holds(broken)


def test_an_answer_has_to_keep_all_rules(graders: ModuleType, rules: ModuleType) -> None:
    check = graders.Follows((rules.Bullets(2), rules.SmallLetters()))

    assert check.passed("- a\n- b\n")
    assert not check.passed("- a\n- B\n")
    assert not check.passed("- a\n")
    assert not graders.Follows((rules.AtMostWords(5),)).passed(" \n")


def test_reciting_a_rule_is_not_keeping_it(graders: ModuleType, rules: ModuleType) -> None:
    check = graders.Follows((rules.EndsWith("always"),))

    assert check.passed("The sea is blue always.")
    assert not check.passed('the last word of your answer must be "always"')


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_gives_the_same_distinct_questions_again(script: ModuleType, seed: int) -> None:
    questions = script.compose(seed)

    assert repr(questions) == repr(script.compose(seed))
    assert repr(questions) != repr(script.compose(seed + 1))
    assert len({question.example_id for question in questions}) == len(questions)
    assert len({question.draft.text for question in questions}) == len(questions)
    assert set(Counter(question.dataset for question in questions)) == set(DATASETS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reference_passes_its_own_check(script: ModuleType, seed: int) -> None:
    drafts = [question.draft for question in script.compose(seed)]
    referenced = [draft for draft in drafts if draft.reference]

    assert [draft for draft in referenced if not draft.check.passed(draft.reference)] == []
    assert {draft.kind for draft in drafts if not draft.reference} == {"format"}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_equation_of_a_worked_solution_is_true(script: ModuleType, seed: int) -> None:
    working = "\n".join(question.draft.reference for question in script.compose(seed))
    results = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
    }

    found = EQUATION.findall(working)

    assert len(found) > 100
    for left, sign, right, result in found:
        assert results[sign](Fraction(left), Fraction(right)) == Fraction(result)


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_agree_with_the_calendar(script: ModuleType, seed: int) -> None:
    asked = {question.draft.text: question.draft.reference for question in script.compose(seed)}
    later = re.compile(r"Today is (\w+)\. .* in (\d+) days")
    between = re.compile(r"from (\w+ \d+) to (\w+ \d+) in the year 2023")
    lasting = re.compile(r"starts at (\d+):(\d+) and ends at (\d+):(\d+)\.")
    seen = Counter[str]()

    for text, reference in asked.items():
        right = reference.rpartition("A: ")[2]
        if found := later.search(text):
            start = next(day for day in WEEK if f"{day:%A}" == found[1])
            assert f"{start + timedelta(days=int(found[2])):%A}" == right
            seen["later"] += 1
        if found := between.search(text):
            start, end = (datetime.strptime(f"{day} 2023Z", "%B %d %Y%z") for day in found.groups())
            assert str((end - start).days) == right
            seen["between"] += 1
        if found := lasting.search(text):
            hour, minute, end_hour, end_minute = map(int, found.groups())
            assert str((end_hour - hour) * 60 + end_minute - minute) == right
            seen["lasting"] += 1

    assert set(seen) == {"later", "between", "lasting"}


def test_counts_are_what_one_counts_in_the_text(script: ModuleType) -> None:
    drafts = [question.draft for seed in range(20) for question in script.compose(seed)]
    counts = Counter[str]()

    for draft in [draft for draft in drafts if draft.topic == "counting"]:
        right = int(draft.reference.rpartition("A: ")[2])
        if found := re.search(r"greater than (\d+): (.*)\?", draft.text):
            assert right == sum(int(n) > int(found[1]) for n in found[2].split(", "))
        elif found := re.search(r'letter "(\w)" appear in the word "(\w+)"', draft.text):
            assert right == found[2].count(found[1])
        else:
            assert right == draft.text.count(",") + 1
        counts[draft.text[:20]] += 1

    assert len(counts) == 3


def test_units_are_converted_by_their_factors(script: ModuleType) -> None:
    factors = {
        "days are there in 1 weeks": 7,
        "inches are there in 1 feet": 12,
        "centimeters are there in 1 meters": 100,
        "minutes are there in 1 hours": 60,
        "meters are there in 1 kilometers": 1000,
        "eggs are there in 1 dozen eggs": 12,
    }
    drafts = [question.draft for seed in range(8) for question in script.compose(seed)]
    asked = re.compile(
        r"How many (\w+ are there in) (\d+) (weeks|feet|meters|hours|kilo\w+|dozen.*)\?"
    )
    seen = set()

    for draft in drafts:
        if found := asked.fullmatch(draft.text):
            unit = f"{found[1]} 1 {found[3]}"
            assert draft.reference.endswith(f"A: {int(found[2]) * factors[unit]}")
            seen.add(unit)

    assert seen == set(factors)


def test_the_right_option_is_the_line_with_the_answer_of_the_fact(script: ModuleType) -> None:
    knowledge = importlib.import_module(script.Question.__module__.replace("question", "knowledge"))
    answers = {fact.question: fact.answer for fact in knowledge.facts()}
    letters = Counter[str]()

    for draft in [question.draft for question in script.compose(7)]:
        if draft.kind == "option":
            task, *lines = draft.text.splitlines()
            assert draft.reference in lines
            assert draft.reference[3:] == answers[task]
            letters[draft.reference[0]] += 1

    assert min(letters[letter] for letter in "ABCD") > 5


def test_no_check_lets_an_empty_answer_pass(script: ModuleType) -> None:
    passing = [question for question in script.compose(7) if question.draft.check.passed("")]

    assert passing == []


def test_a_template_that_runs_dry_says_so(script: ModuleType) -> None:
    question = importlib.import_module(script.Question.__module__)
    only = script.compose(7)[0].draft

    with pytest.raises(ValueError, match="no distinct question left"):
        question.drafts_of((lambda _: only,), count=2, rng=Random(1))


def test_each_fact_has_four_distinct_options(script: ModuleType) -> None:
    knowledge = importlib.import_module(script.Question.__module__.replace("question", "knowledge"))
    facts = knowledge.facts()

    assert len({fact.question for fact in facts}) == len(facts)
    for fact in facts:
        assert len({fact.answer, fact.wrong_1, fact.wrong_2, fact.wrong_3}) == len("ABCD")


def test_the_settings_send_different_prompts_that_all_hold_the_whole_question(
    script: ModuleType, prompts: ModuleType
) -> None:
    for question in script.compose(7):
        sent = [prompts.prompt_for(question.draft, setting) for setting in prompts.SETTINGS]

        assert all(question.draft.text in prompt for prompt in sent)
        assert len(set(sent)) == len(sent)


def test_no_question_is_among_the_solved_examples_of_the_few_shot_prompts(
    script: ModuleType, prompts: ModuleType
) -> None:
    shown = prompts.SOLVED + prompts.CHOSEN + prompts.EXTRACTED + prompts.OBEYED

    for question in script.compose(7):
        task, _, source = question.draft.text.partition("\n")
        assert (source or task) not in shown
        assert question.draft.kind == "json" or task not in shown


def test_only_asks_without_an_output_are_missing(script: ModuleType) -> None:
    requests = [script.Request(prompt, "model.gguf") for prompt in ("one", "two", "two", "three")]

    missing = script.missing_of(requests, {requests[0].key: "1"})

    assert [request.prompt for request in missing] == ["two", "three"]


def test_whatever_can_change_an_answer_is_in_the_key(script: ModuleType) -> None:
    keys = {
        script.Request("one", "model.gguf").key,
        script.Request("two", "model.gguf").key,
        script.Request("one", "other.gguf").key,
        script.Request("one", "model.gguf", max_tokens=5).key,
        script.Request("one", "model.gguf", temperature=0.5).key,
        script.Request("one", "model.gguf", seed=8).key,
    }

    assert len(keys) == 6


def test_a_line_torn_by_a_kill_is_cut_and_the_others_are_kept(
    script: ModuleType, tmp_path: Path
) -> None:
    whole = json.dumps({"key": "k1", "output": "line one\nline two\u2028end"}) + "\n"
    work = tmp_path / "work"
    work.write_text(whole + '{"key": "k2", "out', encoding="utf-8")

    outputs = script.read_work(work)

    assert outputs == {"k1": "line one\nline two\u2028end"}
    assert work.read_text(encoding="utf-8") == whole


def test_a_complete_work_file_needs_no_model(script: ModuleType, tmp_path: Path) -> None:
    request = script.Request("one", "model.gguf")
    work = tmp_path / "work"
    work.write_text(json.dumps({"key": request.key, "output": "1"}) + "\n", encoding="utf-8")

    outputs = script.answer_all([request], work=work, model=tmp_path / "missing.gguf")

    assert outputs == {request.key: "1"}


def test_a_csv_file_is_sorted_and_leaves_no_part_behind(script: ModuleType, tmp_path: Path) -> None:
    question = script.compose(7)[0]
    rows = [script.row_of(question, setting, "a\nb") for setting in ("step-by-step", "few-shot")]

    script.write_csv(tmp_path / "one.csv", rows)

    assert [path.name for path in tmp_path.iterdir()] == ["one.csv"]
    with (tmp_path / "one.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.DictReader(file)) == [rows[1], rows[0]]


def test_a_limit_takes_the_first_questions_of_each_dataset(script: ModuleType) -> None:
    first = script.first_of_each(script.compose(7), 2)

    assert [question.example_id for question in first] == [
        *("wp-001", "wp-002", "gk-001", "gk-002", "in-001", "in-002"),
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_committed_results_are_the_seeds_questions_and_regrade_to_their_scores(
    script: ModuleType, prompts: ModuleType, dataset: str
) -> None:
    rows = committed(dataset)
    asked = [
        (question, setting)
        for question in script.compose(7)
        if question.dataset == dataset
        for setting in sorted(prompts.SETTINGS)
    ]

    assert len(rows) == len(asked)
    for row, (question, setting) in zip(rows, asked, strict=True):
        assert row == script.row_of(question, setting, row["output_text"])


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_committed_results_hold_passes_and_failures_in_the_documented_columns(
    dataset: str,
) -> None:
    rows = committed(dataset)

    assert list(rows[0]) == [
        *("example_id", "model", "input_text", "output_text", "score", "correct_answer", "topic"),
    ]
    rate = Fraction(sum(row["score"] == "1" for row in rows), len(rows))
    assert Fraction(1, 10) <= rate <= Fraction(6, 10)


def test_the_committed_files_stay_small() -> None:
    files = list((EXAMPLES / "data").glob("*.csv"))

    assert {path.stem for path in files} == set(DATASETS)
    assert sum(path.stat().st_size for path in files) < SIZE_LIMIT
