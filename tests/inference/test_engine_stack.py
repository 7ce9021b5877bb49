"""Engine wrappers: no repeated calls, no lost replies, all limits kept."""

import random
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from math import inf, nan
from pathlib import Path
from random import Random
from typing import TypeVar

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from error_map.bounded import bounded_each
from error_map.errors import (
    AnswerInvalid,
    BudgetExceeded,
    CallFailed,
    ErrorMapError,
    ModelBusy,
    ModelDown,
    ModelUnusable,
    SchemaRefused,
    StoreError,
)
from error_map.inference.base import Ask, Engine, Reply
from error_map.inference.engine_stack import (
    BudgetedEngine,
    CachedEngine,
    CallLimits,
    Ceiling,
    LimitedEngine,
    RetryingEngine,
    TimeoutEngine,
    Totals,
    engine_stack,
)
from error_map.store.ledger import Ledger
from tests.scripted import HurriedLoop, ScriptedEngine, TokenBucket, a_reply, an_ask

Result = TypeVar("Result")
pytestmark = [pytest.mark.anyio, pytest.mark.slow]
NOT_RETRIED = (SchemaRefused("no"), AnswerInvalid("no"), ModelUnusable("no"), BudgetExceeded("no"))


@pytest.fixture
def anyio_backend() -> tuple[str, Mapping[str, object]]:
    """Waiting costs no time."""
    return "asyncio", {"loop_factory": HurriedLoop}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


def hurried(fn: Callable[[], Awaitable[Result]]) -> Result:
    """Runs a function on a loop of its own, as hypothesis needs one an example."""
    return anyio.run(fn, backend_options={"loop_factory": HurriedLoop})


async def answers(engine: Engine, count: int, *, workers: int = 100) -> list[Reply | CallFailed]:
    """What `count` different questions come to, in order of completion."""
    ended: list[Reply | CallFailed] = []

    async def one(number: int) -> Reply | CallFailed:
        try:
            return await engine.ask(an_ask(f"question {number}"))
        except CallFailed as error:
            return error

    await bounded_each(
        one, range(count), limit=workers, on_done=lambda _, result: ended.append(result)
    )
    return ended


async def stop_of(engine: Engine, count: int) -> ErrorMapError:
    """The error that ends a run of `count` questions."""
    with pytest.raises(ErrorMapError) as caught:
        await answers(engine, count)
    return caught.value


def retrying(
    engine: Engine, *, attempts: int = 6, deadline_s: float = 600.0, seed: int = 0
) -> RetryingEngine:
    return RetryingEngine(engine, attempts=attempts, deadline_s=deadline_s, rng=Random(seed))


def waits_of(engine: ScriptedEngine) -> list[float]:
    """Seconds between one attempt's start and the next one's."""
    return [
        later - earlier
        for earlier, later in zip(engine.started_at, engine.started_at[1:], strict=False)
    ]


# CachedEngine


async def test_a_cached_reply_is_served_without_a_call(ledger: Ledger) -> None:
    first = CachedEngine(ScriptedEngine([a_reply("first")]), ledger)
    await first.ask(an_ask())
    silent = ScriptedEngine([])
    second = CachedEngine(silent, ledger)

    assert await second.ask(an_ask()) == a_reply("first")
    assert silent.requests == []
    assert (first.misses, first.hits, second.misses, second.hits) == (1, 0, 0, 1)


async def test_a_useless_reply_is_cached_too(ledger: Ledger) -> None:
    await CachedEngine(ScriptedEngine([a_reply("")]), ledger).ask(an_ask())

    assert await CachedEngine(ScriptedEngine([]), ledger).ask(an_ask()) == a_reply("")


async def test_a_reply_in_an_unknown_mode_is_an_error_with_a_hint(
    ledger: Ledger, tmp_path: Path
) -> None:
    await CachedEngine(ScriptedEngine([a_reply("first")]), ledger).ask(an_ask())
    with sqlite3.connect(tmp_path / "ledger.sqlite") as connection:
        connection.execute("UPDATE replies SET mode = 'telepathy'")
    connection.close()

    with pytest.raises(StoreError, match=r"has mode 'telepathy', not one of .*move it away"):
        await CachedEngine(ScriptedEngine([]), ledger).ask(an_ask())


