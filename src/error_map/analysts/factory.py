"""The analyst that a configuration asks for, with everything that it works with."""

import json
import os
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from ..config import RunConfig, usable_cores
from ..inference.base import Ask, Engine, Reply, engine_key, max_tokens_of
from ..inference.litellm import LiteLLMEngine, address_of, check_installed
from ..inference.mock import MockEngine
from ..inference.model_table import is_provider, is_reasoning, price_per_token
from ..inference.providers import Endpoint, JudgeOptions, resolve_endpoint
from ..inference.wrappers import (
    BudgetedEngine,
    CachedEngine,
    CallLimits,
    Ceiling,
    EngineStack,
    Totals,
    engine_stack,
)
from ..progress import Noticed, Progress, Spent, silent
from ..store import StageCost
from ..store.ledger import FILE_NAME, Ledger
from ..templates import Prompts
from .base import Analyst
from .estimate import Amount, Estimate, Unsent, diagnosis_span, taxonomy_span
from .hints import Hints
from .llm.analyst import LLMAnalyst, Settings
from .llm.prompt_variables import loaded_prompts
from .llm.structured_output import MORE_TOKENS
from .offline.analyst import OfflineAnalyst
from .offline.answers.route_learning import Profile
from .offline.registry import chosen, origins
from .offline.workers.pool import Pool, running

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
    notices: Sequence[str] = ()
    """What was told of the model and its hints; grows while it is asked."""
    stack: EngineStack | None = field(default=None, repr=False)
    unsent: Unsent | None = field(default=None, repr=False)
    """In a dry run, what would have been asked."""
    endpoint: Endpoint | None = field(default=None, repr=False)
    """The judge's; None for the offline analyst and the mock."""

    @property
    def template(self) -> str:
        """Name and fingerprint of the diagnosis prompt; empty where no model is asked."""
        return f"{_DIAGNOSIS}/{self.prompts[_DIAGNOSIS][:16]}" if self.prompts else ""

    @property
    def cut(self) -> str:
        """How many answers were lost to the limit of tokens, and which it is; empty for none."""
        if not isinstance(self.analyst, LLMAnalyst) or not self.analyst.cut:
            return ""
        count, first, last = self.analyst.cut, self.analyst.limit or 0, self.analyst.cut_at
        answers = "1 answer was" if count == 1 else f"{count} answers were"
        used = f" {first:,}" if first else ""
        again = f", then at {last:,} tokens" if last > first else ""
        return f"{answers} cut at --max-tokens{used}{again}: raise it"

    def cost(self) -> dict[str, StageCost]:
        """What was asked in this run, by stage; replies from the ledger cost nothing."""
        if self.stack is None:
            return {}
        return {name: _cost(total) for name, total in self.stack.budget.by_stage.items()}

    @property
    def from_ledger(self) -> int:
        """Questions of this run that the ledger answered."""
        return self.stack.engine.hits if self.stack else 0


