"""Another attempt where another attempt may help."""

from collections.abc import Mapping
from random import Random
from typing import Final

import anyio

from ..errors import CallFailed, ModelBusy, ModelDown
from .base import Ask, Engine, Reply

BACK_OFF_BASE_S: Final = 1.0
BACK_OFF_CAP_S: Final = 60.0


class Timed:
    """An engine whose every call has an end.

    It stands inside `Limited`: what a call waits for its turn is not the provider's silence.
    """

    def __init__(self, engine: Engine, *, timeout_s: float) -> None:
        self._engine = engine
        self._timeout_s = timeout_s

    @property
    def model(self) -> str:
        """The inner engine's."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's."""
        return self._engine.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply.

        Raises:
            ModelDown: If there is none in time.
        """
        with anyio.move_on_after(self._timeout_s):
            return await self._engine.ask(ask)
        raise ModelDown(f"no answer in {self._timeout_s:g} s")


class Retrying:
    """An engine that asks again after `ModelBusy` and `ModelDown`, later each time.

    Args:
        engine: Every attempt passes it.
        attempts: How often a call may fail with `ModelDown`; to be refused is not to fail.
        deadline_s: How long one call may wait between its attempts, all in all. To wait for its
            turn inside `engine` does not count, so that slow limits lose nothing.
        rng: Draws the waits: full jitter, up to `BACK_OFF_BASE_S` at first, twice that each time,
            at most `BACK_OFF_CAP_S`.
    """

    def __init__(self, engine: Engine, *, attempts: int, deadline_s: float, rng: Random) -> None:
        if attempts < 1:
            raise ValueError(f"attempts must be at least 1, not {attempts}")
        self._engine = engine
        self._attempts = attempts
        self._deadline_s = deadline_s
        self._rng = rng

    @property
    def model(self) -> str:
        """The inner engine's."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's."""
        return self._engine.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The inner engine's reply, at the first attempt that has one.

        Raises:
            CallFailed: What the last attempt failed with.
        """
        failed = refused = 0
        waited_s = 0.0
        while True:
            try:
                return await self._engine.ask(ask)
            except (ModelBusy, ModelDown) as error:
                failed += isinstance(error, ModelDown)
                refused += isinstance(error, ModelBusy)
                wait_s = self._wait_s(error, failed + refused)
                waited_s += wait_s
                if failed >= self._attempts or waited_s > self._deadline_s:
                    raise
            await anyio.sleep(wait_s)

    def _wait_s(self, error: CallFailed, tries: int) -> float:
        if isinstance(error, ModelBusy) and error.retry_after_s is not None:
            return error.retry_after_s
        longest_s = min(BACK_OFF_CAP_S, BACK_OFF_BASE_S * 2 ** min(tries - 1, 30))
        return self._rng.uniform(0, longest_s)
