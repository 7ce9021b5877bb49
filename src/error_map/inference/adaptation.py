"""How questions are sent otherwise than they were asked for, where a server wants it so.

What a server refuses is learnt from its words, once a run. A question's key stays that of what was
asked for, so a later run finds the replies.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from ..errors import CallFailed
from .base import Message, Role

Shape: TypeAlias = tuple[Role, ...]
"""The roles of a conversation, in order."""
_LENGTHS: Final[Mapping[str, str]] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
"""The names of the limit of an answer's tokens, each with the other one."""
_KEPT: Final = frozenset(
    {"model", "messages", "response_format", "timeout", "api_key", "api_base", "base_url", "stream"}
)
"""Without these there is no question."""
_STATUS: Final = frozenset({400, 422})
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
_ROLES: Final = re.compile(
    r"\b(system|developer)\W{1,2}(roles?|messages?|prompts?|instructions?)\b"
    r"|\broles?\b.{0,40}\bsystem\b",
    re.IGNORECASE,
)
_TEMPLATE: Final = re.compile(
    r"roles? must alternate|only user(,| and| or) (assistant|model)|raise_exception|jinja"
    r"|template ?error",
    re.IGNORECASE,
)
_SAID: Final = "Your answer was:\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """What is sent otherwise, for the rest of a run."""

    names: Mapping[str, str] = field(default_factory=dict)
    """A parameter's name to the one that it is sent by; to an empty one where it is left out."""
    one_message: frozenset[Shape] = frozenset()
    """Conversations that begin so are sent as one message of the user."""

    def arguments(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters as they are sent."""
        named = {self.names.get(name, name): value for name, value in asked.items()}
        named.pop("", None)
        return named

    def messages(self, asked: tuple[Message, ...]) -> tuple[Message, ...]:
        """A conversation as it is sent; as one message, the system's text comes first."""
        shape = _shape(asked)
        if not any(shape[: len(begun)] == begun for begun in self.one_message):
            return asked
        texts = (f"{_SAID if one.role == 'assistant' else ''}{one.content}" for one in asked)
        return (Message("user", "\n\n".join(texts)),)


class WayRefused(CallFailed):
    """A server does not take a question in the way in which it was sent.

    Args:
        message: The server's words.
        instead: What to try.
        notice: What to tell if that succeeds.
    """

    def __init__(self, message: str, *, instead: Adaptation, notice: str) -> None:
        super().__init__(message)
        self.instead = instead
        self.notice = notice


class Adapting:
    """Learns from a server's refusals, until it has answered.

    An error that comes after an answer, and may only echo a prompt, teaches nothing.

    Args:
        asked: Names of the parameters that are asked for.
        tell: Told what is sent otherwise, once that was answered.
    """

    def __init__(self, asked: Iterable[str], tell: Callable[[str], object]) -> None:
        self._asked = tuple(name for name in asked if name not in _KEPT)
        self._tell = tell
        self._untold: list[str] = []
        self._answered: set[Shape] = set()
        self.sent = Adaptation()

    def answered(self, messages: tuple[Message, ...]) -> None:
        """A conversation had an answer."""
        self._answered.add(_shape(messages))
        while self._untold:
            self._tell(self._untold.pop(0))

    def refusal(
        self, text: str, *, status: int | None, messages: tuple[Message, ...], sent: Adaptation
    ) -> WayRefused | None:
        """The fault if a server wants a question sent otherwise.

        Args:
            text: What the server says.
            status: Of its response.
            messages: The conversation, as it was asked for.
            sent: How it was sent.
        """
        if _shape(messages) not in self._answered and (fault := _of_roles(text, messages, sent)):
            return fault
        if self._answered or status not in _STATUS:
            return None
        return _of_a_parameter(text, self._asked, sent)

    def adapt(self, refused: WayRefused, sent: Adaptation) -> None:
        """Sends otherwise what was refused as `sent`, unless another call has seen to it."""
        if self.sent == sent:
            self.sent = refused.instead
            self._untold.append(refused.notice)


def _shape(messages: Iterable[Message]) -> Shape:
    return tuple(message.role for message in messages)


def _of_a_parameter(text: str, asked: Iterable[str], sent: Adaptation) -> WayRefused | None:
    """The fault if a parameter is named and not taken."""
    own = {sent.names.get(name, name): name for name in asked}
    own.pop("", None)
    places = {name: place.start() for name in own if (place := _place(name, text))}
    if not places or not _REFUSES.search(text):
        return None
    refused = min(places, key=lambda name: places[name])
    other = "" if own[refused] in sent.names else _other_name(refused, text, own)
    told = f"it is sent as {other!r}" if other else "it is left out"
    return WayRefused(
        text,
        instead=replace(sent, names={**sent.names, own[refused]: other}),
        notice=f"the judge does not take {refused!r} as it was asked for: {told}",
    )


def _of_roles(text: str, messages: tuple[Message, ...], sent: Adaptation) -> WayRefused | None:
    """The fault if the roles of a conversation, such as the system's, are not taken."""
    if len(sent.messages(messages)) == 1:
        return None
    if not (_TEMPLATE.search(text) or (_ROLES.search(text) and _REFUSES.search(text))):
        return None
    shape = _shape(messages)
    return WayRefused(
        text,
        instead=replace(sent, one_message=sent.one_message | {shape}),
        notice=f"the judge does not take messages of {', '.join(shape)}: "
        "they are sent as one message of the user",
    )


def _place(name: str, text: str) -> re.Match[str] | None:
    """Where a parameter is named, and not only its word used."""
    return re.search(_NAMED.format(name=re.escape(name)), text, re.IGNORECASE)


def _other_name(name: str, text: str, taken: Iterable[str]) -> str:
    """The name that a server wants for a limit of tokens; empty where it tells none."""
    other = _LENGTHS.get(name, "")
    return other if other and other in text and other not in taken else ""
