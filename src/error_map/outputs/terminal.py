"""Summary of a run for the terminal, and as JSON for programs."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from textwrap import wrap
from typing import Final, TextIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import StyleType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from ..analysis import CategoryRate, Rate, Signature
from ..analysts.estimate import Amount, Estimate
from ..presentation.coverage import task_note
from ..presentation.formatting import count, in_full, percent, rated
from ..presentation.sanitize import more, plain_text, visible
from ..presentation.turns import turns_phrase
from ..presentation.wording import (
    KINDS,
    PER_ATTEMPT,
    PER_FAILURE,
    kinds_mentioned,
    marked,
    threshold_origin,
    tier_lines,
    values_not_compared,
)
from ..progress import Selected
from ..records import (
    BENCHMARK_FAULTS_HEADING,
    SHARED_TRAPS_HEADING,
    SHARED_TRAPS_MEANING,
    STATE_MEANINGS,
    fault_meaning,
)
from ..stages.preparation import SAMPLE_ROWS
from ..store import Manifest
from .headline import by_detectors, headline, spent
from .summary import Summary

_GLUE: Final = "\u00a0"
"""A blank at which `wrap` does not break a line."""
DEFAULT_WIDTH: Final = 100
"""Columns of the tables if the output is not a terminal: the width of a code block in the docs."""
_TOP_CATEGORIES: Final = 3
"""Categories per model: the tree above has all of them."""
_NAME_CHARS: Final = 40
"""Characters of each of the three names that introduce an example, so that they fit one line."""
_SENTENCE_CHARS: Final = 400
"""Characters of an example's sentence before it is cut to the width of the terminal: bounds the
work on summaries that a judge wrote."""
_MAX_MODELS: Final = 30
"""Rows of the table of models: about a screen and a half, at three lines each."""
_MAX_DATASETS: Final = 30
"""Rows of the table of datasets: about one screen."""
_AMOUNTS: Final = ("calls", "tokens_in", "tokens_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A failure, and the analyst's sentence about it."""

    dataset: str
    example: str
    model: str
    sentence: str
    turns: tuple[int, ...] = ()
    """Turns of the transcript that the evidence is in."""

    @property
    def where(self) -> str:
        """Dataset, example, model and turn as one escaped line."""
        names = (self.dataset, self.example, self.model)
        dataset, example, model = (visible(name, most=_NAME_CHARS) for name in names)
        return (
            f"{', '.join(filter(None, (f'{dataset} {example}', model, turns_phrase(self.turns))))}:"
        )

    @property
    def what(self) -> str:
        """The sentence as one escaped line."""
        return visible(self.sentence, most=_SENTENCE_CHARS)


@dataclass(frozen=True, slots=True)
class _Examples:
    """Examples on one line each if all of them fit, else on two lines each."""

    examples: Sequence[Example]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = [Text(f"  {one.where} {one.what}") for one in self.examples]
        if any(line.cell_len > options.max_width for line in lines):
            pairs = ((f"  {one.where}", f"    {one.what}") for one in self.examples)
            lines = [Text(line) for pair in pairs for line in pair]
        for line in lines:
            line.truncate(options.max_width, overflow="ellipsis")
            yield line


def print_summary(summary: Summary, stream: TextIO, examples: Sequence[Example] = ()) -> None:
    """Prints the accounting, the thresholds, the category tree and the models.

    Args:
        summary: The summary of a run.
        stream: The stream to write to.
        examples: Failures to show below the headline.
    """
    _print(rendered(summary, examples), stream)


def _print(block: RenderableType, stream: TextIO) -> None:
    # highlighting, markup and emoji codes would let names from the data change the output
    plain = partial(Console, file=stream, highlight=False, markup=False, emoji=False)
    console = plain()
    if not console.is_terminal:
        console = plain(width=DEFAULT_WIDTH)
    with console.capture() as capture:
        console.print(_Escaped(block))
    stream.write(capture.get())


