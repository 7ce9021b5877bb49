"""Whole runs of the command line with a real model over real HTTP: transport and form, no quality.

The model has 135 million parameters and understands next to nothing, so the prompts hold the
answer that it is to repeat, and whatever it says is taken. Run by `make small-model-test`.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from pydantic import BaseModel, ValidationError

from error_map.analysts.llm.answer_schemas import DiagnosisAnswer, PlacementAnswer, ProposalAnswer
from error_map.analysts.llm.structured_output import MORE_TOKENS
from error_map.records import STATES
from error_map.store import Manifest, RunFolder, read_manifest
from error_map.store.ledger import FILE_NAME
from tests.cli.test_cli import ENVIRONMENT
from tests.small_model_server import MODEL_PACKAGE, RUNNER, Served, SmallModel, running_model
from tests.support import Row, a_row, read_csv, write_csv

MISSING: Final = [name for name in (RUNNER, MODEL_PACKAGE, "litellm") if find_spec(name) is None]
REQUIRED: Final = bool(os.environ.get("ERROR_MAP_SMALL_MODEL"))
"""As in CI: what is not installed is a failure."""
pytestmark = [
    pytest.mark.small_model,
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING) and not REQUIRED,
        reason=f"not installed: {', '.join(MISSING)}; `make small-model-test` does it",
    ),
]

JUDGE: Final = "openai/smollm2-135m"
SCHEMAS: Final[Mapping[str, type[BaseModel]]] = {
    "diagnosis": DiagnosisAnswer,
    "taxonomy": ProposalAnswer,
    "placement": PlacementAnswer,
}
MAX_TOKENS: Final = 200
"""Twice what the longest answer needs that the prompts hold."""
TOO_FEW_TOKENS: Final = 5
"""The names that the schema requires are longer than four times as many."""
CALL_S: Final = 600
RUN_S: Final = 1800
FAILURES: Final[Sequence[Row]] = (
    a_row("e1", output="Lyon.", input_text="Capital of France?", correct_answer="Paris"),
    a_row("e2", output="A whale.", input_text="Name a fish.", correct_answer="A trout"),
    a_row("e3", output="I do not know.", input_text="What is red?", correct_answer="Blood"),
)
DIAGNOSIS: Final = (
    '{"required_criteria": [{"criterion": "names the right thing", "present_in_wrong": true, '
    '"quality": "incorrect", "evidence": "a thing", "comment": "it is another thing"}], '
    '"final_answer": {"error_title": "wrong thing named", '
    '"error_summary": "The answer names another thing."}}'
)
TEMPLATE: Final = """\
{{% block system %}}
Repeat the JSON object word for word.
{answer}
Repeat the JSON object word for word.
{answer}
{{% endblock %}}
{{% block user %}}
{shown}
Repeat the JSON object word for word.
{answer}
{{% endblock %}}
"""
"""Three times, so that the end of its lists is what the model expects, by far."""
WORDS: Final = "{{ parent or '' }} {{ limit }} {{ name_words }} {{ description_words }}"
CLUSTERS: Final = '{"clusters": [{"id": 1, "name": "Facts", "description": "A wrong fact"}]}'
PLACES: Final = (
    '{"assignments": [{% for number, _ in groups %}{"item_id": {{ number }}, "category_id": 1}'
    "{{ ', ' if not loop.last }}{% endfor %}]}"
)
PROMPTS: Final = {
    "single_error_analysis": (
        "{% for label, text in sections %}{{ label }}: {{ text }}\n{% endfor %}{{ hints | join }}",
        DIAGNOSIS,
    ),
    "taxonomy_generation": (
        WORDS + "{% for one in groups %}\n{{ one.title }}{% endfor %}",
        CLUSTERS,
    ),
    "taxonomy_review": (
        WORDS + "{% for one in categories %}\n{{ one.name }}{% endfor %}",
        CLUSTERS,
    ),
    "classify_errors": (
        "{% for number, one in categories %}{{ number }}: {{ one.name }}\n{% endfor %}",
        PLACES,
    ),
}


@dataclass(frozen=True)
class Answered:
    """One reply in the ledger."""

    stage: str
    finish: str
    mode: str
    text: str
    tokens: Served


@dataclass(frozen=True)
class Ran:
    """A run that has ended."""

    exit_code: int
    folder: RunFolder
    served: Served
    """Meanwhile, by the server's account."""

    @cached_property
    def manifest(self) -> Manifest:
        return read_manifest(self.folder)

    @cached_property
    def states(self) -> dict[str, tuple[str, str]]:
        """Each record's state and reason."""
        columns = ["example_id", "state", "reason"]
        rows = pl.read_parquet(self.folder.records, columns=columns).iter_rows()
        return {example: (state, reason or "") for example, state, reason in rows}

    @cached_property
    def ledger(self) -> list[Answered]:
        columns = "stage, finish, mode, text, tokens_in, tokens_out"
        with closing(sqlite3.connect(self.folder.output_dir / FILE_NAME)) as connection:
            rows = list(connection.execute(f"SELECT {columns} FROM replies"))  # noqa: S608 - constants
        return [
            Answered(stage, finish, mode, text.decode(), Served(tokens_in, tokens_out))
            for stage, finish, mode, text, tokens_in, tokens_out in rows
        ]


def fits(text: str, schema: type[BaseModel]) -> bool:
    """Whether it is JSON with what the schema names and nothing else."""
    try:
        value = schema.model_validate_json(text, strict=True)
    except ValidationError:
        return False
    return bool(value.model_dump() == json.loads(text))


