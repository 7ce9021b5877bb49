"""Structured output: requests answers in a schema, with one repair and less strict modes."""

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

# Reasoning takes a few times as many tokens as the answer; decision 7.
MORE_TOKENS: Final = 4
"""Factor on the token limit when a cut reply is requested again."""
# A model that keeps to the schema in 95 of 100 replies starts with three invalid ones in one run of
# 8,000, so a working mode is hardly ever given up.
MAX_INVALID_FIRST_REPLIES: Final = 3
"""First replies outside the schema, with none inside, after which a less strict mode is used."""
# As many as failed calls before an endpoint counts as down (`concurrency.DOWN_AFTER`).
MAX_UNUSABLE: Final = 20
"""Invalid answers, with no valid one, after which the run ends."""
_UNUSABLE_HINT: Final = (
    "try another judge, or a higher --max-tokens; once it answers, resume with the same command "
    "and --retry-undiagnosed"
)
_ANSWER = TypeVar("_ANSWER", bound=BaseModel)
_CUT: Final = "length"
"""Finish reason of a reply that was cut at its token limit."""
_FILTERED: Final = "content_filter"
# Errors are quoted in the repair prompt and so are part of its ledger key: with another wording,
# resumed runs would pay for their repairs again.
_REPAIR: Final = (
    "Your answer cannot be used: {error}. Give the whole answer again, as one JSON object of the "
    "given schema and nothing else."
)
_REPAIR_ALONE: Final = (
    "Your last reply to this cannot be used: {error}. Give the answer alone, without thinking "
    "before it, as one JSON object of the given schema and nothing else."
)
_SCHEMA: Final = " The JSON schema is:\n{schema}"
_BRIEFER: Final = " Be briefer."
# The repair prompt quotes the invalid answer: about 2,000 tokens, the default of --max-tokens.
_MAX_QUOTED_CHARS: Final = 8_000
# A few lines of the reason of an undiagnosed failure.
_MAX_REFUSAL_CHARS: Final = 300


class StructuredOutput:
    """Requests answers in a schema from a model.

    * A reply that was cut is requested once more, with four times as many tokens.
    * An invalid answer is repaired once: the model gets a message that explains what is wrong.
    * A mode that yields only invalid answers is replaced by a less strict one.

    Args:
        engine: Answers the requests.
        retry: Request answers again if the recorded ones are invalid.
    """

    def __init__(self, engine: Engine, *, retry: bool = False) -> None:
        self._engine = engine
        self._retry = retry
        self._modes = _Modes()
        self._has_valid_answer = False
        self._unusable = 0
        """Requests of this run whose repaired answer was invalid too."""
        self.limit = max_tokens_of(engine)
        """Token limit of a first reply; None if the engine sets none."""

    async def answer(
        self, stage: str, messages: tuple[Message, ...], schema: type[_ANSWER]
    ) -> tuple[_ANSWER, str]:
        """Returns a valid answer and the text that it was read from.

        Raises:
            AnswerInvalid: The answer is invalid, and so is its repair.
            CallFailed: There is no answer.
            ModelUnusable: The first `MAX_UNUSABLE` answers of the run were all invalid.
        """
        ask = Ask(stage=stage, messages=messages, schema=schema)
        try:
            return await self._repaired(ask, schema)
        except AnswerInvalid:
            if not self._retry:
                raise
        return await self._repaired(replace(ask, fresh=True), schema)

    def _count_unusable(self, error: AnswerInvalid) -> None:
        """Counts an invalid answer, and ends a run that pays for nothing else.

        Raises:
            ModelUnusable: No answer of this run was valid, and the maximum is reached.
        """
        self._unusable += 1
        if not self._has_valid_answer and self._unusable >= MAX_UNUSABLE:
            message = f"none of the first {self._unusable} answers can be used; the last: {error}"
            raise ModelUnusable(message, hint=_UNUSABLE_HINT) from error

    async def _repaired(self, ask: Ask, schema: type[_ANSWER]) -> tuple[_ANSWER, str]:
        ask, reply = await self._replied(ask)
        try:
            answer = self._valid(ask, reply, schema)
        except AnswerWithheld:
            raise
        except AnswerInvalid as error:
            if type(error) is AnswerInvalid and not (reply.recorded or _is_thinking(reply)):
                self._modes.count_invalid(reply.mode)
            repair = _repair(ask, reply, error)
        else:
            self._has_valid_answer = True
            self._modes.count_valid(reply.mode)
            return answer, mend(reply.text)[0]
        repair, reply = await self._replied(repair)
        try:
            answer = self._valid(repair, reply, schema)
        except AnswerInvalid as error:
            # Recorded answers cost nothing, and a refusal concerns this failure alone.
            if not (reply.recorded or isinstance(error, AnswerWithheld)):
                self._count_unusable(error)
            raise
        self._has_valid_answer = True
        return answer, mend(reply.text)[0]

    async def _replied(self, ask: Ask) -> tuple[Ask, Reply]:
        """The request and its reply; if the reply was cut, those with the higher token limit."""
        ask = replace(ask, mode=self._modes.strictest)
        reply = await self._engine.ask(ask)
        may_request_more = self.limit is not None and ask.max_tokens is None
        if reply.finish != _CUT or not may_request_more or _is_whole(reply, ask.schema):
            return ask, reply
        longer = replace(ask, max_tokens=MORE_TOKENS * (self.limit or 0))
        try:
            return longer, await self._engine.ask(longer)
        except LimitRefused:  # a repair may still get a briefer answer at the first limit
            return ask, reply

    def _valid(self, ask: Ask, reply: Reply, schema: type[_ANSWER]) -> _ANSWER:
        """The answer in a reply.

        Raises:
            AnswerWithheld: The model refused, or its provider filtered the content.
            AnswerCut: The reply was cut at its token limit.
            AnswerInvalid: The answer is outside the schema.
        """
        if reply.refusal and _is_blank(reply):
            refusal = clipped(" ".join(reply.refusal.split()), _MAX_REFUSAL_CHARS)
            raise AnswerWithheld(f"the model refused to answer: {refusal}")
        try:
            return _read(reply, schema)
        except AnswerInvalid as error:
            if reply.finish == _FILTERED:
                raise AnswerWithheld("the provider filtered the content") from error
            if reply.finish == _CUT:
                tokens = ask.max_tokens or self.limit
                raise AnswerCut(f"{self._cut(ask, reply)}: {error}", tokens=tokens) from error
            if _is_thinking(reply):
                raise AnswerInvalid(f"{error}; {self._limit_of(ask)} counts both") from error
            raise

    def _cut(self, ask: Ask, reply: Reply) -> str:
        subject = "the model was still thinking when it" if _is_thinking(reply) else "the answer"
        return f"{subject} was cut at {self._limit_of(ask)}"

    def _limit_of(self, ask: Ask) -> str:
        if self.limit is None:
            return "the provider's limit of tokens"
        if ask.max_tokens is None:
            return f"--max-tokens {self.limit:,}"
        return f"{ask.max_tokens:,} tokens, {MORE_TOKENS} times --max-tokens"


