"""The LLM analyst: its prompts, how it reads answers, and what it never sends."""

import json
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.base import TitleGroup
from error_map.analysts.llm.analyst import LLMAnalyst, Settings, cluster_limit
from error_map.analysts.llm.answer_schemas import DiagnosisAnswer, parsed
from error_map.analysts.llm.quotes import is_quoted
from error_map.analysts.texts import fitted, shortened
from error_map.errors import AnswerInvalid, ModelUnusable
from error_map.records import CategoryId, Diagnosed, Diagnosis, Failure, Finding, Undiagnosed
from error_map.taxonomy import Category
from error_map.templates import Prompts
from tests.scripted import ScriptedEngine, a_reply
from tests.support import a_failure

pytestmark = pytest.mark.anyio


def diagnosis_text(title: str = "Sum is wrong", summary: str = "It adds up wrongly.") -> str:
    criterion = {
        "criterion": "the sum",
        "present_in_wrong": True,
        "quality": "incorrect",
        "evidence": "the answer is  5",
        "comment": "it is 4",
    }
    final = {"error_title": title, "error_summary": summary}
    return json.dumps({"required_criteria": [criterion], "final_answer": final})


DEFAULTS: Final = Settings()


def analyst_saying(*texts: str, settings: Settings = DEFAULTS) -> tuple[LLMAnalyst, ScriptedEngine]:
    """An analyst whose model gives these answers in turn."""
    engine = ScriptedEngine([a_reply(text) for text in texts])
    return LLMAnalyst(engine, Prompts(), workers=2, settings=settings), engine


async def diagnosed(*texts: str) -> Diagnosis:
    analyst, _ = analyst_saying(*texts)
    (outcome,) = await analyst.diagnose([a_failure("So the answer is 5.")])
    assert isinstance(outcome, Diagnosed)
    return outcome.diagnosis


async def test_an_error_has_title_summary_and_verified_evidence() -> None:
    diagnosis = await diagnosed(diagnosis_text())

    assert (diagnosis.verdict, diagnosis.title) == ("error", "Sum is wrong")
    assert diagnosis.criteria[0].verified is True
    assert diagnosis.response == diagnosis_text()


async def test_a_quotation_that_is_not_in_the_output_is_not_verified() -> None:
    text = diagnosis_text().replace("the answer is  5", "the moon is made of cheese")

    assert (await diagnosed(text)).criteria[0].verified is False


@pytest.mark.parametrize(
    ("title", "summary", "verdict"),
    [
        ("", "", "no error found"),
        (" ", "", "no error found"),
        ("Whole solution incorrect.", "whole solution incorrect", "whole solution incorrect"),
    ],
)
async def test_both_special_answers_of_the_contract_are_recognized(
    title: str, summary: str, verdict: str
) -> None:
    diagnosis = await diagnosed(diagnosis_text(title, summary))

    assert (diagnosis.verdict, diagnosis.title) == (verdict, "")


@pytest.mark.parametrize(
    "wrap", ["```json\n{}\n```", "Let me think. {{not json}} Here:\n{}\nI hope this helps!"]
)
async def test_fences_and_prose_around_the_answer_are_skipped(wrap: str) -> None:
    text = wrap.replace("{{not json}}", "{not json}").replace("{}", diagnosis_text())

    assert (await diagnosed(text)).title == "Sum is wrong"


async def test_an_invalid_answer_gets_one_repair_that_quotes_the_fault() -> None:
    analyst, engine = analyst_saying('{"required_criteria": []}', diagnosis_text())

    (outcome,) = await analyst.diagnose([a_failure()])

    assert isinstance(outcome, Diagnosed)
    assert "final_answer: field required" in engine.requests[1].messages[-1].content
    assert engine.requests[1].messages[:2] == engine.requests[0].messages


@pytest.mark.parametrize("bad", ["I cannot.", "", diagnosis_text()[:60], diagnosis_text("", "why")])
async def test_an_answer_that_stays_invalid_is_undiagnosed_with_the_reason(bad: str) -> None:
    analyst, engine = analyst_saying(bad, bad)

    (outcome,) = await analyst.diagnose([a_failure()])

    assert isinstance(outcome, Undiagnosed)
    assert outcome.reason.startswith("AnswerInvalid: ")
    assert len(engine.requests) == 2


async def test_an_unusable_model_ends_the_run() -> None:
    engine = ScriptedEngine([ModelUnusable("wrong key")])
    analyst = LLMAnalyst(engine, Prompts(), workers=1, settings=Settings())

    with pytest.raises(ModelUnusable, match="wrong key"):
        await analyst.diagnose([a_failure()])


def sent(engine: ScriptedEngine) -> str:
    return engine.requests[0].messages[-1].content