@pytest.mark.parametrize("fault", [ModelDown("no"), ModelBusy("no"), *NOT_RETRIED], ids=repr)
async def test_failures_are_not_cached(ledger: Ledger, fault: ErrorMapError) -> None:
    with pytest.raises(type(fault)):
        await CachedEngine(ScriptedEngine([fault]), ledger).ask(an_ask())

    assert len(ledger) == 0


async def test_stages_share_replies_and_requests_do_not(
    ledger: Ledger,
) -> None:
    engine = ScriptedEngine([a_reply("one"), a_reply("two")])
    recorded = CachedEngine(engine, ledger)

    texts = [
        (await recorded.ask(ask)).text
        for ask in (an_ask(), an_ask(stage="induction"), an_ask("Why not?"))
    ]

    assert texts == ["one", "one", "two"]


@pytest.mark.parametrize(
    "other",
    [
        ScriptedEngine([a_reply("two")], model="other"),
        ScriptedEngine([a_reply("two")], parameters={"temperature": 1}),
    ],
    ids=["model", "parameters"],
)
async def test_another_model_or_parameter_needs_another_call(
    ledger: Ledger, other: ScriptedEngine
) -> None:
    await CachedEngine(ScriptedEngine([a_reply("one")]), ledger).ask(an_ask())

    assert (await CachedEngine(other, ledger).ask(an_ask())).text == "two"


async def test_a_request_in_flight_is_not_sent_again(ledger: Ledger) -> None:
    engine = ScriptedEngine([a_reply("one")], latency_s=1)
    recorded = CachedEngine(engine, ledger)
    replies: list[Reply] = []
    await bounded_each(
        recorded.ask, [an_ask()] * 10, limit=5, on_done=lambda _, reply: replies.append(reply)
    )

    assert replies == [a_reply("one")] * 10
    assert (recorded.misses, recorded.hits) == (1, 9)


async def test_a_request_that_waited_for_a_failed_call_is_sent(ledger: Ledger) -> None:
    engine = ScriptedEngine([ModelDown("gone"), a_reply("one")], latency_s=1)
    recorded = CachedEngine(engine, ledger)
    ended: list[str] = []

    async def one(ask: Ask) -> str:
        try:
            return (await recorded.ask(ask)).text
        except ModelDown as error:
            return error.message

    await bounded_each(one, [an_ask()] * 3, limit=3, on_done=lambda _, text: ended.append(text))

    assert ended == ["gone", "one", "one"]


async def test_both_processes_use_the_reply_of_the_faster_one(ledger: Ledger) -> None:
    async def while_another_is_faster(ask: Ask) -> Reply:
        await CachedEngine(ScriptedEngine([a_reply("theirs")]), ledger).ask(ask)
        return a_reply("ours")

    reply = await CachedEngine(ScriptedEngine(while_another_is_faster), ledger).ask(an_ask())

    assert reply.text == "theirs"


# BudgetedEngine


@settings(deadline=None, max_examples=60)
@given(
    ceiling=st.integers(0, 30),
    questions=st.integers(1, 40),
    workers=st.integers(1, 12),
    failing=st.sets(st.integers(0, 40)),
)
def test_exactly_the_allowed_calls_are_made(
    *, ceiling: int, questions: int, workers: int, failing: set[int]
) -> None:
    """Attempts without a reply do not count, also not those that are still in flight."""

    async def run() -> tuple[int, int]:
        calls = iter(range(1000))

        async def answer(_: Ask) -> Reply:
            if next(calls) in failing:
                raise ModelDown("gone")
            return a_reply()

        engine = BudgetedEngine(ScriptedEngine(answer, latency_s=1), Ceiling(calls=ceiling))
        try:
            ended = await answers(engine, questions, workers=workers)
        except BudgetExceeded:
            return engine.total.calls, ceiling
        return engine.total.calls, sum(isinstance(one, Reply) for one in ended)

    calls, expected = hurried(run)
    assert calls == expected <= ceiling


