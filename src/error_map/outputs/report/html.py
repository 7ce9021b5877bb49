"""The report as one HTML file that asks nothing of anybody."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ...analysis import CategoryRate, Rate, Signature
from ...presentation import formatting
from ...presentation.heatmap import UNSCALED, greatest, scaled
from ...presentation.transitions import COLOURS, LABELS, end_name
from . import pictures
from .report import Report
from .sentences import causes
from .words import short, visible

MODELS: Final = 40
"""Models that have a row of the heatmap and a signature of their own."""
COLUMNS: Final = 30
"""Categories of the heatmap."""
BRANCHES: Final = 400
"""Categories of the tree."""
_PAGE: Final = "error_map.outputs.report"
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{style}'; "
    "script-src '{script}'"
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A category with those below it."""

    rate: CategoryRate
    children: tuple["Branch", ...]


def html(report: Report) -> str:
    """The report as a page: no address is fetched, and no script but its own can run."""
    style, script = f"{_palette()}{_asset('report.css')}", _asset("report.js")
    policy = _POLICY.format(style=_digest(style), script=_digest(script))
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            policy=policy,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            branches=branches(report.tree[:BRANCHES]),
            attempts={one.model: one.failure_rate.trials for one in report.models},
            top={"models": MODELS, "columns": COLUMNS, "branches": BRANCHES},
        )
    )


def branches(rates: Sequence[CategoryRate]) -> tuple[Branch, ...]:
    """The tree out of its flat form, in which parents stand before their children."""
    found: list[Branch] = []
    place = 0
    while place < len(rates):
        end = place + 1
        while end < len(rates) and rates[end].depth > rates[place].depth:
            end += 1
        found.append(Branch(rates[place], branches(rates[place + 1 : end])))
        place = end
    return tuple(found)


def first_cause(one: Signature) -> str:
    """Name of the top category that explains most of its failures; empty where none does."""
    found = causes(one)
    return found[0].category.name if found else ""


def _palette() -> str:
    """The colours of transitions as variables of the style sheet."""
    colours = "; ".join(f"--r-{change}: {colour}" for change, colour in COLOURS.items())
    return f":root {{ {colours}; }}\n"


@cache
def _asset(name: str) -> str:
    return (files(_PAGE) / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _shown(value: object) -> object:
    """What a template puts on the page: any text that is not ours loses its teeth."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PAGE, "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(_functions())
    environment.filters["short"] = short
    return environment


def _functions() -> Mapping[str, object]:
    return {
        "bare_percent": formatting.bare_percent,
        "percent": formatting.percent,
        "whole": formatting.whole,
        "tick": formatting.tick,
        "interval": formatting.interval,
        "denominator": formatting.denominator,
        "in_full": formatting.in_full,
        "count": formatting.count,
        "axis": pictures.axis,
        "shared_axis": pictures.shared_axis,
        "greatest": greatest,
        "scaled": scaled,
        "unscaled": UNSCALED,
        "shade": pictures.shade,
        "flow_picture": pictures.flow_picture,
        "first_cause": first_cause,
        "end_name": end_name,
        "counted": Rate.counted,
        "labels": LABELS,
    }
