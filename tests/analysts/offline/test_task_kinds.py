"""What kind of task a dataset consists of, decided from a sample of its rows."""

import csv
import random
import sys

import pytest

from error_map.analysts.offline.analyst import profiles_of
from error_map.analysts.offline.answers.profiles import Profile, TaskKind
from error_map.analysts.offline.task_kinds import task_kind
from error_map.analysts.studied_row import StudiedRow

from ...support import shared_file

pytestmark = pytest.mark.slow


def a_row(prompt: str, output: str, reference: str | None = None) -> StudiedRow:
    return StudiedRow(prompt, output, reference, passed=False)


def kind(*rows: StudiedRow) -> TaskKind:
    return task_kind(rows, Profile())


OPTIONS = "Which is a bird?\nA. Trout\nB. Heron\nC. Newt\nAnswer:"
TOOLS = (
    'Tools: [{"name": "book_table", "description": "Books.", "parameters": {"type": "object",'
    ' "properties": {"seats": {"type": "integer"}}}}]\nBook for two.'
)
TRACE = (
    "Thought 1: I look it up.\nAction 1: Search[Heron]\nObservation 1: A long-legged bird.\n"
    "Thought 2: Done.\nAction 2: Finish[bird]\nObservation 2: ok"
)
SQL = "SELECT name FROM singer WHERE age > 20"


def test_outputs_that_a_reader_composed_of_turns_are_traces_whatever_they_look_like() -> None:
    row = StudiedRow("How many eggs?", "3 + 4 = 7", "7", passed=False, is_transcript=True)

    assert kind(row) == "agent traces"


@pytest.mark.parametrize(
    ("expected", "row"),
    [
        ("numbers", a_row("How many eggs?", "3 + 4 = 7", "7")),
        ("numbers", a_row("How many eggs?", "Seven.", "There are 3 + 4 = 7 eggs.\n#### 7")),
        ("numbers", a_row("How many eggs?", "There are 3 + 4 = 7 eggs.\n 7")),
        ("numbers", a_row("Combien d'oeufs ?", "Il y en a 1 200.", "1,200")),
        ("mathematics", a_row("Find $x$ if $x^2 = 2$.", "It is \\sqrt{2}.", "\\sqrt{2}")),
        ("mathematics", a_row("Solve \\(x^2 = 9\\).", "x is 3", "So $x = 3$: \\boxed{3}")),
        ("multiple choice", a_row(OPTIONS, "B", "B")),
        ("multiple choice", a_row(OPTIONS, "The heron.", "(B)")),
        ("multiple choice", a_row(OPTIONS, "The heron.", "Heron")),
        ("multiple choice", a_row(OPTIONS, "It is B.")),
        ("multiple choice", a_row("Which?\n(A) one (B) two", "(A)", "(B)")),
        ("multiple choice", a_row(OPTIONS, "It is B.", "1")),
        ("mathematics", a_row("Solve 2x + 3y = 7.", "x is 4.", "x = 2, y = 1")),
        ("mathematics", a_row("Simplify the sum.", "5x", "5x + 3")),
        ("short answers", a_row("Where is he from?", "Spain", "from France")),
        ("short answers", a_row("What did she do?", "leave", "return home")),
        ("short answers", a_row("What is funded?", "roads", "public school system")),
        ("short answers", a_row("Who painted it?", "Monet", "Claude Monet")),
        ("short answers", a_row("Is it a bird?", "No, it is not.", "yes")),
        ("short answers", a_row("Wer hat es gemalt?", "Klimt", "Egon Schiele")),
        ("literals", a_row("def f(x): return [x]\nassert f(2) == ??", "[3]", "[2]")),
        ("literals", a_row("What does f('a') return?", "'b'", "'a'")),
        ("tool calls", a_row(TOOLS, "book_table(seats=3)", "book_table(seats=2)")),
        ("tool calls", a_row(TOOLS, '{"name": "book_table", "arguments": {"seats": 3}}')),
        ("code", a_row("List the names of all older singers.", "SELECT 1", SQL)),
        ("code", a_row("List the names of all older singers.", f"```sql\n{SQL}\n```")),
        ("code", a_row('def f(x):\n    """Double x."""\n', "    return x", "    return 2 * x")),
        ("code", a_row("Double a number.", "x", "assert f(2) == 4\nassert f(0) == 0")),
        ("code", a_row("Sort a list.", "```python\nprint(sorted(x))\n```")),
        ("code", a_row("How many eggs?", "hens = 3\neggs = 4\nans = hens * eggs", "12")),
        ("code", a_row("How many?", "```python\ndef f():\n    n = 3\n    return n\n```", "3")),
        ("numbers", a_row("How many eggs?", "hens = 3, and eggs = 4.\nSo 3 * 4 = 12.", "12")),
        ("literals", a_row("What does f() give?", "[1,\n 2]", "[1, 2]")),
        ("instructions", a_row("Describe rain. Your response must not contain any commas.", "x")),
        ("instructions", a_row("Describe la lluvia.", "x", '["es:detectable_format:title"]')),
        ("instructions", a_row("D\u00e9cris la pluie en 40 mots au moins.", "La pluie tombe.")),
        ("instructions", a_row("Describe la lluvia. No uses comas.", "La lluvia cae.")),
        (
            "instructions",
            a_row(
                "\u96e8\u3092100\u6587\u5b57\u4ee5\u5185\u3067\u8aac\u660e\u3057\u3066\u3002",
                "\u96e8\u3002",
            ),
        ),
        ("free text", a_row("D\u00e9cris la pluie.", "Elle tombe.")),
        ("free text", a_row("R\u00e9sume ce texte en 40 mots : il pleut.", "Il pleut.")),
        (
            "instructions",
            a_row("Describe rain. Use at least 3 bullet points.", "x", "['keywords:existence']"),
        ),
        ("agent traces", a_row("Which class is it?", TRACE, "bird")),
        (
            "agent traces",
            a_row(
                "Help the user.",
                "[user]: Hi\n[assistant]: Hello\n[tool get]: {}\n[tool set]: {}\n[assistant]: Done",
            ),
        ),
        ("agent traces", a_row("Help.", '[{"role": "user"}, {"role": "assistant"},' * 3)),
        ("free text", a_row("Translate to English: Guten Tag", "Hello", "Good day")),
        ("free text", a_row("Summarize the article.\n\nRain fell.", "Rain.", "It rained")),
        (
            "free text",
            a_row("Das Haus steht am See.", "A house.", "The house stands by the lake " * 3),
        ),
        ("free text", a_row("How do I comfort a friend?", "Listen to them, and be patient.")),
        ("free text", a_row("What ails a patient with fever?", "A cold.", "An infection " * 9)),
    ],
)
def test_each_kind_is_recognised_from_prompt_output_and_reference(
    expected: TaskKind, row: StudiedRow
) -> None:
    assert kind(row) == expected