async def test_calls_in_flight_at_the_ceiling_are_cached_before_the_run_ends(
    ledger: Ledger,
) -> None:
    engine = ScriptedEngine(lambda _: _slow_reply(), latency_s=0)
    budgeted = BudgetedEngine(engine, Ceiling(tokens=1_500))
    error = await stop_of(CachedEngine(budgeted, ledger), 1000)

    assert isinstance(error, BudgetExceeded)
    assert len(engine.requests) == len(ledger) == budgeted.total.calls == 100


async def _slow_reply() -> Reply:
    await anyio.sleep(random.Random(anyio.current_time()).uniform(1, 9))
    return a_reply()


@pytest.mark.parametrize("ceiling", [Ceiling(tokens=1_000), Ceiling(cost=20)], ids=repr)
async def test_concurrent_calls_exceed_a_ceiling_by_at_most_one_call(ceiling: Ceiling) -> None:
    engine = ScriptedEngine(lambda _: _slow_reply(), latency_s=1)
    budgeted = BudgetedEngine(engine, ceiling)
    await stop_of(budgeted, 1000)

    total = budgeted.total
    assert total.tokens == 1_005 if ceiling.tokens else total.cost == 20


async def test_only_the_last_call_may_exceed_the_ceiling() -> None:
    engine = ScriptedEngine([a_reply(), a_reply(), a_reply(tokens_in=1_000)], latency_s=1)
    budgeted = BudgetedEngine(engine, Ceiling(tokens=40))
    await stop_of(budgeted, 50)

    assert (budgeted.total.calls, budgeted.total.tokens) == (3, 1_035)


async def test_the_prefix_shared_with_the_previous_request_is_counted() -> None:
    replies = [a_reply(tokens_in=100)] * 3
    budgeted = BudgetedEngine(ScriptedEngine(replies), Ceiling())
    for text in ("the same beginning, one", "the same beginning, two", "another"):
        await budgeted.ask(an_ask(text))

    assert budgeted.total.tokens_cacheable == round(100 * len("the same beginning, ") / 23)


@pytest.mark.parametrize(
    ("ceiling", "message"),
    [
        (Ceiling(calls=2), "the ceiling of 2 calls is reached"),
        (Ceiling(tokens=30), "the ceiling of 30 tokens is reached, with 30"),
        (Ceiling(cost=0.5), r"the ceiling of \$0.50 is reached, with \$0.50"),
    ],
)
async def test_no_call_starts_once_a_ceiling_is_reached(ceiling: Ceiling, message: str) -> None:
    engine = ScriptedEngine([a_reply(), a_reply()])
    budgeted = BudgetedEngine(engine, ceiling)
    await budgeted.ask(an_ask())
    await budgeted.ask(an_ask())

    with pytest.raises(BudgetExceeded, match=message) as caught:
        await budgeted.ask(an_ask())
    assert "resume with the same command and a higher ceiling" in str(caught.value)


async def test_a_ceiling_on_cost_stops_the_run_if_the_price_is_unknown() -> None:
    budgeted = BudgetedEngine(ScriptedEngine([a_reply(cost=None)]), Ceiling(cost=5))
    await budgeted.ask(an_ask())

    with pytest.raises(BudgetExceeded, match="the price of 'scripted' is unknown") as caught:
        await budgeted.ask(an_ask())
    assert "resume with the same command and a ceiling on tokens" in str(caught.value)


@pytest.mark.parametrize("ceiling", [Ceiling(tokens=1_000), Ceiling(cost=5)], ids=repr)
async def test_a_ceiling_that_needs_tokens_stops_the_run_if_none_are_reported(
    ceiling: Ceiling,
) -> None:
    replies = [a_reply(tokens_in=0, tokens_out=0, cost=None) for _ in range(3)]
    budgeted = BudgetedEngine(ScriptedEngine(replies), ceiling)
    await budgeted.ask(an_ask("one"))

    with pytest.raises(
        BudgetExceeded, match="cannot be enforced: the server of 'scripted' reports no"
    ):
        await budgeted.ask(an_ask("two"))

    assert budgeted.total.calls == 1