@pytest.mark.parametrize(
    ("settings", "present", "missing"),
    [
        (Settings(), ["QUESTION", "OUTPUT", "REFERENCE", "RIGHT-0"], ["RIGHT-1"]),
        (Settings(correct_answers_shown=2), ["RIGHT-0", "RIGHT-1"], []),
        (Settings(correct_answers_shown=0), ["REFERENCE"], ["RIGHT-0"]),
        (Settings(fields=("output",)), ["OUTPUT"], ["QUESTION", "REFERENCE", "RIGHT-0"]),
        (Settings(fields=("input", "correct_answers")), ["QUESTION", "RIGHT-0"], ["OUTPUT"]),
    ],
)
async def test_only_the_chosen_fields_are_sent(
    settings: Settings, present: list[str], missing: list[str]
) -> None:
    analyst, engine = analyst_saying(diagnosis_text(), settings=settings)
    failure = a_failure(
        "OUTPUT", prompt="QUESTION", reference="REFERENCE", correct=["RIGHT-0", "RIGHT-1"]
    )

    await analyst.diagnose([failure])

    assert [word for word in present if word not in sent(engine)] == []
    assert [word for word in missing if word in sent(engine)] == []


async def test_long_texts_are_cut_in_the_middle_with_a_note() -> None:
    analyst, engine = analyst_saying(diagnosis_text(), settings=Settings(max_input_tokens=400))

    await analyst.diagnose([a_failure("BEGIN" + "x" * 50_000 + "END")])

    assert len(sent(engine)) < 3_000
    assert "BEGIN" in sent(engine)
    assert "END" in sent(engine)
    assert "characters left out" in sent(engine)


