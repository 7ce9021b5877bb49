"""The report as one self-contained HTML file without external resources."""

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
from ...presentation.charts import (
    COLOURS,
    LABELS,
    UNSCALED,
    causes,
    end_label,
    most_of_heat,
    most_of_tree,
    on_scale,
    scale_end,
)
from ...presentation.reliability import reliability
from ...presentation.sanitize import plain_lines, short
from ...presentation.turns import turns_phrase
from ...presentation.wording import (
    KINDS,
    ONE_PAIR,
    PER_ATTEMPT,
    PER_FAILURE,
    TIER_NAMES,
    chance,
    kinds_mentioned,
    threshold_origin,
    tier_lines,
    values_not_compared,
)
from ...records import BENCHMARK_FAULTS_HEADING, SHARED_TRAPS_HEADING, fault_meaning
from . import pictures
from .report import Report

MAX_MODELS: Final = 40
"""Models with a row in the heatmap and a signature; this and the next two bound the page without
its failures to about 2 MB."""
MAX_COLUMNS: Final = 30
"""Categories in the heatmap."""
MAX_BRANCHES: Final = 400
"""Categories in the tree."""
_PAGE: Final = "error_map.outputs.report"
_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '{style}'; "
    "script-src '{script}'"
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A category with its subcategories."""

    rate: CategoryRate
    children: tuple["Branch", ...]


def html(report: Report) -> str:
    """The report as a page; its security policy blocks requests and all scripts except its own."""
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
            branches=branches(most_of_tree(report.tree, MAX_BRANCHES)),
            attempts={model.model: model.failure_rate.trials for model in report.models},
            top={"models": MAX_MODELS, "columns": MAX_COLUMNS, "branches": MAX_BRANCHES},
        )
    )


def branches(rates: Sequence[CategoryRate]) -> tuple[Branch, ...]:
    """Builds the tree from its flat form, in which parents come before their children."""
    result: list[Branch] = []
    place = 0
    while place < len(rates):
        end = place + 1
        while end < len(rates) and rates[end].depth > rates[place].depth:
            end += 1
        result.append(Branch(rates[place], branches(rates[place + 1 : end])))
        place = end
    return tuple(result)


def first_cause(signature: Signature) -> str:
    """Name of the most frequent top category that names a cause; empty if there is none."""
    rates = causes(signature)
    return rates[0].category.name if rates else ""


def _palette() -> str:
    """The colours of the transitions as variables of the style sheet."""
    colours = "; ".join(f"--r-{change}: {colour}" for change, colour in COLOURS.items())
    return f":root {{ {colours}; }}\n"


@cache
def _asset(name: str) -> str:
    return (files(_PAGE) / "page" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _sanitized(value: object) -> object:
    """Escapes control and bidi characters in every text that a template writes."""
    return plain_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PAGE, "page"),
        autoescape=True,  # all text of the data is untrusted
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_sanitized,
    )
    environment.globals.update(_functions())
    environment.filters["short"] = short
    return environment


def _functions() -> Mapping[str, object]:
    return {
        "bare_percent": formatting.bare_percent,
        "percent": formatting.percent,
        "tick": formatting.tick,
        "interval": formatting.interval,
        "denominator": formatting.denominator,
        "in_full": formatting.in_full,
        "count": formatting.count,
        "axis": pictures.axis,
        "shared_axis": pictures.shared_axis,
        "scale_end": scale_end,
        "on_scale": on_scale,
        "unscaled": UNSCALED,
        "shade": pictures.shade,
        "flow_picture": pictures.flow_picture,
        "first_cause": first_cause,
        "end_label": end_label,
        "fault": fault_meaning,
        "kinds": KINDS,
        "kinds_mentioned": kinds_mentioned,
        "tier_lines": tier_lines,
        "tier_names": TIER_NAMES,
        "per_attempt": PER_ATTEMPT,
        "per_failure": PER_FAILURE,
        "chance": chance,
        "one_pair": ONE_PAIR,
        "reliability": reliability,
        "turns": turns_phrase,
        "most_of_heat": most_of_heat,
        "most_of_tree": most_of_tree,
        "threshold_origin": threshold_origin,
        "values_not_compared": values_not_compared,
        "faults_heading": BENCHMARK_FAULTS_HEADING,
        "traps_heading": SHARED_TRAPS_HEADING,
        "counted": Rate.counted,
        "labels": LABELS,
    }
