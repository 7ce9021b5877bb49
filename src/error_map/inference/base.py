"""Ask, Reply and the Engine protocol: the interface to every model."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Final, Literal, Protocol, TypeAlias

from pydantic import BaseModel

Role: TypeAlias = Literal["system", "user", "assistant"]
Mode: TypeAlias = Literal["json_schema", "json_object", "text"]
"""How JSON is requested: by schema, as any object, or in the prompt alone."""
LESS_STRICT: Final[Mapping[Mode, Mode]] = {"json_schema": "json_object", "json_object": "text"}
"""The mode to fall back to if a mode is refused or yields only invalid answers."""
_STRICTEST_FIRST: Final[Mapping[Mode, int]] = {"json_schema": 0, "json_object": 1, "text": 2}
_MAX_TOKENS: Final = "max_tokens"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One logical request: the transport mode is not part of it."""

    stage: str
    """The stage that the totals count it under; not part of the ledger key."""
    messages: tuple[Message, ...]
    schema: type[BaseModel]
    """The schema of the answer."""
    fresh: bool = False
    """Ignore replies that were recorded before this run; not part of the ledger key."""
    max_tokens: int | None = None
    """Maximum tokens of the reply; None for the engine's own limit."""
    mode: Mode | None = None
    """The strictest mode to use; None for the engine's own; not part of the ledger key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A model's reply, and what it cost."""

    text: str
    """Empty if the model returned no content."""
    finish: str = "stop"
    """The provider's finish reason; `length` if the reply was cut at its token limit."""
    refusal: str = ""
    """The provider's separate refusal message; empty if there is none."""
    thought: bool = False
    """Whether the provider reports reasoning separately from the text."""
    recorded: bool = field(default=False, compare=False)
    """Whether it comes from the ledger."""
    mode: Mode = "json_schema"
    tokens_in: int = 0
    tokens_cached: int = 0
    """The part of `tokens_in` that the provider served from its prompt cache."""
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars; None if the price is unknown."""


class Engine(Protocol):
    """Answers requests; wrappers are engines around an engine."""

    @property
    def model(self) -> str:
        """The model's name, as the output files show it."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """Everything else that can change an answer and is not secret."""

    async def ask(self, ask: Ask) -> Reply:
        """Returns the model's reply.

        Raises:
            CallFailed: This call has no reply; others may have one.
            ModelUnusable: No call can succeed.
            BudgetExceeded: No further call is allowed.
        """


class EngineWrapper:
    """Base of the wrappers: forwards the model and the parameters of the inner engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def model(self) -> str:
        """The inner engine's model."""
        return self._engine.model

    @property
    def parameters(self) -> Mapping[str, object]:
        """The inner engine's parameters."""
        return self._engine.parameters


def least_strict(mode: Mode, other: Mode | None) -> Mode:
    """The less strict of two modes.

    Example:
        >>> least_strict("json_schema", "text"), least_strict("json_object", None)
        ('text', 'json_object')
    """
    return max(mode, other or mode, key=_STRICTEST_FIRST.__getitem__)


def max_tokens_of(engine: Engine) -> int | None:
    """Maximum tokens of one reply that an engine requests; None if it sets no limit."""
    limit = engine.parameters.get(_MAX_TOKENS)
    return limit if isinstance(limit, int) else None


# Unbounded: there are five schemas. Building one takes longer than hashing a whole prompt.
@cache
def _schema_text(schema: type[BaseModel]) -> str:
    return json.dumps(schema.model_json_schema(), sort_keys=True)


def question_key(ask: Ask, engine: Engine) -> str:
    """The ledger key of a request: SHA-256 over messages, schema, model and parameters.

    Mode and stage are not part of it. A request with its own token limit has the key that it would
    have with an engine of that limit.
    """
    parameters = dict(engine.parameters)
    if ask.max_tokens is not None:
        parameters[_MAX_TOKENS] = ask.max_tokens
    # Sorted keys, as the order of options must not matter; `str` for objects in litellm_config.
    question = {
        "messages": [{"role": turn.role, "content": turn.content} for turn in ask.messages],
        "schema": _schema_text(ask.schema),
        "model": engine.model,
        "parameters": parameters,
    }
    return sha256(json.dumps(question, sort_keys=True, default=str).encode()).hexdigest()


def engine_key(engine: Engine) -> str:
    """The ledger key of an engine's notes: SHA-256 over its model and parameters."""
    identity = {"model": engine.model, "parameters": dict(engine.parameters)}
    return sha256(json.dumps(identity, sort_keys=True, default=str).encode()).hexdigest()
