"""The report as GitHub-flavoured Markdown, short enough for a comment on a pull request."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Final

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.charts import LABELS, causes, end_label, most_of_heat, most_of_tree
from ...presentation.excerpt import Excerpt, excerpt
from ...presentation.formatting import bare_percent, count, denominator, in_full, interval, percent
from ...presentation.sanitize import more, plain_lines, short
from ...presentation.turns import turns_phrase
from ...presentation.wording import (
    KINDS,
    PER_ATTEMPT,
    PER_FAILURE,
    TIER_NAMES,
    chance,
    kinds_mentioned,
    tier_lines,
)
from ...records import BENCHMARK_FAULTS_HEADING, SHARED_TRAPS_HEADING
from .report import HABIT, Fault, Instance, Report, Sentence

MAX_CHARS: Final = 60_000
"""Characters of the whole: GitHub accepts 65,536 in a comment, and a user adds a few lines."""
_MAX_MODELS: Final = 20
"""Rows of a table of models; with the next three, bounds the tables so that examples fit too."""
_MAX_COLUMNS: Final = 8
"""Categories of the heatmap: a comment on GitHub is about 800 pixels wide."""
_MAX_CATEGORIES: Final = 60
_MAX_FLOWS: Final = 12
_NAME_CHARS: Final = 60
_FRAME_CHARS: Final = 200
"""Characters reserved for the lines around the examples."""
_TEXT_CHARS: Final = 600
"""Characters of each text of an example, so that several examples fit."""
_HARMLESS: Final = re.compile(r"""[^\W\d_](?:[\w ,.;()"'/%…-]|:(?= ))*""")
"""Text in which nothing is markup, a mention, a link or an emoji."""
_LINKED: Final = re.compile(r"\b[0-9a-f]{7,}\b|[A-Za-z]-[0-9]|www|_", re.IGNORECASE)
"""What GitHub links or formats even in harmless text: commits, issues of trackers, emphasis."""
_TICKS: Final = re.compile("`+")


def markdown(report: Report) -> str:
    """The report as Markdown of at most `MAX_CHARS` characters; examples are dropped first."""
    head = "\n".join(_sections(report))
    tail = "\n".join(["", *_method(report)])
    return "\n".join([head, *_examples(report, MAX_CHARS - len(head) - len(tail)), tail]) + "\n"


def _examples(report: Report, room: int) -> Iterator[str]:
    """As many examples as fit: first one per category, then a second one each, and so on."""
    groups = [[item for item in group.instances if item.chosen] for group in report.groups]
    rounds = chain.from_iterable(zip_longest(*groups))
    texts = [text for instance in rounds if instance and (text := _example(instance))]
    fitting = list(_fitting(texts, room - _FRAME_CHARS))
    if fitting:
        yield f"\n<details>\n<summary>{count(len(fitting), 'example')}</summary>\n"
        yield from fitting
        if len(fitting) < len(texts):
            yield f"{count(len(texts) - len(fitting), 'example')} left out to limit the length.\n"
        yield "</details>"


def name(text: str, limit: int = _NAME_CHARS) -> str:
    r"""Untrusted text, as it is if it contains no markup, else as code.

    Example:
        >>> name("Unit error"), name("@all <b> a|b")
        ('Unit error', '`@all <b> a\\|b`')
    """
    line = _line(text, limit)
    if _HARMLESS.fullmatch(line) and not _LINKED.search(line):
        return line
    return code(line, limit)


def code(text: str, limit: int = _NAME_CHARS) -> str:
    r"""Untrusted text as code.

    Example:
        >>> code("gpt-4"), code("a`|b\n")
        ('`gpt-4`', '``a`\\|b``')
    """
    line = _line(text, limit)
    # a table cell ends at an unescaped bar, even inside code
    ticks = _fence(line, 1)
    pad = " " if line[:1] == "`" or line[-1:] == "`" else ""
    cell = line.replace("|", "\\|") or " "
    return f"{ticks}{pad}{cell}{pad}{ticks}"


def _line(text: str, limit: int) -> str:
    return " ".join(short(plain_lines(text), limit).split())


def _fence(text: str, least: int) -> str:
    """More backticks in a row than the text contains, and at least `least`."""
    return "`" * max(least, 1 + max(map(len, _TICKS.findall(text)), default=0))


def _fitting(texts: Iterable[str], room: int) -> Iterator[str]:
    for text in texts:
        room -= len(text) + 1
        if room < 0:
            return
        yield text


def _sections(report: Report) -> Iterator[str]:
    yield f"# {_sentence(report.title)}"
    yield ""
    yield f"Run {code(report.exp_id)}, analysed by {code(report.analyst)}, {report.completed_at}"
    if report.redacted:
        yield "(redacted: without prompts and outputs)"
    for warning in report.warnings:
        yield f"\n> **{warning}**"
    yield ""
    yield from (f"- {_sentence(sentence)}" for sentence in report.sentences)
    yield "\nBrackets: 95 % intervals, in percent."
    yield from (f"{kind.capitalize()}: {KINDS[kind]}." for kind in kinds_mentioned(report.overall))
    yield from _accounting(report)
    yield from _datasets(report)
    yield from _tree(report)
    yield from _models(report)
    yield from _heat(report)
    yield from _comparison(report)
    yield from _faults(report)


def _sentence(sentence: Sentence) -> str:
    return "".join(
        part.text
        if part.kind == "words"
        else f"**{part.text}**"
        if part.kind == "figure"
        else name(part.text)
        for part in sentence.parts
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], right: int = 1) -> Iterator[str]:
    """A table whose columns are text up to `right`, and figures from there on."""
    yield ""
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(':--' if place < right else '--:' for place in range(len(header)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _rate(rate: Rate) -> str:
    return f"**{percent(rate.value)}** {interval(rate)}"


def _accounting(report: Report) -> Iterator[str]:
    yield "\n## Accounting"
    lines = report.accounting
    rows = [(line.state.replace("_", " "), line.meaning, f"{line.rows:,}") for line in lines]
    total = ("**rows in total**", "", f"**{report.rows:,}**")
    yield from _table(("state", "meaning", "rows"), [*rows, total], right=2)


def _datasets(report: Report) -> Iterator[str]:
    lines = [line for line in report.datasets if line.explained]
    if not lines:
        return
    yield "\n## Datasets"
    task = ("looks like",) if any(line.task for line in lines) else ()
    rows = (
        (
            code(line.dataset),
            *((name(line.task),) if task else ()),
            f"{_rate(line.explained)}, {denominator(line.explained)}" if line.explained else "-",
        )
        for line in lines[:_MAX_MODELS]
    )
    yield from _table(("dataset", *task, "with a known cause"), rows, right=1 + len(task))
    if len(lines) > _MAX_MODELS:
        yield f"\n{more(len(lines) - _MAX_MODELS, 'dataset', 'datasets')}"


def _tree(report: Report) -> Iterator[str]:
    if not report.tree:
        return
    yield "\n## Categories"
    yield from _table(
        ("category", "failures", "share of the failures"),
        (_branch(rate) for rate in most_of_tree(report.tree, _MAX_CATEGORIES)),
    )
    if len(report.tree) > _MAX_CATEGORIES:
        yield f"\n{more(len(report.tree) - _MAX_CATEGORIES, 'category', 'categories')}"


def _branch(rate: CategoryRate) -> tuple[str, ...]:
    label = name(rate.category.name)
    label = f"**{label}**" if rate.depth == 1 else f"{'· ' * (rate.depth - 1)}{label}"
    return label, denominator(rate.share), _rate(rate.share)


def _models(report: Report) -> Iterator[str]:
    if not report.models:
        return
    yield "\n## Models"
    rate = ("failure rate", "failures") if report.attempts_known else ("failures",)
    tiers = () if report.mock else tuple(TIER_NAMES.values())
    measure = PER_ATTEMPT if report.attempts_known else PER_FAILURE
    yield from _table(
        ("model", *rate, *tiers, f"top categories: {measure}"),
        (_model(one, known=report.attempts_known) for one in report.models[:_MAX_MODELS]),
    )
    if len(report.models) > _MAX_MODELS:
        yield f"\n{more(len(report.models) - _MAX_MODELS, 'model', 'models')}"


def _model(one: Signature, *, known: bool) -> tuple[str, ...]:
    failed = one.failure_rate
    figures = (_rate(failed), denominator(failed)) if known else (f"{failed.hits:,}",)
    top = [
        f"{name(rate.category.name)} {_rate(rate.per_attempt if known else rate.share)}"
        for rate in causes(one)[:2]
    ]
    rates = (rate for _, rate in tier_lines(one))
    cells = tuple(f"{_rate(rate)}, {denominator(rate)}" for rate in rates)
    tiers = () if one.mock else cells or ("none studied",) * len(TIER_NAMES)
    return (code(one.model), *figures, *tiers, "; ".join(top) or "-")


def _heat(report: Report) -> Iterator[str]:
    heat = report.heatmap
    if heat is None or len(heat.models) < 2 or not heat.categories:  # noqa: PLR2004 - one is no heatmap
        return
    known = report.attempts_known
    measure = PER_ATTEMPT if known else PER_FAILURE
    yield f"\n### Categories of each model: {measure}, in percent"
    shown = most_of_heat(heat, models=_MAX_MODELS, categories=_MAX_COLUMNS)
    base = "attempts" if known else "studied"
    header = ("model", base, *(name(one.name, 30) for one in shown.categories))
    attempts = {one.model: one.failure_rate.trials for one in report.models}
    rows = []
    for model, cells in zip(shown.models, shown.cells, strict=True):
        first = next((cell for cell in cells if cell), None)
        total = attempts[model] if known else first.share.trials if first else 0
        rows.append((code(model), f"{total:,}", *(_cell(cell, known=known) for cell in cells)))
    yield from _table(header, rows)
    if len(heat.categories) > len(shown.categories):
        left_out = len(heat.categories) - len(shown.categories)
        yield f"\n{more(left_out, 'category', 'categories')}"


def _cell(cell: CategoryRate | None, *, known: bool) -> str:
    if cell is None:
        return "-"
    rate = cell.per_attempt if known else cell.share
    return f"{bare_percent(rate.value)} {interval(rate)}"


def _comparison(report: Report) -> Iterator[str]:
    pair = report.comparison
    if pair is None or not pair.examples:
        return
    yield "\n## Comparison"
    models = f"From {code(pair.before)} to {code(pair.after)}"
    both = f"on {count(pair.examples, 'attempt')} scored for both models"
    changed = (f"{pair.counts[change]:,} {LABELS[change]}" for change in ("fixed", "broken"))
    yield f"\n{models}, {both}: {', '.join(changed)}: {chance(pair.p_value)}."
    yield from _table(
        ("before", "after", "transition", "attempts", "share of the attempts"),
        (
            (
                name(end_label(flow.before, report.names)),
                name(end_label(flow.after, report.names)),
                LABELS[pair.transition(flow)],
                f"{flow.examples:,}",
                _rate(Rate.counted(flow.examples, pair.examples)),
            )
            for flow in pair.flows[:_MAX_FLOWS]
        ),
        right=3,
    )
    if len(pair.flows) > _MAX_FLOWS:
        yield f"\n{more(len(pair.flows) - _MAX_FLOWS, 'flow', 'flows')}"


def _faults(report: Report) -> Iterator[str]:
    if report.faults:
        yield f"\n## {BENCHMARK_FAULTS_HEADING}\n"
        for fault in report.faults:
            yield f"- {in_full(fault.rate)} studied failures{_on(fault)}: {fault.meaning}"
    if report.traps:
        yield f"\n## {SHARED_TRAPS_HEADING}\n"
        traps = report.traps
        yield f"- {in_full(traps.rate)} studied failures{_on(traps)}: {traps.meaning}"


def _on(fault: Fault) -> str:
    return f", on {count(fault.examples, 'example')}" if fault.examples else ""


def _example(one: Instance) -> str:
    texts = one.texts
    if texts is None:
        return ""
    where = f"{code(one.model)}, {code(one.dataset)} / {code(one.example)}"
    lines = [f"**{name(one.heading, 100)}** ({where})", ""]
    if texts.summary:
        lines += [name(texts.summary, _TEXT_CHARS), ""]
    where = f" (evidence in {turns_phrase(texts.turns)})" if texts.turns else ""
    lines += [*_quoted("Prompt", texts.prompt), *_quoted(f"Output{where}", texts.output)]
    if texts.reference:
        lines += _quoted("Reference", texts.reference)
    return "\n".join(lines)


def _quoted(label: str, text: Excerpt) -> Iterator[str]:
    """A text in a code fence that it cannot close."""
    lines = str(excerpt(plain_lines(str(text)).strip("\n"), limit=_TEXT_CHARS))
    fence = _fence(lines, 3)
    yield from (f"{label}:", f"{fence}text", lines, fence, "")


def _method(report: Report) -> Iterator[str]:
    yield "## Method and checks\n"
    yield from (f"- {name(limit, _TEXT_CHARS)}" for limit in report.limits)
    habits = (fact for fact in report.method if fact.name == HABIT)
    yield from (f"- {HABIT}: {name(fact.value, _TEXT_CHARS)}" for fact in habits)
    for check in report.checks[:_MAX_MODELS]:
        verdict = {True: "holds: ", False: "**DOES NOT HOLD**: ", None: ""}[check.holds]
        yield f"- {name(check.what, 100)}: {verdict}{name(check.result, 200)}"
    cost = next((fact.value for fact in report.method if fact.name == "Cost"), "")
    yield f"- Cost: {cost}"
