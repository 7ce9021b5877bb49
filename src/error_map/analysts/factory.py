"""Opens the analyst that a configuration names; the only module that knows which there are."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from ..clock import usable_cores
from ..config import RunConfig
from ..inference.base import max_tokens_of
from ..inference.engine_stack import (
    BudgetedEngine,
    CachedEngine,
    CallLimits,
    Ceiling,
    EngineStack,
    engine_stack,
)
from ..inference.providers import Endpoint
from ..progress import Progress, silent
from ..store.ledger import FILE_NAME, Ledger
from .base import Analyst
from .endpoint import (
    MOCK,
    dry_run_endpoint,
    is_reasoning_model,
    open_engine,
    token_prices,
    unsent_engine,
)
from .estimate import Amount, Estimate, Unsent, diagnosis_span, taxonomy_span
from .hints import Hints
from .judge import JudgeAnalyst, JudgeParts, ModelNotices, ObservedEngine
from .llm.analyst import LLMAnalyst, Settings
from .llm.prompt_variables import loaded_prompts
from .offline.analyst import OfflineAnalyst
from .offline.detector import Detector
from .offline.registry import chosen
from .offline.workers.pool import Pool, running

_IN_MEMORY: Final = Path(":memory:")
_FAILURES_PER_PROCESS: Final = 500
"""Starting a worker process takes 0.5 CPU s: as long as examining this many failures."""


@asynccontextmanager
async def open_analyst(config: RunConfig, progress: Progress = silent) -> AsyncIterator[Analyst]:
    """The analyst of a run, whose processes and connections end with the block.

    Args:
        config: Names the analyst.
        progress: Receives what every reply cost, and what the model does not support.

    Raises:
        InputError: The model, its key, an extra or a detector is missing.
    """
    async with running(_pool(config)) as pool:
        if not config.wants_llm:
            yield OfflineAnalyst(pool)
            return
        judge = _Judge(config, pool, ModelNotices(progress))
        # The engine first, so that a missing key leaves no ledger behind.
        async with open_engine(config, judge.notices.add_for_model) as engine:
            with Ledger.open(config.output_dir / FILE_NAME) as ledger:
                judge.notices.open(engine, ledger)
                limits = CallLimits(
                    workers=config.max_workers,
                    rpm=config.rpm,
                    tpm=config.tpm,
                    timeout_s=config.timeout,
                )
                ceiling = Ceiling(
                    calls=config.max_calls, tokens=config.max_tokens_total, cost=config.max_cost
                )
                rng = random.Random(config.seed)  # noqa: S311 - back-off times, not secrets
                stack = engine_stack(engine, ledger, limits=limits, ceiling=ceiling, rng=rng)
                yield judge.analyst(stack, progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """An analyst that sends nothing, and the estimate of what a run with it would send."""

    config: RunConfig
    analyst: Analyst
    unsent: Unsent | None = None
    """Counts the requests; None if the analyst calls no model."""
    endpoint: Endpoint | None = None
    """The endpoint that the requests would go to; None without one, as for the mock."""

    def estimate(self, *, failures: int, titles: int) -> Estimate:
        """The calls, tokens and cost of a run.

        Args:
            failures: Failures to be studied; the analyst has been given each of them.
            titles: Unique titles among the cached replies.
        """
        name = self.analyst.describe().name
        unsent = self.unsent
        if unsent is None:
            return Estimate(
                analyst=name, failures=failures, answered=failures, stages={}, price=(0.0, 0.0)
            )
        taxonomy = taxonomy_span(titles + unsent.calls, _settings(self.config))
        if titles:  # the ledger of an earlier run may hold every reply that is still missing
            taxonomy = replace(taxonomy, low=Amount())
        diagnosis = diagnosis_span(
            unsent.calls,
            unsent.size_bytes,
            max_tokens=max_tokens_of(unsent) or self.config.max_tokens,
            is_reasoning=is_reasoning_model(self.endpoint),
        )
        return Estimate(
            analyst=name,
            failures=failures,
            answered=failures - unsent.turned_away,
            stages={"diagnosis": diagnosis, "taxonomy": taxonomy},
            price=token_prices(self.endpoint),
        )


@asynccontextmanager
async def open_dry_run(config: RunConfig, *, failures: int) -> AsyncIterator[DryRun]:
    """A dry run of the analyst.

    Args:
        config: Names the analyst.
        failures: Failures to be studied; no more processes start than pay off for them.

    Raises:
        InputError: As `open_analyst`.
    """
    processes = min(_processes(config), 1 + failures // _FAILURES_PER_PROCESS)
    config = config.model_copy(update={"processes": processes})
    async with running(_pool(config)) as pool:
        if not config.wants_llm:
            yield DryRun(config=config, analyst=OfflineAnalyst(pool))
            return
        judge = _Judge(config, pool, ModelNotices(silent))
        endpoint = dry_run_endpoint(config)
        unsent = unsent_engine(endpoint)
        ledger_file = config.output_dir / FILE_NAME
        with Ledger.open(ledger_file if ledger_file.exists() else _IN_MEMORY) as ledger:
            budgeted = BudgetedEngine(unsent, Ceiling())
            stack = EngineStack(engine=CachedEngine(budgeted, ledger), budget=budgeted)
            analyst = judge.analyst(stack, silent)
            yield DryRun(config=config, analyst=analyst, unsent=unsent, endpoint=endpoint)


def refuse_unknown_detectors(config: RunConfig) -> None:
    """Refuses detectors that do not exist or do not load, before any data is read.

    Raises:
        InputError: Names the detector, and what exists.
    """
    _detectors(config)


def _detectors(config: RunConfig) -> tuple[Detector, ...]:
    return chosen(config.detectors, config.no_detector) if config.examines else ()


def _processes(config: RunConfig) -> int:
    return config.processes or usable_cores()


def _pool(config: RunConfig) -> Pool:
    return Pool(_processes(config), {}, detectors=_detectors(config))


class _Judge:
    """The parts of an LLM analyst that need no engine; broken templates are refused first.

    Args:
        config: Names the templates and the settings.
        pool: Worker processes that find hints.
        notices: Receives messages about the model and the hints.

    Raises:
        InputError: A template is broken.
    """

    def __init__(self, config: RunConfig, pool: Pool, notices: ModelNotices) -> None:
        self._config = config
        self._prompts = loaded_prompts(config.templates)
        self._hints = Hints(pool, notices.add)
        self.notices = notices

    def analyst(self, stack: EngineStack, progress: Progress) -> JudgeAnalyst:
        """The analyst over an engine."""
        config, settings = self._config, _settings(self._config)
        llm = LLMAnalyst(
            ObservedEngine(stack, progress),
            self._prompts,
            workers=config.max_workers,
            settings=settings,
            hinter=self._hints.find if config.hints else None,
            retry=config.retry_undiagnosed,
        )
        return JudgeAnalyst(
            JudgeParts(
                llm=llm,
                stack=stack,
                prompts=self._prompts,
                settings=settings,
                hints=self._hints,
                notices=self.notices,
                is_mock=config.inference_type == MOCK,
            )
        )


def _settings(config: RunConfig) -> Settings:
    return Settings(
        fields=config.send,
        correct_answers_shown=config.correct_answers_shown,
        max_input_tokens=config.max_input_tokens,
        proposal_batch=config.proposal_batch,
        placement_batch=config.placement_batch,
        max_num_clusters=config.max_num_clusters,
        max_depth=config.max_depth,
    )
