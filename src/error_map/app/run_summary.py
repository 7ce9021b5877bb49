"""What is said of a run in words and small tables: who analysed it, its accounting, its doubts."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import streamlit as st

from ..analysis import Rate
from ..outputs.report import Sentence
from ..outputs.summary import FinishedRun, Summary
from ..presentation.formatting import count, denominator, interval, percent
from ..presentation.wording import threshold_origin, values_not_compared
from ..records import STATE_MEANINGS
from ..store import Manifest
from . import escaping as words


def in_words(sentences: Iterable[Sentence]) -> str:
    """The summary of a run as a list in Markdown: its figures stand out, names are only text."""
    return "\n".join(f"- {_sentence(one)}" for one in sentences)


def _sentence(sentence: Sentence) -> str:
    return "".join(
        f"**{words.markdown(part.text)}**"
        if part.kind == "figure"
        else words.markdown(part.text, words.NAME_CHARS if part.kind == "name" else None)
        for part in sentence.parts
    )


def head_line(manifest: Manifest) -> str:
    """Who analysed what, and when; one line of plain text."""
    when = datetime.fromisoformat(manifest.completed_at)
    files = len(manifest.inputs)
    parts = (
        f"analysed by {manifest.analyst}",
        f"{when:%d %B %Y, %H:%M} UTC".lstrip("0"),
        count(len(manifest.models), "model"),
        count(len(manifest.datasets), "dataset"),
        count(files, "file"),
    )
    return " · ".join(parts)


def warn(manifest: Manifest) -> None:
    """Tells what a reader must know before the numbers."""
    if manifest.mock:
        st.warning(
            "The analyst is a mock: its answers are canned and say nothing about the models."
        )
    if not manifest.whole:
        st.warning("This run was stopped early: only a part of the failures was studied.")
    if manifest.lacks:
        told = "; ".join(words.markdown(one, None) for one in manifest.lacks)
        st.info(f"Missing from this source: {told}.")


def facts(run: FinishedRun) -> str:
    """The run's first numbers, in HTML."""
    summary, overall = run.summary, run.summary.overall
    boxes = [(f"{summary.accounting.rows:,}", "rows")]
    if overall is not None:
        failed = overall.failure_rate
        known = run.manifest.attempts_known
        if known:
            boxes.append(_box(failed, "failed"))
        else:
            boxes.append((f"{failed.hits:,}", "failures; the number of attempts is unknown"))
        boxes.append((f"{summary.accounting.studied:,}", "failures studied"))
        if overall.explained is not None:
            boxes.append(_box(overall.explained, "explained"))
    lines = (f"<div><b>{number}</b><span>{told}</span></div>" for number, told in boxes)
    return f'<div class="em-facts">{"".join(lines)}</div>'


def _box(rate: Rate, what: str) -> tuple[str, str]:
    return percent(rate.value), f"{what}: {denominator(rate)}<br>95 % interval: {interval(rate)}"


def accounting_table(summary: Summary) -> str:
    """Every state with its rows, and their sum; in HTML."""
    rows = "".join(
        f'<tr{"" if count else " class=em-none"}><td class="em-number">{count:,}</td>'
        f"<td class=em-name>{state.replace('_', ' ')}</td><td>{STATE_MEANINGS[state]}</td></tr>"
        for state, count in summary.accounting
    )
    total = f"{summary.accounting.rows:,}"
    return (
        '<div class="em-scroll"><table class="em-table">'
        "<caption>Every row of the input ends in one of nine states</caption>"
        '<thead><tr><th scope="col">rows</th><th scope="col">state</th>'
        f'<th scope="col">meaning</th></tr></thead><tbody>{rows}'
        f'<tr class="em-sum"><td class="em-number">{total}</td><td>rows in all</td><td></td></tr>'
        "</tbody></table></div>"
    )


def threshold_table(summary: Summary) -> str:
    """By which rule the rows of each dataset failed; in HTML."""
    header = ("dataset", "failed if", "threshold", "answers read as", "agreement")
    rows = (
        (
            line.dataset,
            line.rule,
            threshold_origin(line.origin, line.rule),
            reading.route or "-",
            percent(reading.agreement) if reading.agreement else "-",
        )
        for line, reading in zip(summary.thresholds, summary.readings, strict=True)
    )
    return words.table(header, rows, caption="The rule of each dataset")


def doubts(summary: Summary) -> Iterator[str]:
    """Why detectors are off for a dataset: each a line in Markdown."""
    for one in summary.readings:
        if one.distrust:
            told = f"{one.dataset}: {values_not_compared(one.distrust)}"
            yield words.markdown(told, None)
