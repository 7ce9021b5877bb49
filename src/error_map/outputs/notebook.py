"""Notebook view of a run as HTML: its accounting, its category tree and each model's signature.

A fragment without scripts or style sheets; its colours suit light and dark pages.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate, pairwise
from typing import Final, Protocol

from ..analysis import Accounting, CategoryRate, Signature
from ..presentation.charts import causes, explains, most_of_tree
from ..presentation.formatting import count, in_full, per_attempt_counts, rated
from ..presentation.sanitize import more, visible
from ..presentation.wording import MOCK, NO_FAILURES, PER_ATTEMPT, PER_FAILURE, tier_lines

MAX_CATEGORIES: Final = 150
MAX_MODELS: Final = 30
_TREE_BYTES: Final = 80_000
"""Bounds the tree, as `_TABLE_BYTES` bounds the table: together under 200 KB, as the fragment is
saved in the notebook file with every run of its cell."""
_TABLE_BYTES: Final = 115_000
_TOP_CATEGORIES: Final = 5
"""Categories per model; the reserved ones are added, as they are often the largest."""
_NAME_CHARS: Final = 60
_BLUE, _GREY = "#3d8bc9", "#8f8f8f"
"""Contrast of at least 3 to 1 on white and on near-black, the minimum of WCAG 2.2 for graphics."""
_RULE: Final = "border-left:1px solid rgba(128,128,128,.4)"
_NUMBER: Final = "font-variant-numeric:tabular-nums;white-space:nowrap"
_CELL: Final = (
    "min-width:4.5em;text-align:left;vertical-align:top;padding:.15em .8em .15em 0;border:0"
)
_NEXT_ROW: Final = "background:none;border:0"
_FIRST_ROW: Final = "background:none;border-top:1px solid rgba(128,128,128,.4)"
_WHISKER: Final = (
    "box-sizing:border-box;border:solid currentColor;border-width:0 1px;"
    "background:linear-gradient(currentColor,currentColor) center/100% 1px no-repeat"
)


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
    """A self-contained fragment under 200 KB that says what it leaves out.

    Args:
        summary: The summary of a run.
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
    run, analyst = name_html(summary.exp_id), name_html(summary.analyst)
    yield f"<p><b>ErrorMap {run}</b>: analysed by {analyst}<br>"
    counts = (f"{n:,} {state.replace('_', ' ')}" for state, n in summary.accounting if n)
    yield f"{summary.accounting.rows:,} rows: {', '.join(counts) or 'none'}</p>"
    overall = summary.overall
    if overall is None or overall.explained is None:
        yield f"<p>{NO_FAILURES}</p></div>"
        return
    yield from _tree(overall)
    yield from _models(summary.models)
    yield "</div>"


def name_html(text: str, *, most: int = _NAME_CHARS) -> str:
    r"""A name escaped for HTML: never markup, a formula, or a change of text direction.

    Example:
        >>> name_html("<b> $x$")
        '<bdi>&lt;b&gt; <span>$</span>x<span>$</span></bdi>'
    """
    safe = escape(visible(text, most=most))
    for mark in ("$", "\\"):  # MathJax finds no formula across elements
        safe = safe.replace(mark, f"<span>{mark}</span>")
    return f"<bdi>{safe}</bdi>"


def _tree(overall: Signature) -> Iterator[str]:
    failed = overall.failure_rate
    head = count(failed.hits, "failure")
    if overall.attempts_known:
        head += f" of {count(failed.trials, 'attempt')}: {rated(failed)}"
    if tiers := tier_lines(overall):
        known = "; ".join(f"{name}: {in_full(rate)}" for name, rate in tiers)
        head += f"; of those studied, {known}"
    yield f"<details open><summary><b>{head}</b></summary>"
    every = overall.categories
    rates = most_of_tree(every, MAX_CATEGORIES)
    parents = [after.depth > rate.depth for rate, after in pairwise(rates)] + [False]
    nodes = [_node(rate, parent=parent) for rate, parent in zip(rates, parents, strict=True)]
    shown = _within(nodes, _TREE_BYTES)
    open_levels: list[int] = []
    for rate, parent, node in zip(rates[:shown], parents[:shown], nodes[:shown], strict=True):
        while open_levels and open_levels[-1] >= rate.depth:
            open_levels.pop()
            yield "</details>"
        if parent:
            open_levels.append(rate.depth)
        yield node
    yield "</details>" * len(open_levels)
    if len(every) > shown:
        yield f"<div>{more(len(every) - shown, 'category', 'categories')}</div>"
    yield "</details>"


