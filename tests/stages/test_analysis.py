"""Stages 2 to 4 together: progress, early ends, and a rehearsal that stores nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from error_map.analysts.base import AnalystDescription, ComparedAnswer, TitleGroup
from error_map.analysts.studied_row import StudiedRow
from error_map.config import RunConfig
from error_map.errors import BudgetExceeded, CallFailed, ErrorMapError, ModelUnusable
from error_map.progress import Event, Noticed, StageEnded, StageMoved, StageStarted, silent
from error_map.readers import Catalog, ReadOptions, data_source
from error_map.records import (
    CategoryId,
    Diagnosed,
    Diagnosis,
    Failure,
    Outcome,
    Undiagnosed,
    Verdict,
)
from error_map.stages.analysis import DIAGNOSIS, TAXONOMY, analyse, rehearse
from error_map.stages.selection import select
from error_map.store import Draft, RunFolder
from error_map.taxonomy import Category
from tests.report_runs import rewrite_manifest
from tests.support import a_row, analysed, write_csv

pytestmark = pytest.mark.anyio


@dataclass
class Titling:
    """Gives each failure its output as title; fails where it is created to."""

    fails_at: str = ""
    error: ErrorMapError | None = None
    proposal: ErrorMapError | None = None
    undiagnosed: Sequence[str] = ()
    fingerprint: str = ""
    workers: int = 1
    batch_size: int = 2
    max_depth: int = 0

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """A diagnosis per failure."""
        return [self._outcome(failure) for failure in batch]

    def _outcome(self, failure: Failure) -> Outcome:
        key, title = failure.record.key, failure.record.output
        if self.error and key.example == self.fails_at:
            raise self.error
        if key.example in self.undiagnosed:
            return Undiagnosed(key, "lost")
        verdict: Verdict = "error" if title else "no error found"
        return Diagnosed(key, Diagnosis(verdict=verdict, title=title, summary=""))

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """A category per title."""
        assert parent is None
        if self.proposal:
            raise self.proposal
        return [Category(CategoryId(group.title), group.title, "") for group in groups]

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """Each title in its own category."""
        numbers = {category.name: number for number, category in categories.items()}
        return {item: numbers[group.title] for item, group in groups.items()}

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """Never called here."""

    async def compare(self, answers: Iterable[Sequence[ComparedAnswer]]) -> None:
        """Never called here."""

    def describe(self) -> AnalystDescription:
        """A name and the fingerprint."""
        return AnalystDescription(name="titling", fingerprint=self.fingerprint)


def a_draft(folder: Path, *titles: str) -> Draft:
    """A draft of failures with these outputs."""
    rows = [a_row(f"e{number}", output=title) for number, title in enumerate(titles)]
    frame = Catalog([data_source(rows, ReadOptions())]).rows("data")
    selection = select(frame, RunConfig.load({"exp_id": "t", "ratio": 1.0}))
    draft = Draft(folder)
    draft.put_datasets(selection.records, selection.failures)
    return draft


async def test_every_title_has_a_category_and_progress_counts_failures_and_losses(
    tmp_path: Path,
) -> None:
    draft = a_draft(tmp_path, "Slip", "Slip", "Gap", "")
    events: list[Event] = []

    analysis = await analyse(
        draft,
        Titling(undiagnosed=["e1"]),
        folder=RunFolder(tmp_path, "t"),
        rebuild=False,
        progress=events.append,
    )

    assert analysis.stopped is None
    assert analysis.analyst.name == "titling"
    assert analysis.induced.places == {("Slip", ""): "Slip", ("Gap", ""): "Gap"}
    assert events == [
        StageStarted(DIAGNOSIS, 4),
        StageMoved(DIAGNOSIS, 2, 1),
        StageMoved(DIAGNOSIS, 4, 1),
        StageEnded(DIAGNOSIS, 4, 1),
        StageStarted(TAXONOMY, 2),
        StageEnded(TAXONOMY, 2),
    ]


@pytest.mark.parametrize("error", [ModelUnusable("gone"), BudgetExceeded("spent")])
async def test_an_early_end_keeps_the_answers_so_far(tmp_path: Path, error: ErrorMapError) -> None:
    draft = a_draft(tmp_path, "Slip", "Slip", "Gap")

    analysis = await analyse(
        draft,
        Titling(fails_at="e2", error=error),
        folder=RunFolder(tmp_path, "t"),
        rebuild=False,
        progress=silent,
    )

    assert analysis.stopped is error
    assert analysis.induced.missing == f"the run was stopped: {error}"
    outcomes = draft.scan("outcomes").collect()
    assert outcomes["error_title"].to_list() == ["Slip", "Slip", ""]
    assert outcomes["reason"].to_list()[2] == f"the run was stopped: {error}"


async def test_an_error_before_the_first_answer_is_raised(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, "Slip", "Gap", "Gap")
    error = ModelUnusable("gone")

    with pytest.raises(ModelUnusable) as raised:
        await analyse(
            draft,
            Titling(fails_at="e0", error=error),
            folder=RunFolder(tmp_path, "t"),
            rebuild=False,
            progress=silent,
        )

    assert raised.value is error


async def test_missing_top_categories_leave_the_diagnoses_unassigned(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, "Slip")

    analysis = await analyse(
        draft,
        Titling(proposal=CallFailed("no reply")),
        folder=RunFolder(tmp_path, "t"),
        rebuild=False,
        progress=silent,
    )

    assert isinstance(analysis.stopped, CallFailed)
    assert analysis.induced.missing == "the run was stopped: there is no taxonomy: no reply"
    assert analysis.induced.places == {}


async def test_without_failures_there_are_only_reserved_categories(tmp_path: Path) -> None:
    events: list[Event] = []

    analysis = await analyse(
        Draft(tmp_path),
        Titling(),
        folder=RunFolder(tmp_path, "t"),
        rebuild=True,
        progress=events.append,
    )

    assert analysis.induced.places == {}
    assert StageStarted(TAXONOMY, 0) in events


@pytest.fixture
def earlier(data: Path, output: Path) -> RunFolder:
    """An earlier run of an analyst with the fingerprint `same`, with reserved categories only."""
    write_csv(data / "d.csv", [a_row("e1", score=1)])
    folder = analysed(data, output).folder
    rewrite_manifest(folder, fingerprint="same")
    return folder


ANOTHER = "an earlier run of this name had another analyst: everything is recomputed"


@pytest.mark.parametrize(
    ("fingerprint", "rebuild", "reused", "notices"),
    [
        ("same", False, True, []),
        ("same", True, False, []),
        ("different", False, False, [ANOTHER]),
        ("different", True, False, []),
        ("", False, False, []),
    ],
)
async def test_an_earlier_taxonomy_is_reused_if_the_analyst_is_the_same(
    *,
    tmp_path: Path,
    earlier: RunFolder,
    fingerprint: str,
    rebuild: bool,
    reused: bool,
    notices: list[str],
) -> None:
    folder = tmp_path / "draft"
    folder.mkdir()
    events: list[Event] = []

    analysis = await analyse(
        a_draft(folder, "Slip"),
        Titling(fingerprint=fingerprint),
        folder=earlier,
        rebuild=rebuild,
        progress=events.append,
    )

    assert (CategoryId("Slip") not in analysis.induced.taxonomy) is reused
    assert [event.text for event in events if isinstance(event, Noticed)] == notices


async def test_a_rehearsal_counts_titles_and_stores_nothing(tmp_path: Path) -> None:
    draft = a_draft(tmp_path, "Slip", "Slip", "Gap", "")
    events: list[Event] = []

    count = await rehearse(draft, Titling(undiagnosed=["e2"]), events.append)

    assert count == 1
    assert draft.diagnosed == 0
    assert events == [
        StageStarted(DIAGNOSIS, 4),
        StageMoved(DIAGNOSIS, 2),
        StageMoved(DIAGNOSIS, 4),
        StageEnded(DIAGNOSIS, 4),
    ]
