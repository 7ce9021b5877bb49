"""Estimates the calls, tokens and cost of a run as a range, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final, NoReturn

from ..errors import CallFailed
from ..inference.base import Ask
from .llm.analyst import Settings, cluster_limit
from .llm.structured_output import MORE_TOKENS

BYTES_A_TOKEN: Final = (4.5, 3.0)
"""Bytes per token of plain English, for the low end of the range; then of code, formulas and most
other scripts."""
_DIAGNOSIS_OUT: Final = (200, 800)
"""Output tokens of one diagnosis with few and with many criteria."""
_REPAIRED: Final = 0.05
"""Share of the replies that may need a second call; a careful guess, as models differ widely."""
_FEW_TITLES: Final = 10
"""Unique titles if the failures are much alike; at the high end every failure has its own."""
_INSTRUCTIONS: Final = 300
"""Tokens of a taxonomy prompt without its lists of titles and categories."""
_TITLE: Final = (15, 70)
"""Input tokens per title: the title alone, and with its example summaries."""
_CATEGORY: Final = 50
"""Tokens per category, in a prompt or in a reply."""
_PLACE: Final = 15
"""Output tokens per assigned title: two short integers in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """An amount of model use."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def plus(self, more: "Amount", *, times: int = 1) -> "Amount":
        """The sum of this amount and `times` times another."""
        return Amount(
            calls=self.calls + times * more.calls,
            tokens_in=self.tokens_in + times * more.tokens_in,
            tokens_out=self.tokens_out + times * more.tokens_out,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The low and the high end of what is to be expected."""

    low: Amount = Amount()
    high: Amount = Amount()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run would ask of a model."""

    analyst: str
    failures: int
    """Failures to be studied."""
    answered: int
    """Those of them that need no call, as the ledger has the replies."""
    stages: Mapping[str, Span]
    """By stage; empty if no model is called."""
    price: tuple[float, float] | None
    """US dollars per input token and per output token; None if unknown."""

    @property
    def total(self) -> Span:
        """The sum over all stages."""
        low, high = Amount(), Amount()
        for span in self.stages.values():
            low, high = low.plus(span.low), high.plus(span.high)
        return Span(low, high)

    def dollars(self, amount: Amount) -> float | None:
        """The price of an amount in US dollars, without discounts; None if unknown."""
        if self.price is None:
            return None
        input_price, output_price = self.price
        return amount.tokens_in * input_price + amount.tokens_out * output_price


class Unsent:
    """An engine that counts requests and sends none: every call fails.

    Args:
        model: Name of the model that would be called.
        parameters: Its parameters.
    """

    def __init__(self, model: str, parameters: Mapping[str, object]) -> None:
        self.model = model
        self.parameters = parameters
        self._seen: set[int] = set()
        self.turned_away = 0
        """Requests, repeated ones included."""
        self.size_bytes = 0
        """Size of the unique requests, in UTF-8 bytes."""

    @property
    def calls(self) -> int:
        """Unique requests."""
        return len(self._seen)

    async def ask(self, ask: Ask) -> NoReturn:
        """Counts the request.

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
    """The range of the diagnosis: each request once, or some of them again for a repair.

    If a reply may be longer than `max_tokens`, every request may be repeated with a higher limit.

    Args:
        calls: Unique requests.
        size_bytes: Their total size.
        max_tokens: Token limit of a reply at the first attempt.
        is_reasoning: Whether the model is known to think, which may use up the whole limit.
    """
    few, many = (size_bytes / size for size in BYTES_A_TOKEN)
    short, long = _DIAGNOSIS_OUT
    out = max_tokens if is_reasoning else min(long, max_tokens)
    low = Amount(calls=calls, tokens_in=round(few), tokens_out=calls * min(short, max_tokens))
    per_call = round(many / max(calls, 1))
    once = Amount(calls=calls, tokens_in=round(many), tokens_out=calls * out)
    repair = Amount(calls=1, tokens_in=per_call + 2 * long, tokens_out=out)
    high = once.plus(repair, times=ceil(calls * _REPAIRED))
    if max_tokens < long:
        again = Amount(calls=1, tokens_in=per_call, tokens_out=min(long, MORE_TOKENS * max_tokens))
        high = high.plus(again, times=calls)
    return Span(low, high)


def taxonomy_span(titles: int, settings: Settings) -> Span:
    """The range of the taxonomy: with few unique titles, and with the maximum of them.

    Args:
        titles: Maximum number of unique titles.
        settings: Sizes of batches, numbers of categories and levels.

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
    """Dividing titles into categories, and as many of these as possible again, down the levels."""
    top = levels == settings.max_depth
    limit = cluster_limit(titles, settings.max_num_clusters, top=top)
    listed = limit * _CATEGORY
    proposals = ceil(titles / settings.proposal_batch)
    placements = ceil(titles / settings.placement_batch)
    merges = int(proposals > 1)
    calls = proposals + merges + 1 + placements  # the 1 is the review of the categories
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
