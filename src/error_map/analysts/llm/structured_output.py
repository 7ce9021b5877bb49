"""Structured output: a model is asked until its reply has the schema, or cannot be had."""

import json
from collections import Counter
from dataclasses import replace
from typing import Final, TypeVar

from pydantic import BaseModel

from ...errors import AnswerCut, AnswerInvalid, AnswerWithheld, LimitRefused, ModelUnusable
from ...inference.base import (
    LESS_STRICT,
    Ask,
    Engine,
    Message,
    Mode,
    Reply,
    least_strict,
    max_tokens_of,
)
from ...inference.json_schema import strict_schema
from ...records.surrogates import mend
from ..texts import clipped, shortened
from .answer_schemas import DiagnosisAnswer, names_a_field, parsed
from .json_objects import is_only_thinking

MORE_TOKENS: Final = 4
"""Times as many, where a reply was cut: thinking takes a few times as much as the answer."""
UNUSABLE: Final = 3
"""First replies outside the schema, and none inside, after which JSON is asked for more plainly. A
model that keeps to the schema in 95 of 100 replies begins so in one run of 8,000."""
HOPELESS: Final = 20
"""Questions without one usable answer after which a run ends: as many as calls that fail in a row
before an endpoint counts as down."""
_HOPELESS_HINT: Final = (
    "try another judge, or a higher --max-tokens; once it answers, the same command with "
    "--retry-undiagnosed goes on"
)
_ANSWER = TypeVar("_ANSWER", bound=BaseModel)
_CUT: Final = "length"
"""How a reply ends that ran into its limit of tokens."""
_FILTERED: Final = "content_filter"
_REPAIR: Final = (
    "Your answer cannot be used: {fault}. Give the whole answer again, as one JSON object of the "
    "given schema and nothing else."
)
_ALONE: Final = (
    "Your last reply to this cannot be used: {fault}. Give the answer alone, without thinking "
    "before it, as one JSON object of the given schema and nothing else."
)
_SCHEMA: Final = " The JSON schema is:\n{schema}"
_BRIEFER: Final = " Be briefer."
_REPEATED_CHARS: Final = 8_000
_REFUSAL_CHARS: Final = 300


class StructuredOutput:
    """Gets answers in a schema from a model.

    * A reply that was cut is asked for once more with four times as many tokens.
    * An invalid one is repaired once: the model is told what is wrong with it.
    * Where a way of asking for JSON yields nothing but invalid answers, a plainer one is used.

    Args:
        engine: Answers questions.
        retry: Ask afresh where the recorded answers are invalid.
    """

    def __init__(self, engine: Engine, *, retry: bool = False) -> None:
        self._engine = engine
        self._retry = retry
        self._modes = _Modes()
        self._usable = False
        """Whether any answer was."""
        self._lost = 0
        """Questions of this run whose repaired answer was of no use either."""
        self.limit = max_tokens_of(engine)
        """Tokens of one reply, at first; None where the engine has no limit of its own."""

    async def answer(
        self, stage: str, messages: tuple[Message, ...], schema: type[_ANSWER]
    ) -> tuple[_ANSWER, str]:
        """A valid answer and the text that it was read from.

        Raises:
            AnswerInvalid: The answer cannot be used, also after its repair.
            CallFailed: There is no answer.
            ModelUnusable: So it was with every answer so far.
        """
        ask = Ask(stage=stage, messages=messages, schema=schema)
        try:
            return await self._repaired(ask, schema)
        except AnswerInvalid:
            if not self._retry:
                raise
        return await self._repaired(replace(ask, fresh=True), schema)

    def _refuse_another(self, fault: AnswerInvalid) -> None:
        """Ends a run that only pays for answers of no use.

        Raises:
            ModelUnusable: No answer was usable, of so many that were received in this run.
        """
        self._lost += 1
        if not self._usable and self._lost >= HOPELESS:
            none = f"none of the first {self._lost} answers can be used; the last: {fault}"
            raise ModelUnusable(none, hint=_HOPELESS_HINT) from fault

    async def _repaired(self, ask: Ask, schema: type[_ANSWER]) -> tuple[_ANSWER, str]:
        ask, reply = await self._replied(ask)
        try:
            answer = self._valid(ask, reply, schema)
        except AnswerWithheld:
            raise
        except AnswerInvalid as fault:
            if type(fault) is AnswerInvalid and not (reply.recorded or _is_thinking(reply)):
                self._modes.missed(reply.mode)
            repair = _repair(ask, reply, fault)
        else:
            self._usable = True
            self._modes.kept(reply.mode)
            return answer, mend(reply.text)[0]
        repair, reply = await self._replied(repair)
        try:
            answer = self._valid(repair, reply, schema)
        except AnswerInvalid as fault:
            if not (reply.recorded or isinstance(fault, AnswerWithheld)):
                self._refuse_another(fault)
            raise
        self._usable = True
        return answer, mend(reply.text)[0]

    async def _replied(self, ask: Ask) -> tuple[Ask, Reply]:
        """The reply and its question; where a reply was cut, that with more tokens."""
        ask = replace(ask, mode=self._modes.plainest)
        reply = await self._engine.ask(ask)
        may_be_longer = self.limit is not None and ask.max_tokens is None
        if reply.finish != _CUT or not may_be_longer or _is_whole(reply, ask.schema):
            return ask, reply
        longer = replace(ask, max_tokens=MORE_TOKENS * (self.limit or 0))
        try:
            return longer, await self._engine.ask(longer)
        except LimitRefused:
            return ask, reply

    def _valid(self, ask: Ask, reply: Reply, schema: type[_ANSWER]) -> _ANSWER:
        """The answer in a reply.

        Raises:
            AnswerWithheld: The model or its provider does not want to answer.
            AnswerCut: The limit of tokens was too low.
            AnswerInvalid: It is outside the schema.
        """
        if reply.refusal and _is_blank(reply):
            refusal = clipped(" ".join(reply.refusal.split()), _REFUSAL_CHARS)
            raise AnswerWithheld(f"the model refused to answer: {refusal}")
        try:
            return _read(reply, schema)
        except AnswerInvalid as fault:
            if reply.finish == _FILTERED:
                raise AnswerWithheld("the provider filtered the content") from fault
            if reply.finish == _CUT:
                tokens = ask.max_tokens or self.limit
                raise AnswerCut(f"{self._cut(ask, reply)}: {fault}", tokens=tokens) from fault
            if _is_thinking(reply):
                raise AnswerInvalid(f"{fault}; {self._limit_of(ask)} counts both") from fault
            raise

    def _cut(self, ask: Ask, reply: Reply) -> str:
        what = "the model was still thinking when it" if _is_thinking(reply) else "the answer"
        return f"{what} was cut at {self._limit_of(ask)}"

    def _limit_of(self, ask: Ask) -> str:
        if self.limit is None:
            return "the provider's limit of tokens"
        if ask.max_tokens is None:
            return f"--max-tokens {self.limit:,}"
        return f"{ask.max_tokens:,} tokens, {MORE_TOKENS} times --max-tokens"


