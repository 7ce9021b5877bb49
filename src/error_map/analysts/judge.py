"""The LLM analyst of a run: the model's answers with its cache, budget, hints and notices."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from ..inference.base import Ask, Engine, Reply, engine_key
from ..inference.engine_stack import EngineStack, Totals
from ..progress import Noticed, Progress, Spent
from ..records import Failure, Outcome
from ..store import StageCost
from ..store.ledger import Ledger
from ..taxonomy import Category
from ..templates import Prompts
from .base import AnalystDescription, ComparedAnswer, TitleGroup
from .hints import Hints
from .llm.analyst import LLMAnalyst, Settings
from .studied_row import StudiedRow

_DIAGNOSIS: Final = "single_error_analysis"
_TEMPLATE_DIGITS: Final = 16
"""Hex digits of a prompt's fingerprint in the files: 64 bits tell any two prompts apart."""


class ModelNotices:
    """Messages to the user about a model, each once per run.

    Args:
        progress: Receives them.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._ledger: Ledger | None = None
        self._model = ""
        self.texts: list[str] = []

    def open(self, engine: Engine, ledger: Ledger) -> None:
        """Repeats what earlier runs noted of the model: the ledger may answer every request."""
        self._ledger, self._model = ledger, engine_key(engine)
        for notice in ledger.notes(self._model):
            self.add(notice)

    def add_for_model(self, notice: str) -> None:
        """Adds a notice and stores it in the ledger for later runs."""
        if self._ledger:
            self._ledger.note(self._model, notice)
        self.add(notice)

    def add(self, notice: str) -> None:
        """Adds a notice unless it was added before."""
        if notice not in self.texts:
            self.texts.append(notice)
            self._progress(Noticed(notice))


class ObservedEngine:
    """An engine that reports calls, tokens and cost after each reply.

    Args:
        stack: The engine, and the totals to report.
        progress: Receives them.
    """

    def __init__(self, stack: EngineStack, progress: Progress) -> None:
        self._stack = stack
        self._progress = progress
        self.model = stack.engine.model
        self.parameters = stack.engine.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply."""
        reply = await self._stack.engine.ask(ask)
        total = self._stack.budget.total
        cost = _stage_cost(total).cost
        self._progress(Spent(calls=total.calls, tokens=total.tokens, cost=cost))
        return reply


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeParts:
    """What the analyst of a run is made of."""

    llm: LLMAnalyst
    """Asks the model."""
    stack: EngineStack
    """The engine behind it, with its totals."""
    prompts: Prompts
    settings: Settings
    hints: Hints
    notices: ModelNotices
    is_mock: bool


class JudgeAnalyst:
    """Implements Analyst with a model.

    Args:
        parts: What it is made of.
    """

    def __init__(self, parts: JudgeParts) -> None:
        self._parts = parts
        self.workers = parts.llm.workers
        self.batch_size = parts.llm.batch_size
        self.max_depth = parts.llm.max_depth

    def prepare(self, rows: Mapping[str, Sequence[StudiedRow]]) -> None:
        """See Analyst; only the detectors behind the hints learn from the rows."""
        self._parts.hints.prepare(rows)

    async def compare(self, answers: Iterable[Sequence[ComparedAnswer]]) -> None:
        """See Analyst; only the hints depend on it."""
        await self._parts.hints.compare(answers)

    def describe(self) -> AnalystDescription:
        """See Analyst."""
        parts = self._parts
        prompts = parts.prompts.fingerprints
        by_stage = parts.stack.budget.by_stage.items()
        return AnalystDescription(
            name=parts.llm.name,
            fingerprint=self._fingerprint(),
            is_mock=parts.is_mock,
            prompts=prompts,
            template=f"{_DIAGNOSIS}/{prompts[_DIAGNOSIS][:_TEMPLATE_DIGITS]}",
            detectors=parts.hints.detectors,
            routes=parts.hints.routes,
            base_rates=parts.hints.base_rates,
            notices=tuple(parts.notices.texts),
            truncation=_truncation(parts.llm),
            cost={stage: _stage_cost(totals) for stage, totals in by_stage},
            from_ledger=parts.stack.engine.hits,
        )

    async def diagnose(self, batch: Sequence[Failure]) -> Sequence[Outcome]:
        """See Analyst."""
        return await self._parts.llm.diagnose(batch)

    async def propose(
        self, groups: Sequence[TitleGroup], *, parent: Category | None
    ) -> Sequence[Category]:
        """See Analyst."""
        return await self._parts.llm.propose(groups, parent=parent)

    async def place(
        self, groups: Mapping[int, TitleGroup], categories: Mapping[int, Category]
    ) -> Mapping[int, int]:
        """See Analyst."""
        return await self._parts.llm.place(groups, categories)

    def _fingerprint(self) -> str:
        """SHA-256 over everything except the data that decides the analyst's answers."""
        engine = self._parts.stack.engine
        identity = {
            "model": engine.model,
            "parameters": dict(engine.parameters),
            "prompts": self._parts.prompts.fingerprints,
            "settings": asdict(self._parts.settings),
            "hints": self._parts.hints.detectors,
        }
        return sha256(json.dumps(identity, sort_keys=True, default=str).encode()).hexdigest()


def _truncation(llm: LLMAnalyst) -> str:
    """How many answers were lost to the token limit, and that limit; empty if none was."""
    if not llm.cut:
        return ""
    first, last = llm.limit or 0, llm.cut_at
    answers = "1 answer was" if llm.cut == 1 else f"{llm.cut} answers were"
    limit = f" {first:,}" if first else ""
    again = f", then at {last:,} tokens" if last > first else ""
    return f"{answers} cut at --max-tokens{limit}{again}: raise it"


def _stage_cost(totals: Totals) -> StageCost:
    return StageCost(
        calls=totals.calls,
        tokens_in=totals.tokens_in,
        tokens_cacheable=totals.tokens_cacheable,
        tokens_cached=totals.tokens_cached,
        tokens_out=totals.tokens_out,
        cost=None if totals.unknown_price else totals.cost,
    )
