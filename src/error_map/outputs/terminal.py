"""A run's summary for people at a terminal, and as JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final, TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import StyleType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..analysis import CategoryRate, Rate, Signature
from ..analysts.estimate import Amount, Estimate
from ..presentation.formatting import count, percent, rated
from ..presentation.sanitize import more, plain_text, visible
from ..progress import Selected
from ..records import BENCHMARK_FAULTS, BENCHMARK_FAULTS_HEADING, STATE_MEANINGS
from ..stages.preparation import SAMPLE_ROWS
from ..store import Manifest
from .headline import by_detectors, headline, spent
from .summary import Reading, Summary, ThresholdLine

MIN_WIDTH: Final = 100
"""Columns that the tables are laid out for where the terminal does not say, or is a file."""
_TOP: Final = 3
_NAME: Final = 40
"""Characters of a name beside an example."""
_SENTENCE: Final = 400
"""Characters of what is said of an example, before the width of the terminal cuts it."""
_MODELS: Final = 30
_COUNTED: Final = ("calls", "tokens_in", "tokens_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A failure, and what the analyst says of it."""

    dataset: str
    example: str
    model: str
    sentence: str

    @property
    def where(self) -> str:
        """Whose failure it is, in one line in which nothing acts."""
        example, model = visible(self.example, most=_NAME), visible(self.model, most=_NAME)
        return f"{visible(self.dataset, most=_NAME)} {example}, {model}:"

    @property
    def what(self) -> str:
        """The sentence as one line in which nothing acts."""
        return visible(self.sentence, most=_SENTENCE)


@dataclass(frozen=True, slots=True)
class _Shown:
    """Examples, each on one line where all fit; else the sentences under what they are of."""

    examples: Sequence[Example]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = [Text(f"  {one.where} {one.what}") for one in self.examples]
        if any(line.cell_len > options.max_width for line in lines):
            pairs = ((f"  {one.where}", f"    {one.what}") for one in self.examples)
            lines = [Text(each) for pair in pairs for each in pair]
        for line in lines:
            line.truncate(options.max_width, overflow="ellipsis")
            yield line


def print_summary(summary: Summary, stream: TextIO, examples: Sequence[Example] = ()) -> None:
    """Prints the accounting, the thresholds, the category tree and the models.

    Args:
        summary: Of a run.
        stream: Where to.
        examples: Failures that stand under the first sentence.
    """
    _print(rendered(summary, examples), stream)


def _print(block: RenderableType, stream: TextIO) -> None:
    plain = partial(Console, file=stream, highlight=False, markup=False, emoji=False)
    console = plain()
    if not console.is_terminal:
        console = plain(width=MIN_WIDTH)
    with console.capture() as shown:
        console.print(_Visible(block))
    stream.write(shown.get())


@dataclass(frozen=True, slots=True)
class _Visible:
    """A block as it is drawn, with what still acts in its text shown by its code.

    Whoever forgets `plain_text` loses a layout that fits, and not the terminal.
    """

    block: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self.block, options):
            yield Segment(text if control else plain_text(text), style, control)


class _Table(Table):
    """A table in which a cell of text is text: nothing in it is markup, acts or is hidden."""

    def add_row(
        self,
        *renderables: RenderableType | None,
        style: StyleType | None = None,
        end_section: bool = False,
    ) -> None:
        """Adds a row of cells."""
        cells = (Text(plain_text(one)) if isinstance(one, str) else one for one in renderables)
        super().add_row(*cells, style=style, end_section=end_section)


def rendered(summary: Summary, examples: Sequence[Example] = ()) -> RenderableType:
    """The summary as one block.

    Args:
        summary: Of a run.
        examples: Failures that stand under the first sentence.
    """
    blocks: list[RenderableType] = [_head(summary, examples), _accounting(summary)]
    blocks += [_thresholds(summary), *_distrusted(summary)]
    if summary.overall is not None and summary.overall.explained is not None:
        blocks += [_tree(summary.overall), *_lane(summary), _models(summary.models)]
    return Group(*_spaced(blocks))


def _head(summary: Summary, examples: Sequence[Example]) -> Group:
    """What is known, in a sentence; examples; its terms; who looked and what that cost."""
    who = f"Run {summary.exp_id}, analysed by {summary.analyst}"
    lines: list[RenderableType] = [Text(plain_text(headline(summary)), style="bold")]
    lines += [_Shown(examples), *_terms(summary), Text("")]
    lines.append(Text(plain_text(f"{who}.")))
    if summary.spending and not summary.mock:
        told = plain_text(spent(summary.spending, summary.analyst))
        lines.append(Text(told, no_wrap=True, overflow="ignore"))
    return Group(*lines)