async def test_without_a_ceiling_an_unknown_price_does_not_stop_the_run() -> None:
    budgeted = BudgetedEngine(ScriptedEngine([a_reply(cost=None), a_reply()]), Ceiling())
    await answers(budgeted, 2)

    assert (budgeted.total.cost, budgeted.total.unknown_price) == (0.25, 1)


async def test_totals_are_counted_by_stage() -> None:
    engine = ScriptedEngine([a_reply(tokens_cached=4), a_reply(), a_reply(cost=None)])
    budgeted = BudgetedEngine(engine, Ceiling())
    for stage in ("diagnosis", "diagnosis", "induction"):
        await budgeted.ask(an_ask(stage=stage))

    assert budgeted.by_stage == {
        "diagnosis": Totals(
            calls=2, tokens_in=20, tokens_cacheable=10, tokens_cached=4, tokens_out=10, cost=0.5
        ),
        "induction": Totals(calls=1, tokens_in=10, tokens_out=5, unknown_price=1),
    }
    assert budgeted.total.calls == 3
    assert budgeted.total.tokens == 45


async def test_a_failed_call_costs_nothing() -> None:
    budgeted = BudgetedEngine(ScriptedEngine([ModelDown("gone"), a_reply()]), Ceiling(calls=1))

    assert [type(one) for one in await answers(budgeted, 1)] == [ModelDown]
    assert [type(one) for one in await answers(budgeted, 1)] == [Reply]


# Timed and RetryingEngine


async def test_a_call_without_a_reply_ends_at_its_time_limit() -> None:
    timed = TimeoutEngine(ScriptedEngine([a_reply()], latency_s=3600), timeout_s=3)

    with pytest.raises(ModelDown, match="no answer in 3 s"):
        await timed.ask(an_ask())
    assert anyio.current_time() == pytest.approx(3)


@pytest.mark.parametrize("fault", [ModelDown("gone"), ModelBusy("busy")], ids=repr)
async def test_transient_failures_are_retried(fault: CallFailed) -> None:
    engine = ScriptedEngine([fault, fault, a_reply()])

    assert await retrying(engine).ask(an_ask()) == a_reply()
    assert len(engine.requests) == 3


@pytest.mark.parametrize("fault", NOT_RETRIED, ids=repr)
async def test_permanent_failures_are_not_retried(fault: ErrorMapError) -> None:
    engine = ScriptedEngine([fault])

    with pytest.raises(type(fault)):
        await retrying(engine).ask(an_ask())
    assert len(engine.requests) == 1


async def test_after_the_last_attempt_its_failure_is_raised() -> None:
    engine = ScriptedEngine([ModelDown("first"), ModelBusy("busy"), ModelDown("last")])

    with pytest.raises(ModelDown, match="last"):
        await retrying(engine, attempts=2).ask(an_ask())
    assert len(engine.requests) == 3


async def test_waits_are_random_below_a_bound_that_doubles_up_to_a_minute() -> None:
    engine = ScriptedEngine([ModelDown("gone")] * 400)
    with pytest.raises(ModelDown):
        await retrying(engine, attempts=400, deadline_s=1e9).ask(an_ask())
    waits = waits_of(engine)

    assert all(wait <= min(60, 2**n) for n, wait in enumerate(waits))
    assert sum(waits[10:]) / len(waits[10:]) == pytest.approx(30, rel=0.1)
    assert min(waits[10:]) < 2


async def test_the_same_seed_gives_the_same_waits() -> None:
    engines = [ScriptedEngine([*[ModelDown("gone")] * 5, a_reply()]) for _ in range(3)]
    for engine, seed in zip(engines, (1, 1, 2), strict=True):
        await retrying(engine, seed=seed).ask(an_ask())

    one, same, other = (waits_of(engine) for engine in engines)
    assert one == pytest.approx(same)
    assert one != pytest.approx(other)


