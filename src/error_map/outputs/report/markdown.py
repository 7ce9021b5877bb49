"""The report as Markdown for a pull request: GitHub's flavour, and short enough for a comment."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import Final

from ...analysis import CategoryRate, Rate, Signature
from ...presentation.excerpt import Excerpt
from ...presentation.formatting import bare_percent, count, denominator, in_full, interval, percent
from ...presentation.transitions import LABELS, end_name
from ...records import BENCHMARK_FAULTS_HEADING
from .report import Instance, Report, Sentence
from .words import short, visible

LONGEST: Final = 60_000
"""Characters; GitHub takes 65,536 in a comment."""
_MODELS: Final = 20
_COLUMNS: Final = 8
_BRANCHES: Final = 60
_FLOWS: Final = 12
_NAME: Final = 60
_SPARE: Final = 200
"""Characters for what is written around the examples."""
_TEXT: Final = 600
"""Characters of an example's text."""
_HARMLESS: Final = re.compile(r"""[^\W\d_](?:[\w ,.;()"'/%…-]|:(?= ))*""")
"""Text in which nothing is markup, a mention, a link or an emoji."""
_LINKED: Final = re.compile(r"\b[0-9a-f]{7,}\b|[A-Za-z]-[0-9]|www|_", re.IGNORECASE)
"""What GitHub makes links of in harmless text: commits and issues of other trackers; emphasis."""
_TICKS: Final = re.compile("`+")


def markdown(report: Report) -> str:
    """The report as Markdown of at most `LONGEST` characters; examples are left out first."""
    head = "\n".join(_sections(report))
    tail = "\n".join(["", *_method(report)])
    return "\n".join([head, *_examples(report, LONGEST - len(head) - len(tail)), tail]) + "\n"


def _examples(report: Report, room: int) -> Iterator[str]:
    """The first example of each category, then the second ones: as many as there is room for."""
    each = [[one for one in group.instances if one.chosen] for group in report.groups]
    rounds = chain.from_iterable(zip_longest(*each))
    texts = [text for one in rounds if one and (text := _example(one))]
    kept = list(_fitting(texts, room - _SPARE))
    if kept:
        yield f"\n<details>\n<summary>{count(len(kept), 'example')}</summary>\n"
        yield from kept
        if len(kept) < len(texts):
            yield f"{count(len(texts) - len(kept), 'example')} left out for length.\n"
        yield "</details>"


def name(text: str, limit: int = _NAME) -> str:
    r"""A text from the data, so that it is nothing but text wherever it stands.

    Example:
        >>> name("Unit error"), name("@all <b> a|b")
        ('Unit error', '`@all <b> a\\|b`')
    """
    shown = " ".join(short(visible(text), limit).split())
    if _HARMLESS.fullmatch(shown) and not _LINKED.search(shown):
        return shown
    return code(shown, limit)


def code(text: str, limit: int = _NAME) -> str:
    r"""A text from the data as code.

    Example:
        >>> code("gpt-4"), code("a`|b\n")
        ('`gpt-4`', '``a`\\|b``')
    """
    shown = " ".join(short(visible(text), limit).split())
    ticks = "`" * (1 + max(map(len, _TICKS.findall(shown)), default=0))
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" else ""
    escaped = shown.replace("|", "\\|") or " "
    return f"{ticks}{pad}{escaped}{pad}{ticks}"


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
        yield "(redacted: no prompts, no outputs)"
    for warning in report.warnings:
        yield f"\n> **{warning}**"
    yield ""
    yield from (f"- {_sentence(one)}" for one in report.sentences)
    yield "\nRates stand with 95 % intervals in brackets, in percent, and what they rest on."
    yield from _accounting(report)
    yield from _tree(report)
    yield from _models(report)
    yield from _heat(report)
    yield from _comparison(report)
    yield from _suspect(report)


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
    """A table whose first columns are text, and those from `right` on are figures."""
    yield ""
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(':--' if place < right else '--:' for place in range(len(header)))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _told(rate: Rate) -> str:
    return f"**{percent(rate.value)}** {interval(rate)}"


def _accounting(report: Report) -> Iterator[str]:
    yield "\n## Accounting"
    lines = report.accounting
    rows = [(line.state.replace("_", " "), line.meaning, f"{line.rows:,}") for line in lines]
    total = ("**rows in all**", "", f"**{report.rows:,}**")
    yield from _table(("state", "meaning", "rows"), [*rows, total], right=2)


def _tree(report: Report) -> Iterator[str]:
    if not report.tree:
        return
    yield "\n## Categories"
    yield from _table(
        ("category", "failures", "share of the failures"),
        (_branch(rate) for rate in report.tree[:_BRANCHES]),
    )
    if len(report.tree) > _BRANCHES:
        more = count(len(report.tree) - _BRANCHES, "smaller category", "smaller categories")
        yield f"\n{more} left out."


