"""The heatmap's numbers as a table whose cells are links to the failures behind them."""

import html
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlencode

from ..analysis import CategoryRate, Heatmap
from ..presentation.formatting import denominator, interval, percent
from ..taxonomy import Category
from . import escaping as words
from .figures import Measure, measured

MOST_ROWS: Final = 40
MOST_COLUMNS: Final = 16


def heat_table(heat: Heatmap, address: Mapping[str, str], *, measure: Measure) -> str:
    """The table in HTML: a row a category, a column a model.

    Links, as they are read aloud, reached by keyboard, copied and opened in another tab.

    Args:
        heat: The numbers.
        address: The part of an address that says which run is shown.
        measure: Which of its numbers.
    """
    models = heat.models[:MOST_COLUMNS]
    heads = "".join(
        f'<th scope="col" title="{words.escaped(name)}">{words.escaped(short)}</th>'
        for name, short in zip(models, words.short_names(models), strict=True)
    )
    rows = "".join(
        f"<tr>{''.join(_row(heat, place, address, measure=measure))}</tr>"
        for place in range(min(len(heat.categories), MOST_ROWS))
    )
    return (
        '<div class="em-scroll em-tall" tabindex="0"><table class="em-table em-links">'
        "<caption>Select a number or a category to see its failures</caption>"
        f'<thead><tr><th scope="col">category</th>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
    )


def _row(
    heat: Heatmap, place: int, address: Mapping[str, str], *, measure: Measure
) -> Iterator[str]:
    category = heat.categories[place]
    whole = _link(category.name, address, category)
    yield f'<th scope="row" title="{words.escaped(category.name)}">{whole}</th>'
    for model, cells in zip(heat.models[:MOST_COLUMNS], heat.cells, strict=False):
        place_of = {**address, "model": model}
        yield f"<td>{_cell(cells[place], place_of, category, measure=measure)}</td>"


def _cell(
    cell: CategoryRate | None,
    address: Mapping[str, str],
    category: Category,
    *,
    measure: Measure,
) -> str:
    if cell is None:
        return "-"
    rate = measured(cell, measure)
    beneath = words.escaped(denominator(rate))
    value = percent(rate.value)
    told = _link(value, address, category) if cell.share.hits else value
    return f"{told}<small>{interval(rate)}</small><small>{beneath}</small>"


def _link(told: str, address: Mapping[str, str], category: Category) -> str:
    query = urlencode({**address, "category": category.id}, errors="replace")
    return f'<a href="failures?{html.escape(query)}">{words.escaped(told)}</a>'