async def test_the_providers_wait_is_respected() -> None:
    engine = ScriptedEngine([ModelBusy("busy", retry_after_s=7), a_reply()])
    await retrying(engine).ask(an_ask())

    assert waits_of(engine) == [pytest.approx(7)]


@pytest.mark.parametrize("requested_s", [inf, nan, -5.0, 1e300])
async def test_an_invalid_wait_is_ignored(
    requested_s: float,
) -> None:
    busy = ModelBusy("busy", retry_after_s=requested_s)
    engine = ScriptedEngine([*[busy] * 5, *[a_reply()] * 4])

    ended = await answers(retrying(LimitedEngine(engine, workers=2)), 4, workers=2)

    assert ended == [a_reply()] * 4
    assert 0 < anyio.current_time() < 60


async def test_refusals_do_not_count_as_attempts() -> None:
    engine = ScriptedEngine([*[ModelBusy("busy", retry_after_s=1)] * 50, a_reply()])

    assert await retrying(engine, attempts=1).ask(an_ask()) == a_reply()


async def test_a_call_that_would_exceed_its_deadline_fails_at_once() -> None:
    engine = ScriptedEngine([ModelBusy("busy", retry_after_s=4)] * 9)

    with pytest.raises(ModelBusy):
        await retrying(engine, deadline_s=10).ask(an_ask())
    assert len(engine.requests) == 3
    assert anyio.current_time() == pytest.approx(8)


# LimitedEngine


async def test_no_more_calls_than_workers_are_in_flight() -> None:
    engine = ScriptedEngine([a_reply()] * 200, latency_s=1)
    await answers(LimitedEngine(engine, workers=7), 200)

    assert engine.most_in_flight == 7
    assert anyio.current_time() == pytest.approx(1 + 29, abs=1)


async def test_calls_go_one_at_a_time_until_the_first_success() -> None:
    faults = [ModelDown("gone"), ModelBusy("busy"), SchemaRefused("no"), ModelDown("gone")]
    engine = ScriptedEngine([*faults, *[a_reply()] * 60], latency_s=1)
    await answers(LimitedEngine(engine, workers=50), 64)

    assert all(wait >= 0.999 for wait in waits_of(engine)[:5])
    assert engine.most_in_flight > 1


async def test_a_wrong_key_ends_the_run_with_the_first_call() -> None:
    engine = ScriptedEngine([ModelUnusable("wrong key", hint="look it up")], latency_s=1)
    error = await stop_of(retrying(LimitedEngine(engine, workers=100)), 100)

    assert isinstance(error, ModelUnusable)
    assert len(engine.requests) == 1
    assert "wrong key" in error.message


async def test_no_call_starts_after_the_end() -> None:
    engine = ScriptedEngine([a_reply(), ModelUnusable("key withdrawn", hint="renew it")])
    limited = LimitedEngine(engine, workers=10)
    await limited.ask(an_ask())

    for _ in range(3):
        with pytest.raises(ModelUnusable, match=r"key withdrawn \(renew it\)"):
            await limited.ask(an_ask())
    assert len(engine.requests) == 2


async def test_an_endpoint_that_is_down_from_the_start_costs_twenty_calls() -> None:
    engine = ScriptedEngine([ModelDown("refused the connection")] * 100)
    error = await stop_of(retrying(LimitedEngine(engine, workers=100)), 1000)

    assert isinstance(error, ModelUnusable)
    assert error.message == (
        "the endpoint is down: 20 calls in a row failed; the last: refused the connection"
    )
    assert len(engine.requests) == 20


@pytest.mark.parametrize("latency_s", [0.001, 0.2, 30])
async def test_an_endpoint_that_goes_down_costs_at_most_the_calls_in_flight(
    latency_s: float,
) -> None:
    engine = ScriptedEngine([*[a_reply()] * 500, *[ModelDown("500")] * 500], latency_s=latency_s)
    error = await stop_of(retrying(LimitedEngine(engine, workers=100)), 1000)

    assert isinstance(error, ModelUnusable)
    assert 20 <= len(engine.requests) - 500 <= 150