async def test_findings_of_detectors_are_offered_as_hints() -> None:
    engine = ScriptedEngine([a_reply(diagnosis_text())] * 2)
    finding = Finding(
        detector="d", kind="cause", title="False sum", summary="2 + 2 is 4.", confidence=0.9
    )
    hints: list[Diagnosis | str] = [
        Diagnosis(verdict="error", title="t", summary="s", findings=(finding,))
    ]

    async def hinter(batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        return hints[: len(batch)]

    analyst = LLMAnalyst(engine, Prompts(), workers=1, settings=Settings(), hinter=hinter)
    await analyst.diagnose([a_failure()])

    assert "- False sum: 2 + 2 is 4." in sent(engine)


async def test_hints_come_only_from_fields_that_may_be_sent() -> None:
    seen: list[Failure] = []

    async def hinter(batch: Sequence[Failure]) -> Sequence[Diagnosis | str]:
        seen.extend(batch)
        return ["nothing"]

    engine = ScriptedEngine([a_reply(diagnosis_text())])
    settings = Settings(fields=("output",))
    analyst = LLMAnalyst(engine, Prompts(), workers=1, settings=settings, hinter=hinter)
    await analyst.diagnose([a_failure("OUT", reference="SECRET", correct=["RIGHT"])])

    assert (seen[0].record.output, seen[0].record.prompt) == ("OUT", "")
    assert (seen[0].record.reference, seen[0].correct_outputs) == (None, ())


def proposal(*names: str) -> str:
    clusters = [{"id": n, "name": name, "description": "d"} for n, name in enumerate(names, 1)]
    return json.dumps({"clusters": clusters})


def groups_of(count: int) -> list[TitleGroup]:
    return [TitleGroup(f"Title {n:04}", count=1) for n in range(count)]


async def test_one_batch_is_proposed_and_reviewed_without_a_merge() -> None:
    analyst, engine = analyst_saying(proposal("A", "B"), proposal("A", "C"))

    categories = await analyst.propose(groups_of(20), parent=None)

    assert [category.name for category in categories] == ["A", "C"]
    assert len(engine.requests) == 2


async def test_several_batches_are_merged_before_the_review() -> None:
    analyst, engine = analyst_saying(
        *[proposal("A", "B")] * 5, settings=Settings(proposal_batch=10)
    )

    await analyst.propose(groups_of(25), parent=None)

    assert len(engine.requests) == 5
    assert "Categories of list 3:" in engine.requests[3].messages[-1].content


async def test_thin_categories_are_not_divided() -> None:
    analyst, engine = analyst_saying()
    parent = Category(CategoryId("a"), "A", "d")

    assert await analyst.propose(groups_of(10), parent=parent) == []
    assert engine.requests == []


@pytest.mark.parametrize("names", [("A",), ("Parent",), ("Parent", "A"), ()])
async def test_one_category_or_the_parent_again_ends_the_recursion(names: tuple[str, ...]) -> None:
    analyst, _ = analyst_saying(proposal(*names), proposal(*names))
    parent = Category(CategoryId("parent"), "Parent", "d")

    assert await analyst.propose(groups_of(20), parent=parent) == []


async def test_names_are_unique_among_siblings_and_ids_are_new() -> None:
    analyst, _ = analyst_saying(*[proposal("Sum error", "sum  ERROR", "Summ", "Sum-error")] * 2)

    categories = await analyst.propose(groups_of(60), parent=None)

    assert [category.name for category in categories] == ["Sum error", "Summ", "Sum-error"]
    assert [category.id for category in categories] == ["sum_error", "summ", "sum_error_2"]


async def test_surplus_categories_of_a_node_are_dropped() -> None:
    names = [f"N{n}" for n in range(40)]
    analyst, _ = analyst_saying(*[proposal(*names)] * 2)

    assert len(await analyst.propose(groups_of(20), parent=None)) == 17


async def test_a_sub_category_is_divided_into_fewer() -> None:
    names = [f"N{n}" for n in range(40)]
    analyst, _ = analyst_saying(*[proposal(*names)] * 2)
    parent = Category(CategoryId("a"), "A", "d")

    assert len(await analyst.propose(groups_of(20), parent=parent)) == 5


@given(titles=st.integers(1, 10_000), most=st.integers(2, 60), top=st.booleans())
def test_no_node_exceeds_its_maximum_of_categories(titles: int, most: int, *, top: bool) -> None:
    limit = cluster_limit(titles, most, top=top)

    assert limit <= most
    assert not top or limit <= max(titles, 1)
    assert cluster_limit(titles, most, top=False) <= max(cluster_limit(titles, most, top=True), 5)


def placement(*pairs: tuple[int, int]) -> str:
    rows = [{"item_id": item, "category_id": category} for item, category in pairs]
    return json.dumps({"assignments": rows})


@pytest.mark.parametrize(
    ("answer", "placed"),
    [
        (placement((1, 1), (2, 2)), {0: 7, 1: 8}),
        (placement((1, 1)), {0: 7}),
        (placement((1, 1), (2, 0)), {0: 7}),
        (placement((1, 1), (2, 9)), {0: 7}),
        (placement((1, 1), (2, 1), (2, 2)), {0: 7}),
        (placement((1, 1), (2, 2), (2, 2), (3, 1)), {0: 7, 1: 8}),
        ("no", {}),
    ],
)
async def test_only_valid_assignments_count(answer: str, placed: dict[int, int]) -> None:
    analyst, _ = analyst_saying(answer, answer)
    categories = {
        number: Category(CategoryId(name), name, "d") for number, name in ((7, "A"), (8, "B"))
    }

    assert await analyst.place(dict(enumerate(groups_of(2))), categories) == placed


async def test_items_are_placed_in_batches() -> None:
    analyst, engine = analyst_saying(*[placement()] * 3, settings=Settings(placement_batch=2))
    categories = {0: Category(CategoryId("a"), "A", "d")}

    await analyst.place(dict(enumerate(groups_of(5))), categories)

    assert len(engine.requests) == 3


@given(st.text(max_size=200) | st.text('{}[]",: \\', max_size=80))
def test_all_texts_are_parsed_or_refused(text: str) -> None:
    try:
        answer = parsed(text, DiagnosisAnswer)
    except AnswerInvalid:
        return
    assert isinstance(answer, DiagnosisAnswer)


@pytest.mark.parametrize("text", ["{" * 90_000, '{"a":' * 18_000, "x" * 200_000])
def test_hostile_answers_are_refused_quickly(text: str) -> None:
    with pytest.raises(AnswerInvalid):
        parsed(text, DiagnosisAnswer)


@given(st.lists(st.text(max_size=60), max_size=6), st.integers(1, 100))
def test_texts_that_fit_are_unchanged_and_others_keep_both_ends(
    texts: list[str], limit: int
) -> None:
    made = fitted(texts, limit)

    assert len(made) == len(texts)
    if sum(map(len, texts)) <= limit:
        assert made == texts
    assert all(
        new == old or "characters left out" in new for new, old in zip(made, texts, strict=True)
    )


def test_a_shortened_text_says_how_much_is_missing() -> None:
    assert shortened("abcdef", 3) == "ab\n[… 3 characters left out …]\nf"


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("2 + 2 =  5", True),
        ("2 + 2 = 5 so the anwser is 5", True),
        ("the sky is green today", False),
        ("", False),
    ],
)
def test_whitespace_and_small_differences_of_a_quotation_are_ignored(
    quote: str, *, there: bool
) -> None:
    assert is_quoted(quote, "First\n2 + 2 = 5\nso the answer is 5.") is there