@dataclass(frozen=True, slots=True)
class _Escaped:
    """A rendered block with every remaining control character escaped.

    A safety net: a forgotten `plain_text` costs the alignment of a line, never the terminal.
    """

    block: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for text, style, control in console.render(self.block, options):
            yield Segment(text if control else plain_text(text), style, control)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A bold sentence that is wrapped, but never between a number and its percent sign."""

    text: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        glued = self.text.replace(" %", f"{_GLUE}%")
        lines = wrap(glued, options.max_width, break_on_hyphens=False)
        yield Text("\n".join(lines).replace(_GLUE, " "), style="bold")


class _Table(Table):
    """A table whose text cells are escaped and never read as markup."""

    def add_row(
        self,
        *renderables: RenderableType | None,
        style: StyleType | None = None,
        end_section: bool = False,
    ) -> None:
        """Adds a row; strings are escaped."""
        cells = (Text(plain_text(cell)) if isinstance(cell, str) else cell for cell in renderables)
        super().add_row(*cells, style=style, end_section=end_section)


def rendered(summary: Summary, examples: Sequence[Example] = ()) -> RenderableType:
    """The summary as one block.

    Args:
        summary: The summary of a run.
        examples: Failures to show below the headline.
    """
    blocks: list[RenderableType] = [_head(summary, examples), _accounting(summary)]
    blocks += [_thresholds(summary), *_distrusted(summary)]
    if summary.overall is not None and summary.overall.explained is not None:
        blocks += [_tree(summary.overall), *_faults(summary), *_datasets(summary)]
        blocks.append(_models(summary.models))
    return Group(*_spaced(blocks))


def _head(summary: Summary, examples: Sequence[Example]) -> Group:
    """The headline, examples, the terms that it uses, the analyst, and the cost."""
    who = f"Run {summary.exp_id}, analysed by {summary.analyst}"
    lines: list[RenderableType] = [_Sentence(plain_text(headline(summary)))]
    lines += [_Examples(examples), *_terms(summary), Text("")]
    lines.append(Text(plain_text(f"{who}.")))
    if summary.spending and not summary.mock:
        cost = plain_text(spent(summary.spending, summary.analyst))
        lines.append(Text(cost, no_wrap=True, overflow="ignore"))
    return Group(*lines)


def _terms(summary: Summary) -> Iterator[Text]:
    """The meaning of those terms that the headline uses."""
    for kind in kinds_mentioned(summary.overall) if by_detectors(summary) else ():
        yield Text(f"{kind}: {KINDS[kind]}", style="dim")


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
    table.add_row(f"{summary.accounting.rows:,}", "rows in total", "", style="bold")
    return table


def _thresholds(summary: Summary) -> Group:
    """Each dataset's failure rule and answer route, and what these columns mean."""
    terms = ["failure: a scored answer for which the rule of its dataset holds"]
    if any(reading.route for reading in summary.readings):
        sampled = any(reading.sampled for reading in summary.readings)
        sample = f", in a sample of {SAMPLE_ROWS:,} rows" if sampled else ""
        terms += [
            "answer route: the rule that extracts the final answer from an output",
            f"agreement: share of the scores that the extracted answers reproduce{sample}",
        ]
    notes = (Text(term, style="dim") for term in terms if summary.thresholds)
    return Group(_threshold_table(summary), *_parts(summary), *notes)


def _parts(summary: Summary) -> Iterator[Text]:
    """A line for each part of a dataset that has an answer route of its own."""
    for reading in chain.from_iterable(dataset.parts for dataset in summary.readings):
        agreement = percent(reading.agreement) if reading.agreement else "-"
        yield Text(f"{plain_text(reading.subject)}: {reading.route or '-'}, {agreement}")


