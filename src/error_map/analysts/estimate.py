"""What a run would ask of a model and what that costs, as a range, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, NoReturn

from ..errors import CallFailed
from ..inference.base import Ask
from .llm.analyst import Settings, cluster_limit
from .llm.structured_output import MORE_TOKENS

BYTES_A_TOKEN: Final = (4.5, 3.0)
"""Of plain English, and of code, formulas and most other scripts: the few tokens and the many."""
_DIAGNOSIS_OUT: Final = (200, 800)
"""Tokens of one diagnosis, of few and of many criteria."""
_REPAIRED: Final = 0.05
"""Share of the answers that may need a second call."""
_FEW_TITLES: Final = 10
"""Different titles, where the failures are much alike; at the most each has its own."""
_INSTRUCTIONS: Final = 300
"""Tokens of a prompt of the taxonomy without its lists."""
_TITLE: Final = (15, 70)
"""Tokens of one title in a prompt: alone, and with its example summaries."""
_CATEGORY: Final = 50
"""Tokens of one category, asked or answered."""
_PLACE: Final = 15
"""Tokens of one place, answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """So much of a model's work."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, more: "Amount", *, times: int = 1) -> "Amount":
        """Both together, the second so many times."""
        return Amount(
            calls=self.calls + times * more.calls,
            tokens_in=self.tokens_in + times * more.tokens_in,
            tokens_out=self.tokens_out + times * more.tokens_out,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The least and the most that is to be expected."""

    low: Amount = Amount()
    high: Amount = Amount()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run would ask."""

    analyst: str
    failures: int
    """Under study."""
    answered: int
    """Of these, failures that need no call: the ledger has the answers."""
    stages: Mapping[str, Span]
    """Empty where no model is asked."""
    price: tuple[float, float] | None
    """US dollars for a token in and a token out; None where unknown."""

    @property
    def total(self) -> Span:
        """Of all stages."""
        low, high = Amount(), Amount()
        for span in self.stages.values():
            low, high = low.plus(span.low), high.plus(span.high)
        return Span(low, high)

    def dollars(self, amount: Amount) -> float | None:
        """The price of an amount, without discounts; None where unknown."""
        if self.price is None:
            return None
        into, out = self.price
        return amount.tokens_in * into + amount.tokens_out * out


class Unsent:
    """An engine that notes what it is asked, and fails every call.

    Args:
        model: That would be asked.
        parameters: With which it would be.
    """

    def __init__(self, model: str, parameters: Mapping[str, object]) -> None:
        self.model = model
        self.parameters = parameters
        self._seen: set[int] = set()
        self.turned_away = 0
        """Questions, with those that came twice."""
        self.size_bytes = 0
        """Of the different questions, in UTF-8."""

    @property
    def calls(self) -> int:
        """Different questions."""
        return len(self._seen)

    async def ask(self, ask: Ask) -> NoReturn:
        """No reply.

        Raises:
            CallFailed: Always.
        """
        self.turned_away += 1
        question = hash(ask.messages)
        if question not in self._seen:
            self._seen.add(question)
            self.size_bytes += sum(_bytes(message.content) for message in ask.messages)
        raise CallFailed("nothing is sent in a dry run")


def diagnosis_span(
    calls: int, size_bytes: int, *, max_tokens: int, is_reasoning: bool = False
) -> Span:
    """What the diagnosis asks: every question once, or some of them again to have them repaired.

    Where an answer may be longer than `max_tokens`, each may be asked for again with more of them.

    Args:
        calls: Different questions.
        size_bytes: Of all of them.
        max_tokens: Of one answer, at the most, when it is asked for first.
        is_reasoning: Whether the model is known to think, which may take all of them.
    """
    few, many = (size_bytes / each for each in BYTES_A_TOKEN)
    short, long = _DIAGNOSIS_OUT
    out = max_tokens if is_reasoning else min(long, max_tokens)
    low = Amount(calls=calls, tokens_in=round(few), tokens_out=calls * min(short, max_tokens))
    each = round(many / max(calls, 1))
    once = Amount(calls=calls, tokens_in=round(many), tokens_out=calls * out)
    repair = Amount(calls=1, tokens_in=each + 2 * long, tokens_out=out)
    high = once.plus(repair, times=ceil(calls * _REPAIRED))
    if max_tokens < long:
        again = Amount(calls=1, tokens_in=each, tokens_out=min(long, MORE_TOKENS * max_tokens))
        high = high.plus(again, times=calls)
    return Span(low, high)


def taxonomy_span(titles: int, settings: Settings) -> Span:
    """What proposing categories and placing titles asks: with few different titles, or with many.

    Args:
        titles: At the most.
        settings: Sizes of batches, categories and levels.

    Example:
        >>> span = taxonomy_span(2_000, Settings())
        >>> span.low.calls, span.high.calls
        (3, 771)
    """
    if not titles:
        return Span()
    few = _level(min(titles, _FEW_TITLES), settings, levels=settings.max_depth, title=_TITLE[0])
    many = _level(titles, settings, levels=settings.max_depth, title=_TITLE[1])
    again = ceil(titles * _REPAIRED)
    limit = cluster_limit(titles, settings.max_num_clusters, top=True)
    alone = Amount(
        calls=1, tokens_in=_INSTRUCTIONS + limit * _CATEGORY + _TITLE[1], tokens_out=_PLACE
    )
    return Span(few, many.plus(alone, times=again))


def _level(titles: int, settings: Settings, *, levels: int, title: int) -> Amount:
    """Dividing so many titles, and as many categories of them as can be, so many levels down."""
    top = levels == settings.max_depth
    limit = cluster_limit(titles, settings.max_num_clusters, top=top)
    listed = limit * _CATEGORY
    proposals = ceil(titles / settings.proposal_batch)
    placements = ceil(titles / settings.placement_batch)
    merges = int(proposals > 1)
    calls = proposals + merges + 1 + placements
    here = Amount(
        calls=calls,
        tokens_in=calls * _INSTRUCTIONS
        + 2 * titles * title
        + (merges * proposals + 1 + placements) * listed,
        tokens_out=(proposals + merges + 1) * listed + titles * _PLACE,
    )
    divided = min(limit, titles // settings.least_to_divide)
    if not levels or not divided:
        return here
    inside = ceil(titles / divided)
    return here.plus(_level(inside, settings, levels=levels - 1, title=title), times=divided)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