def test_nothing_is_known_without_rows() -> None:
    assert kind() == ""


def test_a_mixture_has_no_kind_unless_most_of_it_is_not_covered() -> None:
    number, choice = a_row("How many?", "7", "8"), a_row(OPTIONS, "B", "A")
    text, trace = a_row("How do I rest?", "Sleep."), a_row("Which class is it?", TRACE, "bird")

    assert kind(number, number, choice, choice) == ""
    assert kind(number, number, text, text, trace) == "free text"
    assert kind(number, number, number, choice) == "numbers"


def test_numbers_among_formulas_and_strings_among_literals_belong_to_them() -> None:
    number = a_row("How many?", "7", "8")
    formula = a_row("Find it.", "7", "\\sqrt{3}")
    word, items = a_row("Give f(1).", "b", "abc"), a_row("Give f(2).", "[1]", "[1, 2]")

    assert kind(*[number] * 4, formula) == "mathematics"
    assert kind(*[number] * 40, formula) == "numbers"
    assert kind(*[word] * 4, items) == "literals"


def test_the_kind_does_not_depend_on_the_order_of_the_rows() -> None:
    rows = [a_row(f"How many, {n}?", str(n), str(n + 1)) for n in range(300)]
    rows += [a_row(OPTIONS, f"B {n}", "A") for n in range(250)]

    assert kind(*rows) == kind(*reversed(rows))


@pytest.mark.parametrize("text", ["a" * 400_000, "[" * 90_000, "1 + 1 = " * 60_000, "$" * 90_000])
def test_hostile_texts_are_decided_quickly(text: str) -> None:
    rows = [a_row(text, text, text), a_row(text, text)]

    assert isinstance(kind(*rows), str)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("outputs/gsm8k_gpt3.csv", "numbers"),
        ("outputs/zeroeval_numersense.csv", "numbers"),
        ("outputs/zeroeval_math_l5.csv", "mathematics"),
        ("outputs/mmlu_pro.csv", "multiple choice"),
        ("outputs/tau_bench_airline_gpt4o.csv", "tool calls"),
        ("labelled/mr_ben.csv", "multiple choice"),
        ("labelled/stepverify_gsm8k.csv", "numbers"),
        ("labelled/bigbench_mistake.csv", ""),
    ],
)
def test_the_kinds_of_public_result_sets_are_recognised(name: str, expected: TaskKind) -> None:
    csv.field_size_limit(sys.maxsize)
    with shared_file(name).open(encoding="utf-8") as file:
        records = list(csv.DictReader(file))
    rows = [
        StudiedRow(
            one["input_text"],
            one["output_text"],
            one["correct_answer"],
            passed=float(one["score"]) > 0,
        )
        for one in random.Random(0).sample(records, min(200, len(records)))
    ]

    assert profiles_of(rows).common.task == expected


def test_rows_without_prompt_and_reference_do_not_decide() -> None:
    """Some logs have the prompts of wrong answers only."""
    bare = [a_row("", "[area(base=10)]") for _ in range(9)]

    assert kind(a_row(TOOLS, "[]"), *bare) == "tool calls"
    assert kind(*bare) == "free text"