class _Modes:
    """How JSON is asked for, by how the model has kept to it."""

    def __init__(self) -> None:
        self.plainest: Mode | None = None
        """The strictest way that is of use; None while the engine may choose."""
        self._kept: set[Mode] = set()
        self._missed: Counter[Mode] = Counter()

    def kept(self, mode: Mode) -> None:
        """A first reply has the schema."""
        self._kept.add(mode)

    def missed(self, mode: Mode) -> None:
        """A first reply has not."""
        self._missed[mode] += 1
        if mode in LESS_STRICT and mode not in self._kept and self._missed[mode] >= UNUSABLE:
            self.plainest = least_strict(LESS_STRICT[mode], self.plainest)


def _read(reply: Reply, schema: type[_ANSWER]) -> _ANSWER:
    """The answer in a reply's text.

    Raises:
        AnswerInvalid: There is none.
    """
    if _is_thinking(reply):
        raise AnswerInvalid("the model thought and wrote no answer")
    if _is_blank(reply):
        raise AnswerInvalid("the answer is empty")
    answer = parsed(reply.text, schema)
    if isinstance(answer, DiagnosisAnswer):
        final = answer.final_answer
        if final.error_summary.strip() and not final.error_title.strip():
            raise AnswerInvalid("error_title is empty and error_summary is not")
    return answer


def _is_blank(reply: Reply) -> bool:
    return not reply.text.strip()


def _is_thinking(reply: Reply) -> bool:
    """Whether there is thinking and nothing else."""
    return (_is_blank(reply) and reply.thought) or is_only_thinking(reply.text)


def _is_whole(reply: Reply, schema: type[BaseModel]) -> bool:
    """Whether the answer ended before the reply was cut."""
    try:
        _read(reply, schema)
    except AnswerInvalid:
        return False
    return True


def _repair(ask: Ask, reply: Reply, fault: AnswerInvalid) -> Ask:
    """The question with the answer that cannot be used and what is wrong with it.

    The schema comes along where the server seems to have ignored it. A model that wrote nothing
    is not shown its empty turn, which some chat templates refuse.
    """
    is_thinking = _is_thinking(reply)
    has_answer = not (_is_blank(reply) or is_thinking)
    told = (_REPAIR if has_answer else _ALONE).format(fault=fault)
    if isinstance(fault, AnswerCut):
        told += _BRIEFER
    elif reply.mode == "json_schema" and not (is_thinking or names_a_field(reply.text, ask.schema)):
        told += _SCHEMA.format(schema=json.dumps(strict_schema(ask.schema)))
    if has_answer:
        said = Message("assistant", shortened(reply.text, _REPEATED_CHARS))
        return replace(ask, messages=(*ask.messages, said, Message("user", told)))
    *before, last = ask.messages
    return replace(ask, messages=(*before, Message(last.role, f"{last.content}\n\n{told}")))