async def test_an_endpoint_that_hangs_counts_as_down() -> None:
    engine = ScriptedEngine([a_reply()] * 100, latency_s=3600)
    error = await stop_of(
        retrying(LimitedEngine(TimeoutEngine(engine, timeout_s=3), workers=100)), 100
    )

    assert "the last: no answer in 3 s" in str(error)
    assert len(engine.requests) == 20


async def test_nineteen_failures_before_a_success_do_not_end_the_run() -> None:
    rhythm: list[Reply | Exception] = [*[ModelDown("gone")] * 19, a_reply()]
    engine = ScriptedEngine(rhythm * 5)
    ended = await answers(LimitedEngine(engine, workers=1), 100)

    assert sum(isinstance(one, Reply) for one in ended) == 5


async def test_refusals_do_not_count_as_an_endpoint_that_is_down() -> None:
    engine = ScriptedEngine([*[ModelBusy("busy", retry_after_s=1)] * 60, a_reply()])

    assert await retrying(LimitedEngine(engine, workers=1)).ask(an_ask()) == a_reply()


async def test_a_provider_that_only_refuses_ends_the_run() -> None:
    async def refuse(_: Ask) -> Reply:
        raise ModelBusy("quota used up")

    error = await stop_of(retrying(LimitedEngine(ScriptedEngine(refuse), workers=100)), 100)

    assert isinstance(error, ModelUnusable)
    assert "has only refused calls for" in error.message
    assert "quota used up" in error.message
    assert anyio.current_time() <= 600


async def test_a_provider_that_requests_an_hours_wait_ends_the_run_at_once() -> None:
    engine = ScriptedEngine([a_reply(), *[ModelBusy("daily limit", retry_after_s=3600)] * 100])
    error = await stop_of(retrying(LimitedEngine(engine, workers=100)), 1000)

    assert isinstance(error, ModelUnusable)
    assert anyio.current_time() < 1


async def test_a_refusal_pauses_all_calls() -> None:
    calls = iter(range(1000))

    async def refuse_once(_: Ask) -> Reply:
        if next(calls) == 30:
            raise ModelBusy("busy", retry_after_s=20)
        return a_reply()

    engine = ScriptedEngine(refuse_once, latency_s=0.5)
    await answers(retrying(LimitedEngine(engine, workers=10)), 100)
    (pause,) = [wait for wait in waits_of(engine) if wait > 1]

    assert 19 <= pause <= 21
    assert len(engine.requests) == 101


async def test_pauses_grow_until_a_call_succeeds() -> None:
    busy = ModelBusy("busy")
    engine = ScriptedEngine([*[busy] * 6, a_reply(), busy, a_reply(), a_reply()])
    limited = LimitedEngine(engine, workers=1)
    await answers(limited, 10)
    waits = waits_of(engine)

    assert waits[:6] == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    assert 0.1 <= waits[7] < 0.2


async def test_concurrency_halves_at_a_refusal_and_recovers_by_one_every_five_successes() -> None:
    calls = iter(range(10_000))
    seen: list[tuple[int, int]] = []

    async def answer(_: Ask) -> Reply:
        number = next(calls)
        seen.append((number, limited.in_flight))
        if number == 101:
            raise ModelBusy("busy", retry_after_s=100)
        await anyio.sleep(1000)
        return a_reply()

    limited = LimitedEngine(ScriptedEngine(answer), workers=40)
    await answers(retrying(limited), 1500)

    def most(first: int, last: int) -> int:
        return max(count for number, count in seen if first <= number < last)

    assert most(0, 101) == 40
    assert 20 <= most(145, 180) <= 32
    assert most(145, 180) < most(180, 220) < 40
    assert most(400, 1500) == 40


async def test_one_burst_of_refusals_halves_the_concurrency_once() -> None:
    calls = iter(range(10_000))
    seen: list[tuple[int, int]] = []

    async def answer(_: Ask) -> Reply:
        number = next(calls)
        seen.append((number, limited.in_flight))
        await anyio.sleep(1000)
        if 41 <= number < 81:
            raise ModelBusy("busy", retry_after_s=100)
        return a_reply()

    limited = LimitedEngine(ScriptedEngine(answer), workers=40)
    await answers(retrying(limited), 300)

    assert max(count for number, count in seen if 81 <= number < 130) >= 20


