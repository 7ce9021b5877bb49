"""The numbers of the heatmap as an HTML table whose cells link to the failures behind them."""

from collections.abc import Iterator, Mapping
from typing import Final

from ...analysis import CategoryRate, Heatmap
from ...presentation.charts import most_of_heat
from ...presentation.formatting import interval, percent
from ...taxonomy import Category
from ..escaping import html_line
from ..figures import MAX_COLUMNS, Measure, counts_of, select_rate
from ..html_parts import failures_link
from ..labels import short_names

# 40 rows of 16 links are some 2,600 elements; the browser tests allow 4,000 per page.
MAX_ROWS: Final = 40
"""Categories that the table shows."""


def heat_table(heatmap: Heatmap, query: Mapping[str, str], *, measure: Measure) -> str:
    """The table in HTML, with one row per category and one column per model.

    Its links can be read aloud, reached by keyboard, copied and opened in another tab, which the
    cells of the figure cannot.

    Args:
        heatmap: The numbers.
        query: Query parameters that identify the run.
        measure: Which of the numbers to show.
    """
    heatmap = most_of_heat(heatmap, models=MAX_COLUMNS, categories=MAX_ROWS)
    models = heatmap.models
    heads = "".join(
        f'<th scope="col" title="{html_line(name)}">{html_line(short)}</th>'
        for name, short in zip(models, short_names(models), strict=True)
    )
    rows = "".join(
        f"<tr>{''.join(_row(heatmap, position, query, measure=measure))}</tr>"
        for position in range(len(heatmap.categories))
    )
    return (
        '<div class="em-scroll em-tall" tabindex="0"><table class="em-table em-links">'
        "<caption>Select a number or a category to see its failures</caption>"
        f'<thead><tr><th scope="col">category</th>{heads}</tr></thead><tbody>{rows}</tbody>'
        "</table></div>"
    )


def _row(
    heatmap: Heatmap, position: int, query: Mapping[str, str], *, measure: Measure
) -> Iterator[str]:
    category = heatmap.categories[position]
    name = _link(category.name, query, category)
    yield f'<th scope="row" title="{html_line(category.name)}">{name}</th>'
    for model, cells in zip(heatmap.models, heatmap.cells, strict=True):
        model_query = {**query, "model": model}
        yield f"<td>{_cell(cells[position], model_query, category, measure=measure)}</td>"


def _cell(
    cell: CategoryRate | None,
    query: Mapping[str, str],
    category: Category,
    *,
    measure: Measure,
) -> str:
    if cell is None:
        return "-"
    rate = select_rate(cell, measure)
    value = percent(rate.value)
    number = _link(value, query, category) if cell.share.hits else value
    counts = html_line(counts_of(cell, measure))
    return f"{number}<small>{interval(rate)}</small><small>{counts}</small>"


def _link(label: str, query: Mapping[str, str], category: Category) -> str:
    return failures_link(html_line(label), {**query, "category": category.id})
