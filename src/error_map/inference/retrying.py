"""Retries transient failures with exponential back-off."""

from random import Random
from typing import Final

import anyio

from ..errors import CallFailed, ModelBusy, ModelDown
from .base import Ask, Engine, EngineWrapper, Reply

# The upper bounds of the waits are 1, 2, 4, … 60 s. A shorter first wait would hit a server that
# restarts with all attempts; a longer one than a minute gains nothing, as rate limits reset then.
BACK_OFF_BASE_S: Final = 1.0
BACK_OFF_CAP_S: Final = 60.0
_MAX_DOUBLINGS: Final = 30
"""Keeps the power small in a long run of refusals; the cap is reached after six."""


class TimeoutEngine(EngineWrapper):
    """Limits the time of each call.

    It belongs inside `LimitedEngine`: a call's wait for its turn is not the provider's silence.
    """

    def __init__(self, engine: Engine, *, timeout_s: float) -> None:
        super().__init__(engine)
        self._timeout_s = timeout_s

    async def ask(self, ask: Ask) -> Reply:
        """Returns the inner engine's reply.

        Raises:
            ModelDown: There is no reply within the time limit.
        """
        with anyio.move_on_after(self._timeout_s):
            return await self._engine.ask(ask)
        raise ModelDown(f"no answer in {self._timeout_s:g} s")


class RetryingEngine(EngineWrapper):
    """Retries after `ModelBusy` and `ModelDown`, with growing waits.

    Args:
        engine: Receives every attempt.
        attempts: Maximum `ModelDown` failures per call; `ModelBusy` does not count.
        deadline_s: Maximum total wait between the attempts of one call. A wait for a turn inside
            `engine` does not count, so low rate limits lose no call.
        rng: Draws the waits with full jitter: uniform between 0 and a bound that starts at
            `BACK_OFF_BASE_S` and doubles up to `BACK_OFF_CAP_S`.
    """

    def __init__(self, engine: Engine, *, attempts: int, deadline_s: float, rng: Random) -> None:
        if attempts < 1:
            raise ValueError(f"attempts must be at least 1, not {attempts}")
        super().__init__(engine)
        self._attempts = attempts
        self._deadline_s = deadline_s
        self._rng = rng

    async def ask(self, ask: Ask) -> Reply:
        """Returns the inner engine's reply from the first attempt that succeeds.

        Raises:
            CallFailed: The failure of the last attempt.
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
                # A wait that ends behind the deadline would be in vain, so fail before it.
                if failed >= self._attempts or waited_s > self._deadline_s:
                    raise
            await anyio.sleep(wait_s)

    def _wait_s(self, error: CallFailed, tries: int) -> float:
        if isinstance(error, ModelBusy) and error.retry_after_s is not None:
            return error.retry_after_s
        # Full jitter: calls that failed together do not return together.
        doublings = min(tries - 1, _MAX_DOUBLINGS)
        return self._rng.uniform(0, min(BACK_OFF_CAP_S, BACK_OFF_BASE_S * 2**doublings))
