"""Escapes untrusted text for Markdown, HTML and Plotly, so that it is displayed, never interpreted.

Names and texts come from models and data sets. Each function makes control and direction characters
visible and escapes the markup of one target.
"""

import html
import re
from typing import Final

from ..analysts.texts import clipped
from ..presentation.sanitize import plain_text

# Some model and category names are whole sentences; this is about one line of a wide page.
MAX_NAME_CHARS: Final = 120
# About 200 px in the font of the figures; the rest of a half-width figure is for the data.
MAX_LABEL_CHARS: Final = 28
_LINE_BREAKS: Final = str.maketrans({"\n": "\\n", "\t": "\\t", "\r": "\\r"})
_MARKDOWN: Final = re.compile(r"([!-/:-@\[-`{-~])")
_PLOTLY: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;", "{": "&#123;"}


def one_line(text: str, max_chars: int | None = None) -> str:
    r"""The text on one line, with control and direction characters visible.

    Args:
        text: Untrusted text.
        max_chars: Longer text is truncated; None for no limit.

    Example:
        >>> one_line("a\nb\u202e"), one_line("abcdef", 4), one_line("\udc80")
        ('a\\nb\\u202e', 'abc…', '\\udc80')
    """
    text = text if max_chars is None else clipped(text, max_chars)
    return plain_text(text.translate(_LINE_BREAKS))


def for_markdown(text: str, max_chars: int | None = MAX_NAME_CHARS) -> str:
    r"""`one_line` for labels and headings, which Streamlit renders as Markdown.

    Example:
        >>> for_markdown("*a* :smile: $x$")
        '\\*a\\* \\:smile\\: \\$x\\$'
    """
    return _MARKDOWN.sub(r"\\\1", one_line(text, max_chars))


def for_plotly(text: str, max_chars: int = MAX_LABEL_CHARS) -> str:
    """`one_line` for Plotly labels, which may contain a few tags, formulas and templates.

    Example:
        >>> for_plotly("<b>50 %</b>")
        '&lt;b&gt;50 &#37;&lt;/b&gt;'
    """
    return "".join(_PLOTLY.get(char, char) for char in one_line(text, max_chars))


def html_line(text: str, max_chars: int | None = MAX_NAME_CHARS) -> str:
    r"""`one_line` for HTML.

    Example:
        >>> html_line("<b>\n")
        '&lt;b&gt;\\n'
    """
    return html.escape(one_line(text, max_chars))
