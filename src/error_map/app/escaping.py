"""Text from models and data as each part of a page takes it: nothing runs, nothing is obeyed."""

import html
import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

from ..analysts.texts import clipped
from ..presentation.sanitize import plain_text

NAME_CHARS: Final = 120
"""A name is clipped to this wherever only its beginning is needed."""
LABEL_CHARS: Final = 28
"""As `NAME_CHARS`, where it labels a part of a picture."""
_JOINTS: Final = "/-_ :"
_WORTH_LEAVING_OUT: Final = 5
_BREAKS: Final = str.maketrans({"\n": "\\n", "\t": "\\t", "\r": "\\r"})
_MARKDOWN: Final = re.compile(r"([!-/:-@\[-`{-~])")
_PLOTLY: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;", "{": "&#123;"}


def plain(text: str, most: int | None = None) -> str:
    r"""One line in which control and direction characters are seen instead of obeyed.

    Args:
        text: Any.
        most: Characters after which it is clipped; None for the whole.

    Example:
        >>> plain("a\nb\u202e"), plain("abcdef", 4), plain("\udc80")
        ('a\\nb\\u202e', 'abc…', '\\udc80')
    """
    beginning = text if most is None else clipped(text, most)
    return plain_text(beginning.translate(_BREAKS))


def markdown(text: str, most: int | None = NAME_CHARS) -> str:
    r"""As `plain`, for labels and headings that take Markdown.

    Example:
        >>> markdown("*a* :smile: $x$")
        '\\*a\\* \\:smile\\: \\$x\\$'
    """
    return _MARKDOWN.sub(r"\\\1", plain(text, most))


def label(text: str, most: int = LABEL_CHARS) -> str:
    """As `plain`, for pictures, whose labels take a few tags and templates.

    Example:
        >>> label("<b>50 %</b>")
        '&lt;b&gt;50 &#37;&lt;/b&gt;'
    """
    return "".join(_PLOTLY.get(one, one) for one in plain(text, most))


def escaped(text: str, most: int | None = NAME_CHARS) -> str:
    r"""As `plain`, for HTML.

    Example:
        >>> escaped("<b>\n")
        '&lt;b&gt;\\n'
    """
    return html.escape(plain(text, most))


def short_names(names: Iterable[str]) -> list[str]:
    """Names side by side, without the words that all of them begin with.

    Example:
        >>> short_names(["small/plain", "small/step-by-step"]), short_names(["small/plain"])
        (['…plain', '…step-by-step'], ['small/plain'])
    """
    every = list(names)
    alike = _beginning(min(every, default=""), max(every, default=""))
    end = max((alike.rfind(mark) for mark in _JOINTS), default=-1) + 1
    if len(set(every)) <= 1 or end < _WORTH_LEAVING_OUT:
        return every
    return [f"…{name[end:]}" for name in every]


def _beginning(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(pair[0] for pair in same)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """A table in HTML: cells as `plain`, all columns but the first and the last words as numbers.

    Args:
        header: Names of the columns.
        rows: A cell a column.
        caption: What the table holds.
    """
    head = "".join(f'<th scope="col">{escaped(name)}</th>' for name in header)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return (
        '<div class="em-scroll"><table class="em-table em-cells">'
        f"<caption>{escaped(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    number = ' class="em-number"' if text[:1].isdigit() else ""
    return f"<td{number}>{escaped(text)}</td>"