@asynccontextmanager
async def analyst_at_work(
    config: RunConfig, profiles: Mapping[str, Profile], progress: Progress = silent
) -> AsyncIterator[AtWork]:
    """The analyst, whose processes and connections end with the block.

    Args:
        config: What is asked for.
        profiles: What was learnt of each dataset, by name.
        progress: Told of every reply of a model, and of what it does not take.

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
        prompts = loaded_prompts(config.templates)
        notices = _Notices(progress)
        # The engine first: a key that is missing leaves no ledger behind.
        endpoint = _endpoint(config)
        async with _engine(config, endpoint, notices.tell_of_model) as engine:
            with Ledger.open(_ledger_file(config)) as ledger:
                notices.begin(engine, ledger)
                unsent = engine if isinstance(engine, Unsent) else None
                stack = _unsent_stack(unsent, ledger) if unsent else _stack(config, engine, ledger)
                settings = _settings(config)
                analyst = LLMAnalyst(
                    _Heard(stack, progress),
                    prompts,
                    workers=config.max_workers,
                    settings=settings,
                    hinter=Hints(pool, notices.tell).find if config.hints else None,
                    retry=config.retry_undiagnosed,
                )
                yield AtWork(
                    analyst=analyst,
                    fingerprint=_fingerprint(engine, prompts, settings, hints=detectors),
                    mock=config.inference_type == MOCK,
                    prompts=prompts.fingerprints,
                    detectors=detectors,
                    notices=notices.told,
                    stack=stack,
                    unsent=unsent,
                    endpoint=endpoint,
                )


class _Notices:
    """What is told while a model is asked, each thing once a run."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._ledger: Ledger | None = None
        self._model = ""
        self.told: list[str] = []

    def begin(self, engine: Engine, ledger: Ledger) -> None:
        """Tells what earlier runs have noted of the model: the ledger may have all replies."""
        self._ledger, self._model = ledger, engine_key(engine)
        for notice in ledger.notes(self._model):
            self.tell(notice)

    def tell_of_model(self, notice: str) -> None:
        """Tells it, and notes it for later runs."""
        if self._ledger:
            self._ledger.note(self._model, notice)
        self.tell(notice)

    def tell(self, notice: str) -> None:
        """Tells it, unless it was."""
        if notice not in self.told:
            self.told.append(notice)
            self._progress(Noticed(notice))


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
    diagnosis = diagnosis_span(
        unsent.calls,
        unsent.size_bytes,
        max_tokens=max_tokens_of(unsent) or config.max_tokens,
        is_reasoning=at_work.endpoint is not None and is_reasoning(at_work.endpoint.sent_model),
    )
    return Estimate(
        analyst=at_work.analyst.name,
        failures=failures,
        answered=failures - unsent.turned_away,
        stages={"diagnosis": diagnosis, "taxonomy": taxonomy},
        price=_price(at_work.endpoint),
    )


@asynccontextmanager
async def _engine(
    config: RunConfig, endpoint: Endpoint | None, tell: Callable[[str], None]
) -> AsyncIterator[Engine]:
    if endpoint is None:
        mock = MockEngine()
        yield Unsent(mock.model, mock.parameters) if config.dry_run else mock
        return
    if config.dry_run:
        check_installed()  # without loading litellm, which takes seconds
        yield Unsent(endpoint.model, endpoint.parameters)
        return
    engine = LiteLLMEngine(endpoint, notify=tell)
    try:
        yield engine
    finally:
        await engine.aclose()


def _endpoint(config: RunConfig) -> Endpoint | None:
    """The judge's endpoint; None for the mock.

    A reasoning model gets a higher token limit if the user sets none.
    """
    if config.inference_type == MOCK:
        return None
    options = JudgeOptions(
        judge=config.judge,
        provider=config.provider,
        litellm_config=config.litellm_config,
        api_base=config.api_base,
        temperature=config.temperature,
        max_tokens=config.max_tokens,
        timeout_s=config.timeout,
    )
    endpoint = resolve_endpoint(options, os.environ, is_provider=is_provider)
    if "max_tokens" in config.model_fields_set or not is_reasoning(endpoint.sent_model):
        return endpoint
    more = replace(options, max_tokens=MORE_TOKENS * config.max_tokens)
    return resolve_endpoint(more, os.environ, is_provider=is_provider)


def judge_address(config: RunConfig) -> str:
    """The host that the judge is asked at, or whose address LiteLLM takes."""
    endpoint = _endpoint(config)
    return address_of(endpoint.arguments) if endpoint else MOCK


def _price(endpoint: Endpoint | None) -> tuple[float, float] | None:
    """US dollars per input and output token; None if unknown; the mock costs nothing."""
    return price_per_token(endpoint.sent_model) if endpoint else (0.0, 0.0)


def _unsent_stack(unsent: Unsent, ledger: Ledger) -> EngineStack:
    """What the ledger has, and nothing else."""
    budgeted = BudgetedEngine(unsent, Ceiling())
    return EngineStack(engine=CachedEngine(budgeted, ledger), budget=budgeted)


def _stack(config: RunConfig, engine: Engine, ledger: Ledger) -> EngineStack:
    return engine_stack(
        engine,
        ledger,
        limits=CallLimits(
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