def _within(parts: Sequence[str], max_bytes: int) -> int:
    """How many of the first parts take at most `max_bytes` together."""
    ends = accumulate(len(part.encode()) for part in parts)
    return sum(end <= max_bytes for end in ends)


def _node(rate: CategoryRate, *, parent: bool) -> str:
    name = name_html(rate.category.name)
    label = f"<b>{name}</b>" if rate.depth == 1 else name
    numbers = f"{rate.share.hits:,} · {rated(rate.share)}"
    line = f'{label} <span style="{_NUMBER};margin-left:.5em">{numbers}</span>'
    step = f"margin-left:1.1em;padding-left:.5em;{_RULE}"
    if parent:
        return f'<details style="{step}"><summary>{line}</summary>'
    return f'<div style="{step}">{line}</div>'


def _models(models: Sequence[Signature]) -> Iterator[str]:
    looks = "border-collapse:collapse;border:0;margin-top:.8em;font-size:inherit;color:inherit"
    yield (
        f'<table style="{looks};background:none"><thead><tr style="background:none">'
        f'<th style="{_CELL}">model</th><th style="{_CELL}">failure rate [95 % interval]</th>'
        f'<th style="{_CELL}" colspan="3">top categories: {_measure(models)}</th>'
        "</tr></thead><tbody>"
    )
    rows = ["".join(_rows(model)) for model in models[:MAX_MODELS]]
    shown = _within(rows, _TABLE_BYTES)
    yield from rows[:shown]
    yield "</tbody></table>"
    if len(models) > shown:
        yield f"<div>{more(len(models) - shown, 'model', 'models')}</div>"


def _rows(model: Signature) -> Iterator[str]:
    failed, top = model.failure_rate, _top_categories(model)
    span = f' rowspan="{len(top)}"' if len(top) > 1 else ""
    head = (
        f'<th scope="row"{span} style="{_CELL}">{name_html(model.model)}</th>'
        f'<td{span} style="{_CELL};{_NUMBER}">{_failed(model)}</td>'
    )
    if not top:
        note = "no failures" if not failed.hits else "no failures studied"
        top_row = f'<td style="{_CELL}" colspan="3">{note}</td>'
        yield f'<tr style="{_FIRST_ROW}">{head}{top_row}</tr>'
    for number, rate in enumerate(top):
        cells = (
            f'<td style="{_CELL}">{name_html(rate.category.name)}</td>'
            f'<td style="{_CELL};width:8em">{_bar(rate, known=model.attempts_known)}</td>'
            f'<td style="{_CELL};{_NUMBER}">{_numbers(rate, known=model.attempts_known)}</td>'
        )
        yield (
            f'<tr style="{_NEXT_ROW}">{cells}</tr>'
            if number
            else (f'<tr style="{_FIRST_ROW}">{head}{cells}</tr>')
        )


def _measure(models: Sequence[Signature]) -> str:
    return PER_ATTEMPT if all(model.attempts_known for model in models) else PER_FAILURE


def _numbers(rate: CategoryRate, *, known: bool) -> str:
    if known:
        return f"{rated(rate.per_attempt)}, {per_attempt_counts(rate)}"
    return f"{rated(rate.share)} of {rate.share.trials:,}"


def _failed(model: Signature) -> str:
    failed = model.failure_rate
    if not model.attempts_known:
        return f"unknown: {count(failed.hits, 'failure')}"
    return f"{rated(failed)}<br>{failed.hits:,} of {failed.trials:,}"


def _top_categories(model: Signature) -> list[CategoryRate]:
    """The most frequent categories, then the reserved ones, which are often the largest."""
    reserved = (rate for rate in model.top if not explains(rate.category))
    return [*causes(model)[:_TOP_CATEGORIES], *reserved]


def _bar(rate: CategoryRate, *, known: bool) -> str:
    """A bar with its interval as a whisker; hidden from screen readers, which read the numbers."""
    share = rate.per_attempt if known else rate.share
    colour = _BLUE if explains(rate.category) else _GREY
    bar = f"top:.2em;height:.8em;left:0;width:{100 * share.value:.1f}%;background:{colour}"
    ends = f"left:{100 * share.low:.1f}%;width:{100 * (share.high - share.low):.1f}%"
    return (
        '<div aria-hidden="true" style="position:relative;width:8em;height:1.2em">'
        f'<div style="position:absolute;{bar}"></div>'
        f'<div style="position:absolute;top:.35em;height:.5em;{ends};{_WHISKER}"></div></div>'
    )
