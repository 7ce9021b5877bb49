"""Caches replies in the ledger, keyed by request."""

from collections.abc import Mapping
from typing import Final, get_args

import anyio

from ..store.ledger import Ledger, StoredReply
from .base import Ask, Engine, EngineWrapper, Mode, Reply, question_key

_MODES: Final[Mapping[str, Mode]] = {mode: mode for mode in get_args(Mode)}


class CachedEngine(EngineWrapper):
    """Stores every reply in the ledger and serves repeated requests from it.

    A request that is already in flight waits for that reply. Failures are not cached. A `fresh`
    request ignores replies that were recorded before this engine was made, and replaces them.
    """

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        super().__init__(engine)
        self._ledger = ledger
        self._in_flight: dict[str, anyio.Event] = {}
        self._received_keys: set[str] = set()
        """Keys of the replies that this engine received."""
        self.hits = 0
        """Requests served from the ledger."""
        self.misses = 0
        """Requests forwarded to the inner engine."""

    async def ask(self, ask: Ask) -> Reply:
        """Returns the recorded reply if there is one, else the inner engine's.

        Raises:
            StoreError: The ledger is damaged.
        """
        key = question_key(ask, self._engine)
        # In a loop: if that call fails, another waiting request may already have been sent.
        while key in self._in_flight:
            await self._in_flight[key].wait()
        is_stale = ask.fresh and key not in self._received_keys
        if not is_stale and (stored := self._ledger.get(key)) is not None:
            self.hits += 1
            return self._reply(stored)
        return await self._received(key, ask)

    async def _received(self, key: str, ask: Ask) -> Reply:
        ended = self._in_flight[key] = anyio.Event()
        self.misses += 1
        try:
            reply = await self._engine.ask(ask)
            self._received_keys.add(key)
            stored = _stored(reply, self.model, ask.stage)
            if not self._ledger.put(key, stored, replace=ask.fresh):
                # Another process was faster: both must continue with the same reply.
                theirs = self._ledger.get(key)
                reply = reply if theirs is None else self._reply(theirs)
        finally:
            del self._in_flight[key]
            ended.set()
        return reply

    def _reply(self, stored: StoredReply) -> Reply:
        mode = _MODES.get(stored.mode)
        if mode is None:
            modes = ", ".join(map(repr, _MODES))
            raise self._ledger.damaged(f"a reply has mode {stored.mode!r}, not one of {modes}")
        return Reply(
            text=stored.text,
            finish=stored.finish,
            refusal=stored.refusal,
            thought=stored.thought,
            recorded=True,
            mode=mode,
            tokens_in=stored.tokens_in,
            tokens_cached=stored.tokens_cached,
            tokens_out=stored.tokens_out,
            cost=stored.cost,
        )


def _stored(reply: Reply, model: str, stage: str) -> StoredReply:
    return StoredReply(
        text=reply.text,
        finish=reply.finish,
        refusal=reply.refusal,
        thought=reply.thought,
        mode=reply.mode,
        model=model,
        tokens_in=reply.tokens_in,
        tokens_cached=reply.tokens_cached,
        tokens_out=reply.tokens_out,
        cost=reply.cost,
        stage=stage,
    )