def _terms(summary: Summary) -> Iterator[Text]:
    """What the words of the sentence mean, where it has them."""
    overall = summary.overall
    if overall is None or overall.explained is None or not by_detectors(summary):
        return
    yield Text("cause: what made the answer wrong", style="dim")
    if overall.located and overall.located.hits:
        told = "place: where its working first departs from a right one, which is not yet why"
        yield Text(told, style="dim")


def _spaced(blocks: Sequence[RenderableType]) -> Iterator[RenderableType]:
    for block in blocks:
        yield block
        yield Text("")


def _accounting(summary: Summary) -> Table:
    table = _Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    table.add_column(style="dim")
    for state, rows in summary.accounting:
        if rows:
            table.add_row(f"{rows:,}", state.replace("_", " "), STATE_MEANINGS[state])
    table.add_row(f"{summary.accounting.rows:,}", "rows in all", "", style="bold")
    return table


def _thresholds(summary: Summary) -> Group:
    """The rule by which each dataset's answers failed, and how they are read."""
    read = any(reading.route for reading in summary.readings)
    told = ["failure: a score on the wrong side of its dataset's threshold"]
    if read:
        sampled = any(reading.sampled for reading in summary.readings)
        among = f", in a sample of {SAMPLE_ROWS:,} rows" if sampled else ""
        told.append(f"agreement: share of the scores that answers read this way reproduce{among}")
    notes = (Text(one, style="dim") for one in told if summary.thresholds)
    return Group(_threshold_table(summary), *notes)


def _threshold_table(summary: Summary) -> Table:
    table = _Table(box=None, pad_edge=False)
    for name in ("dataset", "failure", "threshold rule", "answers read as", "agreement"):
        fixed = name in {"threshold rule", "agreement"}  # short words of ours, best in one line
        table.add_column(name, header_style="bold", overflow="fold", no_wrap=fixed)
    for line, reading in zip(summary.thresholds, summary.readings, strict=True):
        told = (reading.route or "-", _agreement(reading))
        table.add_row(line.dataset, line.rule, origin_told(line), *told)
    return table


def _agreement(reading: Reading) -> str:
    return percent(reading.agreement) if reading.agreement else "-"


def _distrusted(summary: Summary) -> Iterator[Text]:
    """A line for each dataset whose answers are read too badly to compare their values."""
    lines = [
        f"{plain_text(one.dataset)}: {one.distrust}: detectors that compare values are off"
        for one in summary.readings
        if one.distrust
    ]
    if lines:
        yield Text("\n".join(lines), style="yellow")


def origin_told(line: ThresholdLine) -> str:
    """Where a threshold comes from, in words."""
    return {
        "given": "given",
        "known": "known for this dataset",
        "binary": "all scores are 0 or 1",
        "unknown": "unknown",
        "mean": "0.7 x mean score" if "<" in line.rule else "mean score / 0.7",
    }[line.origin]


def _tree(overall: Signature) -> Tree:
    tree = Tree(Text("\n").join(_root(overall)))
    nodes = [tree]
    for rate in overall.categories:
        del nodes[rate.depth :]
        nodes.append(nodes[-1].add(_label(rate)))
    return tree


def _root(overall: Signature) -> Iterator[Text]:
    """What the tree is of."""
    failures, explained = overall.failure_rate, overall.explained
    among = f" of {count(failures.trials, 'answer')}: {rated(failures)}"
    told = f"{count(failures.hits, 'failure')}{among if overall.attempts_known else ''}"
    yield Text(told, style="bold")
    if explained and overall.mock:
        yield Text(f"{explained.trials:,} studied by a mock", style="bold")
    elif explained:
        yield Text(f"{explained.trials:,} studied: {rated(explained)} explained", style="bold")
    note = "" if overall.mock else "explained: with a known cause; "
    yield Text(f"{note}[…]: 95 % intervals; shares are of the failures", style="dim")
    if explained and explained.trials < explained.of:
        told = "shares of a sample are weighted: each dataset and model by all of its failures"
        yield Text(told, style="dim")


def _label(rate: CategoryRate) -> Text:
    name = Text(plain_text(rate.category.name), style="bold" if rate.depth == 1 else "")
    return name.append(f"  {rate.share.hits:,}  {rated(rate.share)}", style="cyan")


def _lane(summary: Summary) -> Iterator[Text]:
    lines = [
        f"{BENCHMARK_FAULTS_HEADING.lower()}: {count(failures, 'failure')}: "
        f"{BENCHMARK_FAULTS.get(kind, plain_text(kind))}"
        for kind, failures in summary.faults.items()
        if failures
    ]
    if lines:
        yield Text("\n".join(lines), style="yellow")


