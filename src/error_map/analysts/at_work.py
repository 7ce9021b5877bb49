"""The analyst that a configuration asks for, with everything that it works with."""

import json
import os
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from ..config import RunConfig, usable_cores
from ..inference.base import Ask, Engine, Reply
from ..inference.mock import MockEngine
from ..inference.providers import Endpoint, Wanted, endpoint
from ..inference.wrappers import (
    Budgeted,
    Ceiling,
    EngineStack,
    Limits,
    Recorded,
    Totals,
    engine_stack,
)
from ..progress import Progress, Spent, silent
from ..store import StageCost
from ..store.ledger import FILE_NAME, Ledger
from ..templates import Prompts
from .base import Analyst
from .estimate import Amount, Estimate, Unsent, diagnosis_span, taxonomy_span
from .hints import Hints
from .llm import LLMAnalyst, Settings
from .offline.analyst import OfflineAnalyst
from .offline.answers import Profile
from .offline.pool import Pool, running
from .offline.registry import chosen, origins

MOCK: Final = "litellm-mock"
_IN_MEMORY: Final = Path(":memory:")
_DIAGNOSIS: Final = "single_error_analysis"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """An analyst and what is to be written down of it."""

    analyst: Analyst
    fingerprint: str = ""
    """Of model, parameters, prompts and settings; empty for the offline analyst."""
    mock: bool = False
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Fingerprints of the prompts, by name."""
    detectors: Mapping[str, str] = field(default_factory=dict)
    """Those that run, by name, each with the distribution that brings it."""
    stack: EngineStack | None = field(default=None, repr=False)
    unsent: Unsent | None = field(default=None, repr=False)
    """In a dry run, what would have been asked."""

    hints: Hints | None = field(default=None, repr=False)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the analyst had to tell, and has told."""
        return self.hints.notices if self.hints else ()

    @property
    def template(self) -> str:
        """Name and fingerprint of the diagnosis prompt; empty where no model is asked."""
        return f"{_DIAGNOSIS}/{self.prompts[_DIAGNOSIS][:16]}" if self.prompts else ""

    def cost(self) -> dict[str, StageCost]:
        """What was asked in this run, by stage; replies from the ledger cost nothing."""
        if self.stack is None:
            return {}
        return {name: _cost(total) for name, total in self.stack.budget.by_stage.items()}


@asynccontextmanager
async def analyst_at_work(
    config: RunConfig, profiles: Mapping[str, Profile], progress: Progress = silent
) -> AsyncIterator[AtWork]:
    """The analyst, whose processes and connections end with the block.

    Args:
        config: What is asked for.
        profiles: What was learnt of each dataset, by name.
        progress: Told of every reply of a model.

    Raises:
        InputError: The model, its key, an extra or a detector is missing.
    """
    cores = config.processes or usable_cores()
    used = chosen(config.detectors, config.no_detector) if config.examines else ()
    detectors = origins(used)
    async with running(Pool(cores, profiles, detectors=used)) as pool:
        if not config.wants_llm:
            yield AtWork(analyst=OfflineAnalyst(pool), detectors=detectors)
            return
        with Ledger.open(_ledger_file(config)) as ledger:
            async with _engine(config) as engine:
                unsent = Unsent(engine) if config.dry_run else None
                stack = _unsent_stack(unsent, ledger) if unsent else _stack(config, engine, ledger)
                prompts = Prompts(config.templates)
                settings = _settings(config)
                hints = Hints(pool, progress)
                analyst = LLMAnalyst(
                    _Heard(stack, progress),
                    prompts,
                    workers=config.max_workers,
                    settings=settings,
                    hinter=hints.find if config.hints else None,
                    retry=config.retry_undiagnosed,
                )
                yield AtWork(
                    analyst=analyst,
                    fingerprint=_fingerprint(engine, prompts, settings, hints=detectors),
                    mock=config.inference_type == MOCK,
                    prompts=prompts.fingerprints,
                    detectors=detectors,
                    stack=stack,
                    unsent=unsent,
                    hints=hints,
                )


