"""What a notebook shows of a run: its accounting, its tree and each model's signature, as HTML.

A fragment without scripts and without classes of its own; its colours suit light and dark pages.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate, pairwise
from typing import Final, Protocol

from ..analysis import Accounting, CategoryRate, Signature
from ..presentation.formatting import rated
from ..presentation.sanitize import more, visible
from ..presentation.wording import MOCK
from ..taxonomy import reserved

CATEGORIES: Final = 150
MODELS: Final = 30
_TREE_BYTES: Final = 80_000
_TABLE_BYTES: Final = 115_000
_TOP: Final = 5
_NAME: Final = 60
_BLUE, _GREY = "#3d8bc9", "#8f8f8f"
"""Stand out 3 to 1 and more from white and from near-black."""
_RULE: Final = "border-left:1px solid rgba(128,128,128,.4)"
_NUMBER: Final = "font-variant-numeric:tabular-nums;white-space:nowrap"
_CELL: Final = (
    "min-width:4.5em;text-align:left;vertical-align:top;padding:.15em .8em .15em 0;border:0"
)
_NEXT: Final = "background:none;border:0"
_FIRST: Final = "background:none;border-top:1px solid rgba(128,128,128,.4)"
_WHISKER: Final = (
    "box-sizing:border-box;border:solid currentColor;border-width:0 1px;"
    "background:linear-gradient(currentColor,currentColor) center/100% 1px no-repeat"
)
_RESERVED: Final = frozenset(category.id for category in reserved())


class NotebookSummary(Protocol):
    """The part of a run's summary that a notebook shows."""

    @property
    def exp_id(self) -> str:
        """Name of the run."""

    @property
    def analyst(self) -> str:
        """Name of the analyst."""

    @property
    def mock(self) -> bool:
        """Whether the answers are a mock's."""

    @property
    def accounting(self) -> Accounting:
        """Rows by state."""

    @property
    def overall(self) -> Signature | None:
        """All models together; None if nothing was scored."""

    @property
    def models(self) -> Sequence[Signature]:
        """Each model by itself."""


def summary_html(summary: NotebookSummary) -> str:
    """A fragment that stands on its own; under 200 KB, with what was left out told.

    Args:
        summary: Of a run.
    """
    return "".join(_parts(summary))


def _parts(summary: NotebookSummary) -> Iterator[str]:
    # the two classes keep MathJax, which notebooks load, from reading names as formulas
    yield (
        '<div class="tex2jax_ignore mathjax_ignore" style="font-family:system-ui,sans-serif;'
        'font-size:13px;line-height:1.45;text-align:left;max-width:62em;overflow-wrap:anywhere">'
    )
    if summary.mock:
        yield f"<p><b>{MOCK}</b></p>"
    yield f"<p><b>ErrorMap {shown(summary.exp_id)}</b>: analysed by {shown(summary.analyst)}<br>"
    counts = (f"{n:,} {state.replace('_', ' ')}" for state, n in summary.accounting if n)
    yield f"{summary.accounting.rows:,} rows: {', '.join(counts) or 'none'}</p>"
    overall = summary.overall
    if overall is None or overall.explained is None:
        yield "<p>There are no failures to study.</p></div>"
        return
    yield from _tree(overall)
    yield from _models(summary.models)
    yield "</div>"


def shown(text: str, *, most: int = _NAME) -> str:
    r"""A name as HTML: nothing in it is markup, a formula, or changes the direction of others.

    Example:
        >>> shown("<b> $x$")
        '<bdi>&lt;b&gt; <span>$</span>x<span>$</span></bdi>'
    """
    safe = escape(visible(text, most=most))
    for mark in ("$", "\\"):  # alone in its element, it begins no formula
        safe = safe.replace(mark, f"<span>{mark}</span>")
    return f"<bdi>{safe}</bdi>"


def _tree(overall: Signature) -> Iterator[str]:
    failed, explained = overall.failure_rate, overall.explained
    told = f"{failed.hits:,} failures"
    if overall.attempts_known:
        told += f" of {failed.trials:,}: {rated(failed)}"
    if explained and not overall.mock:
        told += f"; {explained.trials:,} studied: {rated(explained)} explained"
    yield f"<details open><summary><b>{told}</b></summary>"
    rates = overall.categories
    deeper = [after.depth > one.depth for one, after in pairwise(rates)] + [False]
    nodes = [
        _node(rate, parent=parent)
        for rate, parent in zip(rates[:CATEGORIES], deeper[:CATEGORIES], strict=True)
    ]
    kept = _within(nodes, _TREE_BYTES)
    open_levels: list[int] = []
    for rate, parent, node in zip(rates[:kept], deeper[:kept], nodes[:kept], strict=True):
        while open_levels and open_levels[-1] >= rate.depth:
            open_levels.pop()
            yield "</details>"
        if parent:
            open_levels.append(rate.depth)
        yield node
    yield "</details>" * len(open_levels)
    if len(rates) > kept:
        yield f"<div>{more(len(rates) - kept, 'category', 'categories')}</div>"
    yield "</details>"