@settings(deadline=None, max_examples=25)
@given(st.integers(30, 3000), st.sampled_from([0.01, 0.2, 5.0]), st.integers(1, 60))
def test_no_minute_has_more_requests_than_allowed(rpm: int, latency_s: float, workers: int) -> None:
    engine = ScriptedEngine([a_reply()] * 300, latency_s=latency_s)
    hurried(lambda: answers(LimitedEngine(engine, workers=workers, rpm=rpm), 300))
    starts = engine.started_at

    assert len(starts) == 300
    most = max(sum(start <= other < start + 59.99 for other in starts) for start in starts)
    assert most <= rpm


async def test_the_allowed_rate_is_used_in_full() -> None:
    engine = ScriptedEngine([a_reply()] * 600, latency_s=0.2)
    await answers(LimitedEngine(engine, workers=100, rpm=600), 600)

    assert anyio.current_time() == pytest.approx(60, rel=0.02)


async def test_the_limit_on_tokens_per_minute_is_kept_and_used() -> None:
    """Replies tell what questions need; the guess before the first is far off."""
    replies = [a_reply(tokens_in=900, tokens_out=100)] * 300
    engine = ScriptedEngine(replies, latency_s=2)
    await answers(LimitedEngine(engine, workers=100, tpm=60_000), 300)
    starts = engine.started_at

    assert max(sum(start <= other < start + 60 for other in starts) for start in starts) <= 62
    assert anyio.current_time() == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize("retry_after_s", [None, 1.0])
@pytest.mark.parametrize("refuses_late", [True, False])
@pytest.mark.parametrize("workers", [100, 20])
async def test_a_hidden_rate_limit_is_learned_and_used(
    retry_after_s: float | None, workers: int, *, refuses_late: bool
) -> None:
    bucket = TokenBucket(60, burst=60, retry_after_s=retry_after_s)
    jitter = Random(7)

    async def answer(ask: Ask) -> Reply:
        latency_s = jitter.uniform(0.15, 0.25)
        await anyio.sleep(latency_s if refuses_late else 0)
        reply = await bucket(ask)
        await anyio.sleep(0 if refuses_late else latency_s)
        return reply

    stack = retrying(LimitedEngine(ScriptedEngine(answer), workers=workers))
    ended = await answers(stack, 2400, workers=workers)
    rate = sum(5 <= at < 35 for at in bucket.served_at) / 30

    assert all(isinstance(one, Reply) for one in ended)
    assert rate >= 54
    assert bucket.refused < 240


async def test_a_rate_limit_without_bursts_is_used_too() -> None:
    bucket = TokenBucket(60, burst=6)
    engine = ScriptedEngine(bucket, latency_s=0.2)
    ended = await answers(retrying(LimitedEngine(engine, workers=100)), 2400)

    assert all(isinstance(one, Reply) for one in ended)
    assert sum(10 <= at < 35 for at in bucket.served_at) / 25 >= 51


async def test_a_hidden_limit_on_concurrency_is_learned_and_no_reply_lost() -> None:
    open_calls = 0

    async def answer(_: Ask) -> Reply:
        nonlocal open_calls
        if open_calls >= 8:
            raise ModelBusy("too many at once")
        open_calls += 1
        await anyio.sleep(0.2)
        open_calls -= 1
        return a_reply()

    engine = ScriptedEngine(answer)
    ended = await answers(retrying(LimitedEngine(engine, workers=100)), 1000)

    assert all(isinstance(one, Reply) for one in ended)
    assert anyio.current_time() < 1.5 * 1000 / 40


def test_zero_workers_or_attempts_are_refused() -> None:
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        LimitedEngine(ScriptedEngine([]), workers=0)
    with pytest.raises(ValueError, match="attempts must be at least 1, not 0"):
        retrying(ScriptedEngine([]), attempts=0)


# All together


