"""Summaries of a run: its sentences, key figures, accounting, thresholds and warnings."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

import streamlit as st

from ..analysis import Rate
from ..outputs.report import Sentence
from ..outputs.summary import FinishedRun, Summary
from ..presentation.formatting import count, denominator, in_full, interval, percent
from ..presentation.wording import threshold_origin, tier_lines, values_not_compared
from ..records import STATE_MEANINGS
from ..store import Manifest
from .escaping import MAX_NAME_CHARS, for_markdown
from .html_parts import number_boxes, table


def sentence_list(sentences: Iterable[Sentence]) -> str:
    """The sentences as a Markdown list, with numbers in bold and names escaped."""
    return "\n".join(f"- {_sentence(sentence)}" for sentence in sentences)


def _sentence(sentence: Sentence) -> str:
    return "".join(
        f"**{for_markdown(part.text)}**"
        if part.kind == "figure"
        else for_markdown(part.text, MAX_NAME_CHARS if part.kind == "name" else None)
        for part in sentence.parts
    )


def headline(manifest: Manifest) -> str:
    """Analyst, time and amounts of input of a run, as one line of unescaped text."""
    completed = datetime.fromisoformat(manifest.completed_at)
    parts = (
        f"analysed by {manifest.analyst}",
        f"{completed:%d %B %Y, %H:%M} UTC".lstrip("0"),
        count(len(manifest.models), "model"),
        count(len(manifest.datasets), "dataset"),
        count(len(manifest.inputs), "file"),
    )
    return " · ".join(parts)


def show_warnings(manifest: Manifest) -> None:
    """Shows what limits the meaning of all numbers of the run."""
    if manifest.mock:
        st.warning(
            "This run used the mock analyst: its diagnoses are canned and say nothing about the "
            "models."
        )
    if not manifest.whole:
        st.warning("This run was stopped early: only some of the failures were studied.")
    if manifest.lacks:
        missing = "; ".join(for_markdown(part, None) for part in manifest.lacks)
        st.info(f"Missing from this source: {missing}.")


def key_figures(run: FinishedRun) -> str:
    """Rows, failures, studied ones, and what is known of them, as number boxes in HTML."""
    summary, overall = run.summary, run.summary.overall
    boxes = [(f"{summary.accounting.rows:,}", "rows")]
    if overall is not None:
        failed = overall.failure_rate
        if run.manifest.attempts_known:
            boxes.append(_rate_box(failed, "failed"))
        else:
            boxes.append((f"{failed.hits:,}", "failures; the number of attempts is unknown"))
        boxes.append((f"{summary.accounting.studied:,}", "failures studied"))
        boxes += [_rate_box(rate, name) for name, rate in tier_lines(overall)]
    return number_boxes(boxes)


def _rate_box(rate: Rate, name: str) -> tuple[str, str]:
    return percent(rate.value), f"{name}: {denominator(rate)}<br>95 % interval: {interval(rate)}"


def accounting_table(summary: Summary) -> str:
    """Every state with its number of rows, and their sum, in HTML."""
    rows = "".join(
        f'<tr{"" if rows else " class=em-none"}><td class="em-number">{rows:,}</td>'
        f"<td class=em-name>{state.replace('_', ' ')}</td><td>{STATE_MEANINGS[state]}</td></tr>"
        for state, rows in summary.accounting
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
    """Threshold and answer route of each dataset, in HTML."""
    header = ("dataset", "failed if", "threshold", "answer route", "agreement", "explained")
    rows = (
        (
            reading.subject,
            threshold.rule,
            threshold_origin(threshold.origin, threshold.rule),
            reading.route or "-",
            percent(reading.agreement) if reading.agreement else "-",
            in_full(reading.explained) if reading.explained and not summary.mock else "-",
        )
        for threshold, dataset in zip(summary.thresholds, summary.readings, strict=True)
        for reading in dataset.all
    )
    return table(header, rows, caption="Threshold and answer route of each dataset")


def disabled_detectors(summary: Summary) -> Iterator[str]:
    """Why detectors that compare values are off: one line of Markdown per dataset."""
    for reading in chain.from_iterable(dataset.all for dataset in summary.readings):
        if reading.distrust:
            reason = values_not_compared(reading.distrust)
            yield for_markdown(f"{reading.subject}: {reason}", None)
