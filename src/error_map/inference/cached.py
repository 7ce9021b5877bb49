"""Asks nothing twice."""

from collections.abc import Mapping
from typing import Final, get_args

import anyio

from ..store.ledger import Ledger, StoredReply
from .base import Ask, Engine, Mode, Reply, question_key

_MODES: Final[Mapping[str, Mode]] = {mode: mode for mode in get_args(Mode)}


class Recorded:
    """An engine that keeps every reply, and serves it when the question comes again.

    A question that is asked while it is in flight waits for that reply. Failures are not kept. A
    question that wants a fresh reply gets one that was received here, which replaces the old one.
    """

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        self._engine = engine
        self._ledger = ledger
        self._open: dict[str, anyio.Event] = {}
        self._fresh: set[str] = set()
        """Keys of the replies that were received here."""
        self.served = 0
        """Questions that the ledger answered."""
        self.asked = 0
        """Questions that went on to the inner engine."""

    @property
    def model(self) -> str:
        """The inner engine's."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's."""
        return self._engine.parameters

    async def ask(self, ask: Ask) -> Reply:
        """The recorded reply, else the inner engine's.

        Raises:
            StoreError: If the ledger is damaged.
        """
        key = question_key(ask, self._engine)
        while key in self._open:
            await self._open[key].wait()
        old = ask.fresh and key not in self._fresh
        if not old and (stored := self._ledger.get(key)) is not None:
            self.served += 1
            return self._replied(stored)
        return await self._received(key, ask)

    async def _received(self, key: str, ask: Ask) -> Reply:
        ended = self._open[key] = anyio.Event()
        self.asked += 1
        try:
            reply = await self._engine.ask(ask)
            self._fresh.add(key)
            stored = _stored(reply, self.model, ask.stage)
            if not self._ledger.put(key, stored, replace=ask.fresh):
                # Another process was faster: all must go on from the same reply.
                kept = self._ledger.get(key)
                reply = reply if kept is None else self._replied(kept)
        finally:
            del self._open[key]
            ended.set()
        return reply

    def _replied(self, stored: StoredReply) -> Reply:
        mode = _MODES.get(stored.mode)
        if mode is None:
            known = f"not one of {', '.join(map(repr, _MODES))}"
            raise self._ledger.damaged(f"a reply was asked for as {stored.mode!r}, {known}")
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
