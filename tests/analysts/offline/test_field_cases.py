"""Small inputs from the field on which version 0.1.0 was wrong: each now gets what is right."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import pytest

from error_map.analysts.offline.analyst import profiles_of
from error_map.analysts.offline.examine import examine
from error_map.analysts.studied_row import StudiedRow
from error_map.records import Diagnosis
from tests.support import a_failure, shared_path

Rows = Sequence[StudiedRow]


def marked(form: str, *, rows: int = 60) -> Rows:
    """Answers in one form, a sixth of them wrong."""
    return [
        StudiedRow(
            f"How many pens are {n} and 1?",
            form.format(n + 1 + wrong, n=n),
            str(n + 1),
            passed=not wrong,
            model="abc"[n % 3],
        )
        for n in range(10, 10 + rows)
        for wrong in (n % 6 == 0,)
    ]


def marker() -> Rows:
    return marked("We add {n} and 1, which is {0}.\n#### {0}")


def stated() -> Rows:
    return marked("We add {n} and 1. So the answer is {0}.")


def last_number() -> Rows:
    return marked("We add {n} and 1 and get {0}.")


def boxed() -> Rows:
    return marked("We add {n} and 1 and get \\boxed{{{0}}}.")


def queries() -> Rows:
    return [
        StudiedRow("Which accounts?", text.format(n), right.format(n), passed=text is right)
        for right, wrong in (("SELECT a FROM t{}", "SELECT b FROM t{}"),)
        for n in range(30)
        for text in (right, wrong)
    ]


EXAMPLES: Final = "Q: Sum? Options: (A) 1 (B) 2 A: (B)\nQ: What is {}? Options: (A) 1 (C) 3 A:"


def letters() -> Rows:
    return [
        StudiedRow(EXAMPLES.format(n), letter, "(A)", passed=letter == "(A)", model="ab"[n % 2])
        for n in range(30)
        for letter in ("(A)", "(C)")
    ]


def options() -> Rows:
    listed = "Which gas? A) oxygen B) carbon dioxide C) neon"
    return [
        StudiedRow(listed, f"The answer is {letter}.", "B", passed=letter == "B")
        for _ in range(20)
        for letter in "BC"
    ]


CALLS: Final = (
    'Available functions (JSON):\n[{"name": "weigh", "description": "Weighs", "parameters":'
    ' {"type": "dict", "properties": {"kilos": {"type": "integer"}}, "required": ["kilos"]}}]'
)


def calls() -> Rows:
    return [
        StudiedRow(CALLS, f"[weigh(kilos={n})]", '{"weigh": {"kilos": [3]}}', passed=n == 3)
        for n in (3, 4) * 20
    ]


def lists() -> Rows:
    return [
        StudiedRow(f"What does f({n}) return?", out, "[2, 2]", passed=out == "[2, 2]")
        for n in range(20)
        for out in ("[2, 2]", "[1]")
    ]


def aliases() -> Rows:
    return [
        StudiedRow(
            f"Which country is number {n}?",
            f"The answer is {name}.",
            json.dumps([f"Land{n}", f"Republic of Land{n}"]),
            passed=right,
        )
        for n in range(20)
        for name, right in ((f"Land{n}", True), (f"Republic of Land{n}", True), ("Chad", False))
    ]


@dataclass(frozen=True, kw_only=True)
class Right:
    """What is right for a case."""

    found: tuple[str, ...] = ()
    """Detectors of which one must report something; with none, none may report a cause or fault."""
    silent: tuple[str, ...] = ()
    """Beginnings of names of detectors that must report nothing."""
    says: str = ""
    """A part of the sentence of the finding."""
    style: Callable[[], Rows] = tuple
    """Builds the rows of the set, from which its answer routes are learned."""
    prompt: str = ""
    """Where the case has none."""
    reference: str | None = field(default=None)


def nothing(*silent: str, style: Callable[[], Rows] = tuple, prompt: str = "") -> Right:
    return Right(silent=silent, style=style, prompt=prompt)


RIGHT: Final = {
    "trunc-conditional": nothing("truncated"),
    "trunc-hashtags": nothing("truncated"),
    "trunc-no-stop-cyrillic": nothing("truncated"),
    "trunc-equals-number": nothing("truncated"),
    "trunc-quote-end": Right(found=("truncated", "no_answer"), style=stated, reference="72"),
    "trunc-marker-behind": Right(found=("truncated",), style=marker),
    "refuse-idiom": nothing("refusal"),
    "refuse-limits-then-answers": nothing("refusal"),
    "refuse-unanswerable-right": nothing(
        "refusal",
        prompt="Who paid? If the passage does not say it, answer that it is unanswerable.",
    ),
    "refuse-czech": Right(found=("refusal",)),
    "instr-letter-count": nothing("format_"),
    "instr-capitals": nothing("format_"),
    "instr-dont-forget": nothing("format_"),
    "instr-avoid": nothing("format_"),
    "instr-range": nothing("format_"),
    "instr-keyword-more": nothing("format_"),
    "instr-less-than": nothing("format_"),
    "instr-some-capitals": nothing("format_"),
    "mixed-number": nothing("false_", "late_false_equation", style=boxed),
    "went-on-units": Right(found=("unit_factor",), silent=("overran_result",), style=marker),
    "part-answered-chance": Right(
        found=("wrong_operand", "wrong_operation", "first_departure", "missing_step"),
        silent=("partial_answer",),
        style=marker,
    ),
    "cents-for-dollars": Right(found=("unit_factor",), says="cents", style=marker),
    "program-output": Right(found=("shown_output",), says="1170", style=stated),
    "answer-comma-behind": Right(found=("scorer_missed",), style=stated),
    "answer-chinese": Right(found=("scorer_missed",), style=stated),
    "answer-spanish": Right(found=("scorer_missed",), style=stated),
    "answer-program": nothing("no_answer", style=stated),
    "answer-money": Right(found=("scorer_missed",), style=last_number),
    "answer-option-text": Right(found=("scorer_missed",), style=options),
    "answer-none-of-above": Right(found=("no_option_chosen",), style=options),
    "answer-alias": Right(found=("scorer_missed",), style=aliases),
    "sql-case": nothing("scorer_missed", style=queries),
    "bare-letter-asked": nothing("bare_letter", style=letters),
    "thinking-only": Right(found=("empty_output",)),
    "harness-error": Right(found=("errored",)),
    "call-openai-repr": Right(found=("tool_call_argument_value",), says="7"),
    "call-empty-list": Right(
        found=("tool_call_none",), style=calls, prompt=CALLS, reference='{"weigh": {"kilos": [3]}}'
    ),
    "call-alternatives": nothing("tool_call"),
    "call-numbered": Right(found=("tool_call_count",), says="missing"),
    "call-quotes-refusal": nothing("refusal"),
    "call-none-fits-list": nothing("tool_call", style=lists),
}


def cases() -> Iterator[dict[str, object]]:
    path = shared_path("cases/offline.jsonl")
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def test_every_case_has_its_right_answer_here() -> None:
    assert {str(case["id"]) for case in cases()} == RIGHT.keys()


@pytest.mark.parametrize("name", RIGHT)
def test_a_case_from_the_field_gets_what_is_right(name: str) -> None:
    (case,) = (one for one in cases() if one["id"] == name)
    right = RIGHT[name]

    diagnosis = diagnosed(case, right)

    reported = {one.detector: one.summary for one in diagnosis.findings}
    assert [one for one in reported if one.startswith(right.silent)] == [] or not right.silent
    if right.found:
        hits = [reported[one] for one in right.found if one in reported]
        assert hits, reported
        assert right.says in hits[0]
    else:
        blamed = [one for one in diagnosis.findings if one.kind in {"cause", "fault"}]
        assert blamed == []


def diagnosed(case: dict[str, object], right: Right) -> Diagnosis:
    output, passes = str(case["output"]), case.get("passes")
    profile = profiles_of(right.style()).of("a", output)
    reference = case.get("reference") or right.reference
    failure = a_failure(
        output,
        prompt=str(case.get("prompt") or right.prompt),
        reference=None if reference is None else str(reference),
        correct=list(passes) if isinstance(passes, list) else [],
    )
    return examine(failure, profile)