def _models(models: Sequence[Signature]) -> Table:
    table = _Table(box=None, pad_edge=False)
    table.add_column("model, its failure rate", header_style="bold", overflow="fold")
    table.add_column("top categories: share of its failures", header_style="bold")
    for one in models[:_MODELS]:
        failed = one.failure_rate
        rate = f"{rated(failed)}\n{failed.hits:,} of {failed.trials:,}"
        rate = rate if one.attempts_known else f"unknown\n{count(failed.hits, 'failure')}"
        top = "\n".join(
            f"{top.category.name} {rated(top.share)}{_studied(top.share, failed)}"
            for top in one.top[:_TOP]
        )
        table.add_row(f"{one.model}\n{rate}", top)
    if len(models) > _MODELS:
        table.add_row(more(len(models) - _MODELS, "model", "models"), "")
    return table


def _studied(share: Rate, failed: Rate) -> str:
    """What a share rests on where that is not all failures, which stand beside it."""
    return f" of {share.trials:,} studied" if share.trials != failed.hits else ""


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    """Prints rows of text under their header."""
    table = _Table(box=None, pad_edge=False)
    for name in header:
        table.add_column(name, header_style="bold", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _print(table, stream)


def print_runs(manifests: Sequence[Manifest], stream: TextIO) -> None:
    """Prints a line a run."""
    table = _Table(box=None, pad_edge=False)
    for name in ("run", "completed", "analyst", "rows", "datasets"):
        table.add_column(name, header_style="bold", overflow="fold")
    for one in manifests:
        datasets = ", ".join(one.datasets)
        table.add_row(one.exp_id, one.completed_at, one.analyst, f"{one.rows:,}", datasets)
    _print(table if manifests else Text("no runs here"), stream)


def summary_json(summary: Summary) -> str:
    """The summary as JSON; rates as fractions with their interval and denominators."""
    value = asdict(summary)
    value["accounting"] = {**dict(summary.accounting), "rows": summary.accounting.rows}
    return json.dumps(value, ensure_ascii=False, indent=2, default=dict)


def print_estimate(estimate: Estimate, stream: TextIO) -> None:
    """Prints what a run would ask and what that costs."""
    _print(Group(*_estimated(estimate)), stream)


def _estimated(estimate: Estimate) -> Iterator[RenderableType]:
    head = f"A dry run: {estimate.failures:,} failures to study by {estimate.analyst}."
    yield Text(plain_text(head), style="bold")
    if not estimate.stages:
        yield Text("This analyst asks no model: nothing is sent, and nothing costs.")
        return
    yield Text(f"{estimate.answered:,} of them need no call: the ledger has the answers.")
    yield Text("")
    table = _Table(box=None, pad_edge=False)
    table.add_column("stage", header_style="bold")
    for name in ("calls", "tokens in", "tokens out", "US dollars"):
        table.add_column(name, header_style="bold", justify="right")
    for stage, span in (*estimate.stages.items(), ("in all", estimate.total)):
        pairs = ((getattr(one, name) for one in (span.low, span.high)) for name in _COUNTED)
        counts = (_span(*(f"{count:,}" for count in pair)) for pair in pairs)
        prices = _span(*(_dollars(estimate, one) for one in (span.low, span.high)))
        table.add_row(stage, *counts, prices)
    yield table
    yield Text("Nothing was sent. Low: few different titles, no repairs. High: all titles differ.")
    if estimate.price is None:
        yield Text("The price of this model is unknown.")


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} - {high}"


def _dollars(estimate: Estimate, amount: Amount) -> str:
    dollars = estimate.dollars(amount)
    return "unknown" if dollars is None else f"{dollars:,.2f}"


def estimate_json(estimate: Estimate) -> str:
    """The estimate as JSON; price and dollars are null where unknown."""
    spans = {**estimate.stages, "in all": estimate.total}
    stages = {
        stage: {
            end: {**asdict(amount), "dollars": estimate.dollars(amount)}
            for end, amount in (("low", span.low), ("high", span.high))
        }
        for stage, span in spans.items()
    }
    value = {
        "analyst": estimate.analyst,
        "failures": estimate.failures,
        "answered": estimate.answered,
        "dollars_per_token": estimate.price,
        "stages": stages,
    }
    return json.dumps(value, ensure_ascii=False, indent=2)


def interrupted_lines(accounted: Selected | None) -> Iterator[str]:
    """The accounting of a run that was stopped: nothing under study has an answer that is kept."""
    if accounted:
        states = (f"{rows:,} {state}" for state, rows in accounted.counts.items() if rows)
        yield f"{sum(accounted.counts.values()):,} rows: {', '.join(states)}"
