"""The mock engine: its answers are valid for all schemas."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from error_map.inference.base import Ask, Message
from error_map.inference.mock import CATEGORIES, TITLES, MockEngine

pytestmark = pytest.mark.anyio


class Criterion(BaseModel):
    criterion: str
    present_in_wrong: bool
    quality: Literal["correct", "incorrect"]
    evidence: str


class Final(BaseModel):
    error_title: str
    error_summary: str


class Diagnosis(BaseModel):
    required_criteria: list[Criterion]
    final_answer: Final


class Cluster(BaseModel):
    id: int
    name: str
    description: str


class Proposal(BaseModel):
    clusters: list[Cluster]


class Assignment(BaseModel):
    item_id: int
    category_id: int


class Placement(BaseModel):
    assignments: list[Assignment]


class Odd(BaseModel):
    kind: Literal["only"]
    maybe: Final | None
    number: float = Field(ge=3)
    names: list[str]


def a_request(schema: type[BaseModel], *texts: str) -> Ask:
    messages = tuple(Message("user", text) for text in texts)
    return Ask(stage="t", messages=messages, schema=schema)


async def test_a_diagnosis_has_a_canned_title_and_no_evidence() -> None:
    answers = [
        Diagnosis.model_validate_json((await MockEngine().ask(a_request(Diagnosis, f"{n}"))).text)
        for n in range(40)
    ]

    assert {answer.final_answer.error_title for answer in answers} == set(TITLES)
    assert {one.evidence for answer in answers for one in answer.required_criteria} == {""}


async def test_a_proposal_has_a_few_categories_with_ids_from_one() -> None:
    reply = await MockEngine().ask(a_request(Proposal, "1. a title (x3)"))

    clusters = Proposal.model_validate_json(reply.text).clusters
    assert [cluster.id for cluster in clusters] == [1, 2, 3]
    assert tuple(cluster.name for cluster in clusters) == CATEGORIES


async def test_all_listed_items_are_placed_in_listed_categories() -> None:
    static = "1. Do this. 2: or that"
    prompt = "Categories:\n3: name - words\n7: other - words\n\nErrors:\n12. title\n13. t\n40. u\n"

    reply = await MockEngine().ask(a_request(Placement, static, prompt))

    placed = Placement.model_validate_json(reply.text).assignments
    assert [one.item_id for one in placed] == [12, 13, 40]
    assert {one.category_id for one in placed} <= {3, 7}


@given(st.text(), st.sampled_from([Diagnosis, Proposal, Placement, Odd]))
async def test_all_answers_are_valid(text: str, schema: type[BaseModel]) -> None:
    reply = await MockEngine().ask(a_request(schema, text))

    assert isinstance(schema.model_validate_json(reply.text), schema)
    assert reply == await MockEngine().ask(a_request(schema, text))


async def test_it_is_marked_as_mock_and_costs_nothing() -> None:
    engine = MockEngine()

    reply = await engine.ask(a_request(Diagnosis, "x" * 400))

    assert (engine.model, dict(engine.parameters), reply.cost) == ("mock", {}, 0.0)
    assert reply.tokens_in == 100