class _Heard:
    """An engine that tells after each reply what was spent so far."""

    def __init__(self, stack: EngineStack, progress: Progress) -> None:
        self._stack = stack
        self._progress = progress
        self.model = stack.engine.model
        self.parameters = stack.engine.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply."""
        reply = await self._stack.engine.ask(ask)
        total = self._stack.budget.total
        cost = _cost(total).cost
        self._progress(Spent(calls=total.calls, tokens=total.tokens, cost=cost))
        return reply


def _ledger_file(config: RunConfig) -> Path:
    """Where the ledger is; a dry run makes none."""
    path = config.output_dir / FILE_NAME
    return _IN_MEMORY if config.dry_run and not path.exists() else path


def estimate_of(config: RunConfig, at_work: AtWork, *, failures: int, titles: int) -> Estimate:
    """What a run will ask, after its diagnosis was rehearsed with an analyst that asks nobody.

    Args:
        config: What is asked for.
        at_work: Of a dry run.
        failures: Under study.
        titles: Different ones that the recorded answers have.
    """
    unsent = at_work.unsent
    if unsent is None:
        return Estimate(
            analyst=at_work.analyst.name,
            failures=failures,
            answered=failures,
            stages={},
            price=(0.0, 0.0),
        )
    taxonomy = taxonomy_span(titles + unsent.calls, _settings(config))
    if titles:  # an earlier run may have left everything that is still needed
        taxonomy = replace(taxonomy, low=Amount())
    diagnosis = diagnosis_span(unsent.calls, unsent.size_bytes, max_tokens=config.max_tokens)
    return Estimate(
        analyst=at_work.analyst.name,
        failures=failures,
        answered=failures - unsent.turned_away,
        stages={"diagnosis": diagnosis, "taxonomy": taxonomy},
        price=_price(config),
    )


@asynccontextmanager
async def _engine(config: RunConfig) -> AsyncIterator[Engine]:
    if config.inference_type == MOCK:
        yield MockEngine()
        return
    from ..inference.litellm import LiteLLMEngine  # noqa: PLC0415 - takes seconds

    engine = LiteLLMEngine(_endpoint(config))
    try:
        yield engine
    finally:
        await engine.aclose()


def _endpoint(config: RunConfig) -> Endpoint:
    from ..inference.litellm import is_provider  # noqa: PLC0415 - takes seconds

    wanted = Wanted(
        judge=config.judge,
        provider=config.provider,
        litellm_config=config.litellm_config,
        api_base=config.api_base,
        temperature=config.temperature,
        max_tokens=config.max_tokens,
        timeout_s=config.timeout,
    )
    return endpoint(wanted, os.environ, is_provider=is_provider)


def _price(config: RunConfig) -> tuple[float, float] | None:
    """US dollars for a token in and a token out; None where unknown."""
    if config.inference_type == MOCK:
        return 0.0, 0.0
    from ..inference.litellm import price_per_token  # noqa: PLC0415 - takes seconds

    return price_per_token(str(_endpoint(config).arguments["model"]))


def _unsent_stack(unsent: Unsent, ledger: Ledger) -> EngineStack:
    """What the ledger has, and nothing else."""
    budgeted = Budgeted(unsent, Ceiling())
    return EngineStack(engine=Recorded(budgeted, ledger), budget=budgeted)


def _stack(config: RunConfig, engine: Engine, ledger: Ledger) -> EngineStack:
    return engine_stack(
        engine,
        ledger,
        limits=Limits(
            workers=config.max_workers,
            rpm=config.rpm,
            tpm=config.tpm,
            timeout_s=config.timeout,
        ),
        ceiling=Ceiling(
            calls=config.max_calls, tokens=config.max_tokens_total, cost=config.max_cost
        ),
        rng=random.Random(config.seed),  # noqa: S311 - waits, not secrets
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


def _fingerprint(
    engine: Engine, prompts: Prompts, settings: Settings, *, hints: Mapping[str, str]
) -> str:
    """Of everything but the data that decides what the analyst says."""
    make = {
        "model": engine.model,
        "parameters": dict(engine.parameters),
        "prompts": prompts.fingerprints,
        "settings": asdict(settings),
        "hints": hints,
    }
    return sha256(json.dumps(make, sort_keys=True, default=str).encode()).hexdigest()


def _cost(total: Totals) -> StageCost:
    return StageCost(
        calls=total.calls,
        tokens_in=total.tokens_in,
        tokens_cacheable=total.tokens_cacheable,
        tokens_cached=total.tokens_cached,
        tokens_out=total.tokens_out,
        cost=None if total.unknown_price else total.cost,
    )