def _within(parts: Sequence[str], most: int) -> int:
    """How many parts from the first on take no more than so many bytes together."""
    ends = accumulate(len(part.encode()) for part in parts)
    return sum(end <= most for end in ends)


def _node(rate: CategoryRate, *, parent: bool) -> str:
    name = shown(rate.category.name)
    strong = f"<b>{name}</b>" if rate.depth == 1 else name
    numbers = f"{rate.share.hits:,} · {rated(rate.share)}"
    told = f'{strong} <span style="{_NUMBER};margin-left:.5em">{numbers}</span>'
    step = f"margin-left:1.1em;padding-left:.5em;{_RULE}"
    if parent:
        return f'<details style="{step}"><summary>{told}</summary>'
    return f'<div style="{step}">{told}</div>'


def _models(models: Sequence[Signature]) -> Iterator[str]:
    looks = "border-collapse:collapse;border:0;margin-top:.8em;font-size:inherit;color:inherit"
    yield (
        f'<table style="{looks};background:none"><thead><tr style="background:none">'
        f'<th style="{_CELL}">model</th><th style="{_CELL}">failure rate [95 %]</th>'
        f'<th style="{_CELL}" colspan="3">top categories: share of its failures [95 %]</th></tr>'
        "</thead><tbody>"
    )
    rows = ["".join(_rows(one)) for one in models[:MODELS]]
    kept = _within(rows, _TABLE_BYTES)
    yield from rows[:kept]
    yield "</tbody></table>"
    if len(models) > kept:
        yield f"<div>{more(len(models) - kept, 'model', 'models')}</div>"


def _rows(one: Signature) -> Iterator[str]:
    failed, top = one.failure_rate, _shown_of(one)
    span = f' rowspan="{len(top)}"' if len(top) > 1 else ""
    head = (
        f'<th scope="row"{span} style="{_CELL}">{shown(one.model)}</th>'
        f'<td{span} style="{_CELL};{_NUMBER}">{_failed(one)}</td>'
    )
    if not top:
        told = "no failures" if not failed.hits else "none of them was studied"
        top_row = f'<td style="{_CELL}" colspan="3">{told}</td>'
        yield f'<tr style="{_FIRST}">{head}{top_row}</tr>'
    for number, rate in enumerate(top):
        cells = (
            f'<td style="{_CELL}">{shown(rate.category.name)}</td>'
            f'<td style="{_CELL};width:8em">{_bar(rate)}</td>'
            f'<td style="{_CELL};{_NUMBER}">{rated(rate.share)} of {rate.share.trials:,}</td>'
        )
        yield (
            f'<tr style="{_NEXT}">{cells}</tr>'
            if number
            else (f'<tr style="{_FIRST}">{head}{cells}</tr>')
        )


def _failed(one: Signature) -> str:
    failed = one.failure_rate
    if not one.attempts_known:
        return f"unknown: {failed.hits:,} failures"
    return f"{rated(failed)}<br>{failed.hits:,} of {failed.trials:,}"


def _shown_of(one: Signature) -> list[CategoryRate]:
    """The most frequent categories, and the reserved ones: often they are the largest."""
    kinds = [rate for rate in one.top if rate.category.id not in _RESERVED]
    return [*kinds[:_TOP], *(rate for rate in one.top if rate.category.id in _RESERVED)]


def _bar(rate: CategoryRate) -> str:
    """A bar with its interval as a whisker; the numbers stand beside it."""
    share = rate.share
    colour = _GREY if rate.category.id in _RESERVED else _BLUE
    bar = f"top:.2em;height:.8em;left:0;width:{100 * share.value:.1f}%;background:{colour}"
    ends = f"left:{100 * share.low:.1f}%;width:{100 * (share.high - share.low):.1f}%"
    return (
        '<div aria-hidden="true" style="position:relative;width:8em;height:1.2em">'
        f'<div style="position:absolute;{bar}"></div>'
        f'<div style="position:absolute;top:.35em;height:.5em;{ends};{_WHISKER}"></div></div>'
    )
