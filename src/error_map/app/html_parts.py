"""Tables, number boxes and links in HTML; all text in them is escaped here."""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from ..analysts.texts import clipped
from ..presentation.sanitize import escaped
from .escaping import html_line

# A value may be a whole text of the source; five lines of it are enough next to its name.
_MAX_VALUE_CHARS: Final = 400


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """An HTML table; cells that begin with a digit are aligned as numbers.

    Args:
        header: Names of the columns.
        rows: One cell per column, as untrusted text.
        caption: What the table shows.
    """
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        '<div class="em-scroll"><table class="em-table em-cells">'
        f"<caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    number = ' class="em-number"' if text[:1].isdigit() else ""
    return f"<td{number}>{html_line(text)}</td>"


def name_value_table(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values as an HTML table; long values are truncated."""
    body = "".join(
        f'<tr><th scope="row">{_truncated(name)}</th><td>{_truncated(value)}</td></tr>'
        for name, value in rows
    )
    return f'<div class="em-scroll"><table class="em-table">{body}</table></div>'


def name_value_line(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values one after the other in HTML; long values are truncated."""
    pairs = (f"<span><b>{_truncated(name)}</b> {_truncated(value)}</span>" for name, value in rows)
    return f'<div class="em-pairs">{"".join(pairs)}</div>'


def _truncated(text: str) -> str:
    return escaped(clipped(text, _MAX_VALUE_CHARS))


def number_boxes(boxes: Iterable[tuple[str, str]]) -> str:
    """Numbers in boxes, each with its caption below.

    Args:
        boxes: Number and caption of each box, as trusted HTML.
    """
    divs = (f"<div><b>{number}</b><span>{caption}</span></div>" for number, caption in boxes)
    return f'<div class="em-facts">{"".join(divs)}</div>'


def failures_link(label: str, query: Mapping[str, str]) -> str:
    """A link to the page Failures in HTML.

    Args:
        label: Label of the link, as escaped HTML.
        query: Query parameters of the address.
    """
    # Imported names may hold halves of surrogate pairs, which no address can encode.
    address = html.escape(urlencode(query, errors="replace"))
    return f'<a href="failures?{address}">{label}</a>'
