"""Adapts requests to servers that refuse a parameter or a role.

What a server refuses is learned from its error messages, once per run. The ledger key remains that
of the original request, so that later runs find the replies.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from ..errors import CallFailed
from .base import Message, Role

Shape: TypeAlias = tuple[Role, ...]
"""The roles of a conversation, in order."""
_LENGTHS: Final[Mapping[str, str]] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
"""The two names of the limit on a reply's tokens, each with the other one."""
_REQUIRED: Final = frozenset(
    {"model", "messages", "response_format", "timeout", "api_key", "api_base", "base_url", "stream"}
)
"""Parameters without which a request cannot be sent."""
# 422 is FastAPI's status for an invalid field: vLLM and many own servers are built on it.
_STATUS: Final = frozenset({400, 422})
# The patterns follow the messages of real servers that tests/inference/test_adaptation.py quotes.
_REFUSES: Final = re.compile(
    r"(not|n't) support|unsupported|unknown|unrecogni[sz]ed|unexpected|extra[_ ](input|field|forb)"
    r"|not (be )?(permitted|allowed|accepted|enabled|available)|deprecated|no longer"
    r"|only (the )?(default|1)\b|cannot both|mutually exclusive|is not one of|invalid parameter",
    re.IGNORECASE,
)
_NAMED: Final = (
    r"['\"`]{name}['\"`]"
    r"|\b(parameters?|arguments?|supplied|invalid)\W{{1,3}}{name}\b"
    r"|\b{name} (is|does|must|and|cannot)\b"
)
# A sentence that only contains the word must not count: prompts and texts are echoed in errors.
_ROLES: Final = re.compile(
    r"\b(system|developer)\W{1,2}(roles?|messages?|prompts?|instructions?)\b"
    r"|\broles?\b.{0,40}\bsystem\b",
    re.IGNORECASE,
)
# Raised by the chat templates of open models; servers pass them on with any status.
_TEMPLATE: Final = re.compile(
    r"roles? must alternate|only user(,| and| or) (assistant|model)|raise_exception|jinja"
    r"|template ?error",
    re.IGNORECASE,
)
_PREVIOUS_ANSWER: Final = "Your answer was:\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """Changes to the form of requests, for the rest of a run."""

    names: Mapping[str, str] = field(default_factory=dict)
    """New name of each renamed parameter; empty for one that is left out."""
    one_message: frozenset[Shape] = frozenset()
    """Conversations that begin with these roles are sent as one user message."""

    def arguments(self, original: Mapping[str, object]) -> dict[str, object]:
        """The parameters in their adapted form."""
        adapted = {self.names.get(name, name): value for name, value in original.items()}
        adapted.pop("", None)
        return adapted

    def messages(self, original: tuple[Message, ...]) -> tuple[Message, ...]:
        """The conversation in its adapted form; a single message begins with the system text."""
        shape = _shape(original)
        if not any(shape[: len(prefix)] == prefix for prefix in self.one_message):
            return original
        texts = (
            f"{_PREVIOUS_ANSWER if turn.role == 'assistant' else ''}{turn.content}"
            for turn in original
        )
        return (Message("user", "\n\n".join(texts)),)


class FormRefused(CallFailed):
    """A server refuses a request in the form in which it was sent.

    Args:
        message: The server's error message.
        alternative: The adaptation to try next.
        notice: A message for the user, if that succeeds.
    """

    def __init__(self, message: str, *, alternative: Adaptation, notice: str) -> None:
        super().__init__(message)
        self.alternative = alternative
        self.notice = notice


class Adapter:
    """Learns from a server's refusals until it has answered.

    After an answer, an error teaches nothing: its message may only echo a prompt.

    Args:
        parameters: Names of the parameters in the original requests.
        notify: Called with each adaptation, once the server has answered a request in that form.
    """

    def __init__(self, parameters: Iterable[str], notify: Callable[[str], object]) -> None:
        self._parameters = tuple(name for name in parameters if name not in _REQUIRED)
        self._notify = notify
        self._pending_notices: list[str] = []
        self._answered: set[Shape] = set()
        self.adaptation = Adaptation()

    def answered(self, messages: tuple[Message, ...]) -> None:
        """Records that a conversation was answered."""
        self._answered.add(_shape(messages))
        while self._pending_notices:
            self._notify(self._pending_notices.pop(0))

    def refusal(
        self,
        text: str,
        *,
        status: int | None,
        messages: tuple[Message, ...],
        adaptation: Adaptation,
    ) -> FormRefused | None:
        """The failure if the server may accept the request in another form.

        Args:
            text: The server's error message.
            status: The status of its response.
            messages: The original conversation.
            adaptation: The form in which it was sent.
        """
        is_new = _shape(messages) not in self._answered
        if is_new and (refused := _refused_roles(text, messages, adaptation)):
            return refused
        if self._answered or status not in _STATUS:
            return None
        return _refused_parameter(text, self._parameters, adaptation)

    def adapt(self, refused: FormRefused, adaptation: Adaptation) -> None:
        """Adopts the alternative to `adaptation`, unless a concurrent call already has."""
        if self.adaptation == adaptation:
            self.adaptation = refused.alternative
            self._pending_notices.append(refused.notice)


def _shape(messages: Iterable[Message]) -> Shape:
    return tuple(message.role for message in messages)


def _refused_parameter(
    text: str, parameters: Iterable[str], adaptation: Adaptation
) -> FormRefused | None:
    """The failure if the server's message names a parameter and refuses it."""
    original = {adaptation.names.get(name, name): name for name in parameters}
    original.pop("", None)
    offsets = {name: match.start() for name in original if (match := _mention(name, text))}
    if not offsets or not _REFUSES.search(text):
        return None
    # Messages name the refused parameter before its alternatives.
    refused = min(offsets, key=lambda name: offsets[name])
    is_renamed = original[refused] in adaptation.names
    new_name = "" if is_renamed else _alternative_name(refused, text, original)
    consequence = f"it is sent as {new_name!r}" if new_name else "it is left out"
    return FormRefused(
        text,
        alternative=replace(adaptation, names={**adaptation.names, original[refused]: new_name}),
        notice=f"the judge does not accept {refused!r} as requested: {consequence}",
    )


def _refused_roles(
    text: str, messages: tuple[Message, ...], adaptation: Adaptation
) -> FormRefused | None:
    """The failure if the server refuses the roles of a conversation, such as `system`."""
    if len(adaptation.messages(messages)) == 1:
        return None
    if not (_TEMPLATE.search(text) or (_ROLES.search(text) and _REFUSES.search(text))):
        return None
    shape = _shape(messages)
    return FormRefused(
        text,
        alternative=replace(adaptation, one_message=adaptation.one_message | {shape}),
        notice=f"the judge does not accept messages with the roles {', '.join(shape)}: "
        "they are sent as one user message",
    )


def _mention(name: str, text: str) -> re.Match[str] | None:
    """Where a message names a parameter, as opposed to using the same word."""
    return re.search(_NAMED.format(name=re.escape(name)), text, re.IGNORECASE)


def _alternative_name(name: str, text: str, used: Iterable[str]) -> str:
    """The other name of a token limit if the server's message contains it; else empty."""
    other = _LENGTHS.get(name, "")
    return other if other and other in text and other not in used else ""
