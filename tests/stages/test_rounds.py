"""Number of sequential rounds of calls that a taxonomy needs."""

import json
import re
from collections.abc import Mapping
from typing import Final

import anyio
import pytest

from error_map.analysts.base import TitleGroup
from error_map.analysts.llm.analyst import LLMAnalyst, Settings
from error_map.analysts.llm.answer_schemas import PlacementAnswer
from error_map.inference.base import Ask, Reply
from error_map.stages.induction import induce
from error_map.templates import Prompts
from tests.scripted import HurriedLoop, ScriptedEngine, a_reply

pytestmark = pytest.mark.anyio
ROUNDS_A_LEVEL: Final = 4
LEVELS: Final = 3
TITLE: Final = re.compile(r"^(\d+)\. (\w+)", re.MULTILINE)
CATEGORY: Final = re.compile(r"^(\d+): (\w+)", re.MULTILINE)
LISTED: Final = re.compile(r"^- (\w+):", re.MULTILINE)
PARENT: Final = re.compile(r"under the category: (\w+)")


@pytest.fixture
def anyio_backend() -> tuple[str, Mapping[str, object]]:
    """Waiting costs no time."""
    return "asyncio", {"loop_factory": HurriedLoop}


async def sorting(ask: Ask) -> Reply:
    """Sorts titles such as `abc7` by one letter more at each level."""
    text = ask.messages[-1].content
    if ask.schema is PlacementAnswer:
        places = [
            {"item_id": int(item), "category_id": int(number)}
            for item, title in TITLE.findall(text)
            for number, name in CATEGORY.findall(text)
            if title.startswith(name)
        ]
        return a_reply(json.dumps({"assignments": places}))
    parent = PARENT.search(text)
    letters = len(parent[1]) + 1 if parent else 1
    names = sorted({title[:letters] for _, title in TITLE.findall(text)} | {*LISTED.findall(text)})
    clusters = [{"id": n, "name": name, "description": "-"} for n, name in enumerate(names, 1)]
    return a_reply(json.dumps({"clusters": clusters}))


async def test_a_level_takes_four_rounds_at_most_however_many_titles_there_are() -> None:
    engine = ScriptedEngine(sorting, latency_s=1)
    analyst = LLMAnalyst(engine, Prompts(), workers=10_000, settings=Settings())
    groups = [
        TitleGroup(f"{one}{two}{three}{number}")
        for one in "abcd"
        for two in "klmn"
        for three in "xyz"
        for number in range(12)
    ]

    induced = await induce(groups, analyst)

    assert len(induced.places) == len(groups)
    assert {str(place).count(".") for place in induced.places.values()} == {LEVELS - 1}
    assert anyio.current_time() <= ROUNDS_A_LEVEL * LEVELS