def _branch(rate: CategoryRate) -> tuple[str, ...]:
    label = name(rate.category.name)
    label = f"**{label}**" if rate.depth == 1 else f"{'· ' * (rate.depth - 1)}{label}"
    return label, denominator(rate.share), _told(rate.share)


def _models(report: Report) -> Iterator[str]:
    if not report.models:
        return
    yield "\n## Models"
    rate = ("failure rate", "failures") if report.attempts_known else ("failures",)
    cause = () if report.mock else ("with a known cause",)
    yield from _table(
        ("model", *rate, *cause, "most frequent: share of its failures"),
        (_model(one, known=report.attempts_known) for one in report.models[:_MODELS]),
    )
    if len(report.models) > _MODELS:
        yield f"\n{count(len(report.models) - _MODELS, 'model')} left out."


def _model(one: Signature, *, known: bool) -> tuple[str, ...]:
    failed = one.failure_rate
    rate = (_told(failed), denominator(failed)) if known else (f"{failed.hits:,}",)
    top = [f"{name(rate.category.name)} {_told(rate.share)}" for rate in one.top[:2]]
    cause = f"{_told(one.explained)}, {denominator(one.explained)}" if one.explained else "-"
    known_cause = () if one.mock else (cause,)
    return (code(one.model), *rate, *known_cause, "; ".join(top) or "-")


def _heat(report: Report) -> Iterator[str]:
    heat = report.heatmap
    if heat is None or len(heat.models) < 2 or not heat.categories:  # noqa: PLR2004 - one is no heatmap
        return
    yield "\n### Shares of each model's failures, in percent"
    header = ("model", "studied", *(name(one.name, 30) for one in heat.categories[:_COLUMNS]))
    rows = []
    for model, cells in list(zip(heat.models, heat.cells, strict=True))[:_MODELS]:
        known = next((cell for cell in cells if cell), None)
        rows.append((
            code(model),
            f"{known.share.trials:,}" if known else "0",
            *(
                f"{bare_percent(cell.share.value)} {interval(cell.share)}" if cell else "-"
                for cell in cells[:_COLUMNS]
            ),
        ))  # fmt: skip
    yield from _table(header, rows)
    if len(heat.categories) > _COLUMNS:
        more = count(len(heat.categories) - _COLUMNS, "category", "categories")
        yield f"\n{more} left out."


def _comparison(report: Report) -> Iterator[str]:
    pair = report.comparison
    if pair is None or not pair.examples:
        return
    yield "\n## Comparison"
    models = f"From {code(pair.before)} to {code(pair.after)}"
    yield f"\n{models}, on {pair.examples:,} attempts of both."
    yield from _table(
        ("before", "after", "what happened", "attempts", "of those compared"),
        (
            (
                name(end_name(flow.before, report.names)),
                name(end_name(flow.after, report.names)),
                LABELS[pair.transition(flow)],
                f"{flow.examples:,}",
                _told(Rate.counted(flow.examples, pair.examples)),
            )
            for flow in pair.flows[:_FLOWS]
        ),
        right=3,
    )
    if len(pair.flows) > _FLOWS:
        yield f"\n{count(len(pair.flows) - _FLOWS, 'rarer transition')} left out."


def _suspect(report: Report) -> Iterator[str]:
    if report.faults:
        yield f"\n## {BENCHMARK_FAULTS_HEADING}\n"
        for fault in report.faults:
            yield f"- {in_full(fault.rate)} studied failures: {fault.meaning}"


def _example(one: Instance) -> str:
    texts = one.texts
    if texts is None:
        return ""
    where = f"{code(one.model)}, {code(one.dataset)} / {code(one.example)}"
    lines = [f"**{name(one.title or one.verdict or one.state, 100)}** ({where})", ""]
    if texts.summary:
        lines += [name(texts.summary, _TEXT), ""]
    lines += [*_quoted("Asked", texts.prompt), *_quoted("Answered", texts.output)]
    if texts.reference:
        lines += _quoted("Reference", texts.reference)
    return "\n".join(lines)


def _quoted(label: str, text: Excerpt) -> Iterator[str]:
    """A text in a fence that it does not have itself."""
    shown = visible(str(text)).strip("\n")
    if len(shown) > _TEXT:
        half = _TEXT // 2
        gap = f" [… {len(shown) - 2 * half:,} characters …] "
        shown = f"{shown[:half]}{gap}{shown[-half:]}"
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(shown)), default=0))
    yield from (f"{label}:", f"{fence}text", shown, fence, "")


def _method(report: Report) -> Iterator[str]:
    yield "## Method and checks\n"
    yield from (f"- {name(limit, _TEXT)}" for limit in report.limits)
    for check in report.checks[:_MODELS]:
        held = {True: "holds: ", False: "**DOES NOT HOLD**: ", None: ""}[check.holds]
        yield f"- {name(check.what, 100)}: {held}{name(check.told, 200)}"
    cost = next((fact.value for fact in report.method if fact.name == "Cost"), "")
    yield f"- Cost: {cost}"
