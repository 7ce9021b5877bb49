"""Report of a finished run: one self-contained HTML file, Markdown, or JSON for programs."""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from .build import EXAMPLES, ReportOptions, report_of, summary_in_words
from .html import html
from .json_form import json_form
from .markdown import markdown
from .report import Report, Sentence

__all__ = [
    "EXAMPLES",
    "RENDERINGS",
    "Format",
    "Report",
    "ReportOptions",
    "Sentence",
    "rendered",
    "report_of",
    "summary_in_words",
]

Format: TypeAlias = Literal["html", "md", "json"]
RENDERINGS: Final[Mapping[Format, Callable[[Report], str]]] = {
    "html": html,
    "md": markdown,
    "json": json_form,
}


def rendered(report: Report, form: Format) -> str:
    """Renders a report in one format."""
    return RENDERINGS[form](report)