class _Modes:
    """Selects the mode by how many first replies in each were valid."""

    def __init__(self) -> None:
        self.strictest: Mode | None = None
        """The strictest mode that is still used; None while the engine may choose."""
        self._valid: set[Mode] = set()
        self._invalid: Counter[Mode] = Counter()

    def count_valid(self, mode: Mode) -> None:
        """Counts a first reply that has the schema."""
        self._valid.add(mode)

    def count_invalid(self, mode: Mode) -> None:
        """Counts a first reply that does not have the schema."""
        self._invalid[mode] += 1
        if (
            mode in LESS_STRICT
            and mode not in self._valid
            and self._invalid[mode] >= MAX_INVALID_FIRST_REPLIES
        ):
            self.strictest = least_strict(LESS_STRICT[mode], self.strictest)


def _read(reply: Reply, schema: type[_ANSWER]) -> _ANSWER:
    """The answer in a reply's text.

    Raises:
        AnswerInvalid: There is no valid answer.
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
    """Whether a reply holds reasoning and nothing else."""
    return (_is_blank(reply) and reply.thought) or is_only_thinking(reply.text)


def _is_whole(reply: Reply, schema: type[BaseModel]) -> bool:
    """Whether the answer is complete although the reply was cut."""
    try:
        _read(reply, schema)
    except AnswerInvalid:
        return False
    return True


def _repair(ask: Ask, reply: Reply, error: AnswerInvalid) -> Ask:
    """The request for a repair: the original one, the invalid answer and what is wrong with it.

    It includes the schema if the server seems to have ignored it. An empty answer is left out,
    because some chat templates refuse an empty turn.
    """
    is_thinking = _is_thinking(reply)
    has_answer = not (_is_blank(reply) or is_thinking)
    instruction = (_REPAIR if has_answer else _REPAIR_ALONE).format(error=error)
    if isinstance(error, AnswerCut):
        instruction += _BRIEFER
    elif reply.mode == "json_schema" and not (is_thinking or names_a_field(reply.text, ask.schema)):
        instruction += _SCHEMA.format(schema=json.dumps(strict_schema(ask.schema)))
    if has_answer:
        answer = Message("assistant", shortened(reply.text, _MAX_QUOTED_CHARS))
        return replace(ask, messages=(*ask.messages, answer, Message("user", instruction)))
    *before, last = ask.messages
    return replace(ask, messages=(*before, Message(last.role, f"{last.content}\n\n{instruction}")))