async def test_cancellation_stops_calls_at_once_in_every_wrapper(ledger: Ledger) -> None:
    """Ten in flight, others at the door, one that waits to try again, one for the budget."""
    engine = ScriptedEngine([a_reply(), *[ModelDown("gone")] * 3, *[a_reply()] * 99], latency_s=60)
    limits = CallLimits(workers=10, timeout_s=3600)
    stack = engine_stack(engine, ledger, limits=limits, ceiling=Ceiling(calls=50), rng=Random(0))
    with anyio.move_on_after(121) as scope:
        await answers(stack.engine, 100)

    assert scope.cancelled_caught
    assert anyio.current_time() == pytest.approx(121)
    assert len(ledger) == 1 + 7
    assert stack.budget.total.calls == len(ledger)


async def test_the_engine_works_again_after_cancellation() -> None:
    engine = ScriptedEngine([a_reply()] * 99, latency_s=10)
    limited = BudgetedEngine(retrying(LimitedEngine(engine, workers=3, rpm=60)), Ceiling(calls=20))
    for _ in range(4):
        with anyio.move_on_after(15):
            await answers(limited, 10)

    assert [type(one) for one in await answers(limited, 3)] == [Reply] * 3


async def test_a_stack_calls_the_model_only_for_missing_replies(ledger: Ledger) -> None:
    def stack_round(engine: Engine) -> CachedEngine:
        made = engine_stack(engine, ledger, limits=CallLimits(), ceiling=Ceiling(), rng=Random(0))
        return made.engine

    await answers(stack_round(ScriptedEngine([a_reply()] * 60)), 60)
    engine = ScriptedEngine([a_reply()] * 40)
    again = stack_round(engine)
    ended = await answers(again, 100)

    assert ended == [a_reply()] * 100
    assert (again.hits, again.misses, len(engine.requests)) == (60, 40, 40)


async def test_a_stack_loses_no_reply_to_faults_refusals_and_hangs(ledger: Ledger) -> None:
    chance = Random(5)

    async def answer(_: Ask) -> Reply:
        fate = chance.random()
        if fate < 0.05:
            raise ModelDown("500")
        if fate < 0.10:
            raise ModelBusy("busy", retry_after_s=1)
        await anyio.sleep(3600 if fate < 0.12 else 0.2)
        return a_reply()

    stack = engine_stack(
        ScriptedEngine(answer),
        ledger,
        limits=CallLimits(timeout_s=3),
        ceiling=Ceiling(),
        rng=Random(0),
    )
    ended = await answers(stack.engine, 1000)

    assert ended == [a_reply()] * 1000
    assert len(ledger) == stack.budget.total.calls == 1000


async def test_a_recovered_endpoint_gets_only_the_missing_requests(ledger: Ledger) -> None:
    sick = ScriptedEngine([*[a_reply()] * 300, *[ModelDown("500")] * 200], latency_s=0.2)
    made = engine_stack(sick, ledger, limits=CallLimits(), ceiling=Ceiling(), rng=Random(0))
    await stop_of(made.engine, 600)
    kept = len(ledger)
    healthy = ScriptedEngine([a_reply()] * 600, latency_s=0.2)
    again = engine_stack(healthy, ledger, limits=CallLimits(), ceiling=Ceiling(), rng=Random(0))
    await answers(again.engine, 600)

    assert kept == 300
    assert len(healthy.requests) == 300


@pytest.mark.parametrize("wrap", [
    CachedEngine,
    lambda engine, _: BudgetedEngine(engine, Ceiling()),
    lambda engine, _: retrying(engine),
    lambda engine, _: LimitedEngine(engine, workers=1),
    lambda engine, _: TimeoutEngine(engine, timeout_s=1),
])  # fmt: skip
def test_all_wrappers_forward_model_and_parameters(
    ledger: Ledger, wrap: Callable[[Engine, Ledger], Engine]
) -> None:
    wrapped = wrap(ScriptedEngine([], model="m", parameters={"seed": 1}), ledger)

    assert (wrapped.model, wrapped.parameters) == ("m", {"seed": 1})