class Place:
    """A folder with data and with prompts that contain the answer, and the model."""

    def __init__(self, model: SmallModel, folder: Path) -> None:
        self.model, self.folder = model, folder
        for name in ("data", "prompts"):
            (folder / name).mkdir()
        write_csv(folder / "data" / "d.csv", FAILURES)
        for name, (shown, answer) in PROMPTS.items():
            text = TEMPLATE.format(shown=shown, answer=answer)
            (folder / "prompts" / f"{name}.j2").write_text(text, encoding="utf-8")

    def repeating(self, output: Path) -> Ran:
        """A run of all failures with these prompts."""
        own = ("--templates", self.folder / "prompts", "--max-tokens", MAX_TOKENS)
        return self.run(output, *own, "--ratio", 1, "--max-lost", 1)

    def run(self, output: Path, *more: object) -> Ran:
        """The command line in a process of its own."""
        flags = ["--exp-id", "t", "--data-path", self.folder / "data", "--output-dir", output]
        judge = ["--judge", JUDGE, "--api-base", self.model.api_base, "--timeout", CALL_S]
        small = ["--no-hints", "--correct-answers-shown", 0, "--max-depth", 0, "--max-workers", 2]
        command = [sys.executable, "-m", "error_map", *flags, *judge, *small, *more]
        before = self.model.served()
        ended = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env={**ENVIRONMENT, "OPENAI_API_KEY": ""},
            timeout=RUN_S,
            check=False,
        )
        return Ran(ended.returncode, RunFolder(output, "t"), self.model.served() - before)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    assert MISSING == []
    with running_model() as served:
        yield Place(served, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def ran(place: Place) -> Ran:
    return place.repeating(place.folder / "output")


def test_every_failure_ends_in_one_state_and_the_sums_agree(ran: Ran) -> None:
    counted = Counter(state for state, _ in ran.states.values())

    assert ran.exit_code == 0
    assert ran.states.keys() == {row["example_id"] for row in FAILURES}
    assert ran.manifest.accounting == {state: counted[state] for state in STATES}
    assert ran.manifest.rows == len(FAILURES)
    assert counted["undiagnosed"] < len(FAILURES)
    assert len(read_csv(ran.folder.final_csv)) == len(FAILURES)


def test_json_is_requested_by_schema_and_an_answer_that_was_not_cut_fits_it(ran: Ran) -> None:
    whole = [reply for reply in ran.ledger if reply.finish == "stop"]

    assert {reply.mode for reply in ran.ledger} == {"json_schema"}
    assert {reply.finish for reply in ran.ledger} <= {"stop", "length"}
    assert {reply.stage for reply in whole} == SCHEMAS.keys()
    assert [reply.text for reply in whole if not fits(reply.text, SCHEMAS[reply.stage])] == []


def test_each_diagnosis_in_the_files_is_the_models_reply(ran: Ran) -> None:
    replies = {reply.text for reply in ran.ledger if reply.stage == "diagnosis"}
    rows = {row["example_id"]: row for row in read_csv(ran.folder.single_error)}

    assert rows.keys() == ran.states.keys()
    for example, (state, reason) in ran.states.items():
        row, diagnosed = rows[example], state != "undiagnosed"
        assert row["inference_success"] == str(diagnosed)
        assert (row["full_response"] in replies) is diagnosed
        assert fits(row["judge_response"] or "{}", DiagnosisAnswer) is diagnosed
        assert reason.startswith(("AnswerInvalid: ", "AnswerCut: ")) is not diagnosed


def test_the_ledger_and_the_manifest_have_the_tokens_that_the_server_counted(ran: Ran) -> None:
    tokens = [reply.tokens for reply in ran.ledger]
    costs = ran.manifest.cost.values()

    assert sum(one.tokens_in for one in tokens) == ran.served.tokens_in > 0
    assert sum(one.tokens_out for one in tokens) == ran.served.tokens_out > 0
    assert sum(one.tokens_in for one in costs) == ran.served.tokens_in
    assert sum(one.tokens_out for one in costs) == ran.served.tokens_out
    assert sum(one.calls for one in costs) == len(ran.ledger)


def test_the_same_command_again_sends_nothing_and_writes_the_same(
    ran: Ran, place: Place, tmp_path: Path
) -> None:
    again = place.repeating(shutil.copytree(ran.folder.output_dir, tmp_path / "again"))

    assert (again.exit_code, again.served) == (0, Served(0, 0))
    assert again.states == ran.states
    assert again.folder.final_csv.read_bytes() == ran.folder.final_csv.read_bytes()
    assert again.folder.single_error.read_bytes() == ran.folder.single_error.read_bytes()


def test_a_cut_answer_to_our_own_prompt_is_requested_twice_more_and_costs_its_failure(
    place: Place, tmp_path: Path
) -> None:
    cut = place.run(tmp_path / "cut", "--ratio", "0.1", "--max-tokens", TOO_FEW_TOKENS)

    lost = [reason for state, reason in cut.states.values() if state == "undiagnosed"]
    assert cut.exit_code == 4
    assert [reason.partition(": ")[0] for reason in lost] == ["AnswerCut"]
    assert [(reply.finish, reply.mode) for reply in cut.ledger] == [("length", "json_schema")] * 3
    assert cut.served.tokens_out == (1 + 2 * MORE_TOKENS) * TOO_FEW_TOKENS