def _threshold_table(summary: Summary) -> Table:
    table = _Table(box=None, pad_edge=False)
    for name in ("dataset", "failure if", "threshold", "answer route", "agreement"):
        fixed = name in {"threshold", "agreement"}  # our own short phrases are best on one line
        table.add_column(name, header_style="bold", overflow="fold", no_wrap=fixed)
    for line, reading in zip(summary.thresholds, summary.readings, strict=True):
        origin = threshold_origin(line.origin, line.rule)
        agreement = percent(reading.agreement) if reading.agreement else "-"
        table.add_row(line.dataset, line.rule, origin, reading.route or "-", agreement)
    return table


def _distrusted(summary: Summary) -> Iterator[Text]:
    """One line per dataset whose final answers cannot be extracted reliably."""
    lines = [
        f"{plain_text(reading.subject)}: {values_not_compared(reading.distrust)}"
        for dataset in summary.readings
        for reading in dataset.all
        if reading.distrust
    ]
    if lines:
        yield Text("\n".join(lines), style="yellow")


def _tree(overall: Signature) -> Tree:
    tree = Tree(Text("\n").join(_root(overall)))
    nodes = [tree]
    for rate in overall.categories:
        del nodes[rate.depth :]
        nodes.append(nodes[-1].add(_label(rate)))
    return tree


def _root(overall: Signature) -> Iterator[Text]:
    """The population that the shares of the tree refer to."""
    failures, explained = overall.failure_rate, overall.explained
    attempts = f" of {count(failures.trials, 'attempt')}: {rated(failures)}"
    line = f"{count(failures.hits, 'failure')}{attempts if overall.attempts_known else ''}"
    yield Text(line, style="bold")
    if explained:
        by = " by a mock judge" if overall.mock else ":"
        yield Text(f"{explained.trials:,} studied{by}", style="bold")
    for name, rate in tier_lines(overall):
        yield Text(f"  {name}: {in_full(rate)}", style="bold")
    yield Text("numbers: failures, share of all failures [95 % interval]", style="dim")
    if explained and explained.trials < explained.of:
        note = "failures were sampled: shares are weighted by dataset and model"
        yield Text(note, style="dim")


def _label(rate: CategoryRate) -> Text:
    name = Text(plain_text(rate.category.name), style="bold" if rate.depth == 1 else "")
    return name.append(f"  {rate.share.hits:,}  {rated(rate.share)}", style="cyan")


def _faults(summary: Summary) -> Iterator[Text]:
    lines = [
        f"{BENCHMARK_FAULTS_HEADING}, {marked(failures, summary.fault_examples.get(mark, 0))}: "
        f"{plain_text(fault_meaning(mark).reason)}"
        for mark, failures in summary.faults.items()
        if failures
    ]
    if summary.traps:
        traps = marked(summary.traps, summary.trap_examples)
        lines.append(f"{SHARED_TRAPS_HEADING}, {traps}: {SHARED_TRAPS_MEANING}")
    if lines:
        yield Text("\n".join(lines), style="yellow")


def _datasets(summary: Summary) -> Iterator[Table]:
    """The share explained and the kind of task of each dataset; nothing for a mock judge."""
    studied = [one for one in summary.readings if one.explained]
    if summary.mock or not studied:
        return
    table = _Table(box=None, pad_edge=False)
    table.add_column("dataset", header_style="bold", overflow="fold")
    table.add_column("explained: share of its failures", header_style="bold", no_wrap=True)
    if any(one.coverage for one in studied):
        table.add_column("looks like", header_style="bold")
    for one in studied[:_MAX_DATASETS]:
        task = [task_note(one.coverage)] if one.coverage else []
        table.add_row(one.dataset, in_full(one.explained) if one.explained else "-", *task)
    if len(studied) > _MAX_DATASETS:
        table.add_row(more(len(studied) - _MAX_DATASETS, "dataset", "datasets"), "")
    yield table


