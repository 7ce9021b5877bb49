"""Ask, Reply and the Engine protocol: the one door to a model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Final, Literal, Protocol, TypeAlias

from pydantic import BaseModel

Role: TypeAlias = Literal["system", "user", "assistant"]
Mode: TypeAlias = Literal["json_schema", "json_object", "text"]
"""How JSON is asked for: by schema, as any object, or in words only."""
PLAINER: Final[Mapping[Mode, Mode]] = {"json_schema": "json_object", "json_object": "text"}
"""What is tried where a way of asking for JSON is refused, or of no use."""
_PLAINNESS: Final[Mapping[Mode, int]] = {"json_schema": 0, "json_object": 1, "text": 2}
_LIMIT: Final = "max_tokens"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One logical question."""

    stage: str
    """Whose question it is, for totals; does not change the answer."""
    messages: tuple[Message, ...]
    schema: type[BaseModel]
    """The answer's form."""
    fresh: bool = False
    """Take no reply that was recorded before this run; does not change the question."""
    max_tokens: int | None = None
    """Of the reply, instead of the engine's own limit; None for that."""
    mode: Mode | None = None
    """JSON is asked for in no stricter way; None for the engine's own; does not change the
    question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model said, and what it cost."""

    text: str
    """Never None: empty where the model said nothing."""
    finish: str = "stop"
    """As the provider puts it; `length` where the answer was cut."""
    refusal: str = ""
    """Why the model does not answer, where it says so apart from its text."""
    thought: bool = False
    """Whether the provider tells of thinking apart from the text."""
    recorded: bool = field(default=False, compare=False)
    """Whether it comes from the ledger."""
    mode: Mode = "json_schema"
    tokens_in: int = 0
    tokens_cached: int = 0
    """Of `tokens_in`, those that the provider served from its prompt cache."""
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars; None where the price is unknown."""


class Engine(Protocol):
    """Answers questions; wrappers are engines round an engine."""

    @property
    def model(self) -> str:
        """The model's name, as files call it."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """Everything else that can change an answer and is not secret."""

    async def ask(self, ask: Ask) -> Reply:
        """The model's reply.

        Raises:
            CallFailed: This call has no reply; others may.
            ModelUnusable: No call can have one.
            BudgetExceeded: No further call is allowed.
        """


def plainest(mode: Mode, other: Mode | None) -> Mode:
    """The plainer one of two ways of asking for JSON.

    Example:
        >>> plainest("json_schema", "text"), plainest("json_object", None)
        ('text', 'json_object')
    """
    return max(mode, other or mode, key=_PLAINNESS.__getitem__)


def limit_of(engine: Engine) -> int | None:
    """Tokens that an engine asks for in one reply, at the most; None where it does not say."""
    limit = engine.parameters.get(_LIMIT)
    return limit if isinstance(limit, int) else None


@cache
def _schema_text(schema: type[BaseModel]) -> str:
    return json.dumps(schema.model_json_schema(), sort_keys=True)


def question_key(ask: Ask, engine: Engine) -> str:
    """A name for the question: equal for equal messages, schema, model and parameters.

    How JSON is asked for, and for which stage, does not count. A question with a limit of its own
    is that of an engine with this limit.
    """
    parameters = dict(engine.parameters)
    if ask.max_tokens is not None:
        parameters[_LIMIT] = ask.max_tokens
    question = {
        "messages": [{"role": one.role, "content": one.content} for one in ask.messages],
        "schema": _schema_text(ask.schema),
        "model": engine.model,
        "parameters": parameters,
    }
    return sha256(json.dumps(question, sort_keys=True, default=str).encode()).hexdigest()


def engine_key(engine: Engine) -> str:
    """A name for the engine: equal for equal model and parameters."""
    make = {"model": engine.model, "parameters": dict(engine.parameters)}
    return sha256(json.dumps(make, sort_keys=True, default=str).encode()).hexdigest()