def _models(models: Sequence[Signature]) -> Table:
    table = _Table(box=None, pad_edge=False)
    table.add_column("model, its failure rate", header_style="bold", overflow="fold")
    known = all(model.attempts_known for model in models)
    measure = PER_ATTEMPT if known else PER_FAILURE
    table.add_column(f"top categories: {measure}", header_style="bold")
    for model in models[:_MAX_MODELS]:
        failed = model.failure_rate
        rate = f"{rated(failed)}\n{failed.hits:,} of {failed.trials:,}"
        rate = rate if model.attempts_known else f"unknown\n{count(failed.hits, 'failure')}"
        top = "\n".join(
            f"{top.category.name} {rated(top.per_attempt if known else top.share)}"
            f"{_studied(top.share, failed)}"
            for top in model.top[:_TOP_CATEGORIES]
        )
        table.add_row(f"{model.model}\n{rate}", top)
    if len(models) > _MAX_MODELS:
        table.add_row(more(len(models) - _MAX_MODELS, "model", "models"), "")
    return table


def _studied(share: Rate, failed: Rate) -> str:
    """What a rate is estimated from if only some of the failures were studied."""
    return f", {share.trials:,} failures studied" if share.trials != failed.hits else ""


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], stream: TextIO) -> None:
    """Prints rows of text below their header."""
    table = _Table(box=None, pad_edge=False)
    for name in header:
        table.add_column(name, header_style="bold", overflow="fold")
    for row in rows:
        table.add_row(*row)
    _print(table, stream)


def print_runs(manifests: Sequence[Manifest], stream: TextIO) -> None:
    """Prints one line per run."""
    table = _Table(box=None, pad_edge=False)
    for name in ("run", "completed", "analyst", "rows", "datasets"):
        table.add_column(name, header_style="bold", overflow="fold")
    for run in manifests:
        datasets = ", ".join(run.datasets)
        table.add_row(run.exp_id, run.completed_at, run.analyst, f"{run.rows:,}", datasets)
    _print(table if manifests else Text("no runs here"), stream)


def summary_json(summary: Summary) -> str:
    """The summary as JSON; rates are fractions with their intervals and denominators."""
    value = asdict(summary)
    value["accounting"] = {**dict(summary.accounting), "rows": summary.accounting.rows}
    return json.dumps(value, ensure_ascii=False, indent=2, default=dict)


def print_estimate(estimate: Estimate, stream: TextIO) -> None:
    """Prints the calls, tokens and cost that a run would need."""
    _print(Group(*_estimated(estimate)), stream)


def _estimated(estimate: Estimate) -> Iterator[RenderableType]:
    head = f"Dry run: {estimate.analyst} would study {count(estimate.failures, 'failure')}."
    yield Text(plain_text(head), style="bold")
    if not estimate.stages:
        yield Text("This analyst calls no model: nothing is sent and there is no cost.")
        return
    yield Text(f"{estimate.answered:,} of them need no call: the ledger has the replies.")
    yield Text("")
    table = _Table(box=None, pad_edge=False)
    table.add_column("stage", header_style="bold")
    for name in ("calls", "tokens in", "tokens out", "US dollars"):
        table.add_column(name, header_style="bold", justify="right")
    for stage, span in (*estimate.stages.items(), ("total", estimate.total)):
        ends = (span.low, span.high)
        pairs = ((getattr(amount, name) for amount in ends) for name in _AMOUNTS)
        counts = (_span(*(f"{number:,}" for number in pair)) for pair in pairs)
        prices = _span(*(_dollars(estimate, amount) for amount in ends))
        table.add_row(stage, *counts, prices)
    yield table
    yield Text("Nothing was sent. Low: few distinct titles, no repairs. High: all titles differ.")
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
    """The accounting of an interrupted run, its failures under study counted as undiagnosed."""
    if accounted:
        states = (f"{rows:,} {state}" for state, rows in accounted.counts.items() if rows)
        yield f"{sum(accounted.counts.values()):,} rows: {', '.join(states)}"
