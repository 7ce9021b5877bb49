"""The examples of one transition, as a table with links to their failures and as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

from ...analysis import STUDIED, Flow, Transitions
from ...outputs.summary import FinishedRun
from ...outputs.transition_examples import ModelResult, TransitionExample
from ..escaping import html_line
from ..html_parts import failures_link
from ..labels import short_names
from .csv_export import category_path, formula_safe
from .failure_table import encode_key

_HEADER: Final = ("dataset", "example_id", "attempt")


def transition_csv(run: FinishedRun, examples: Sequence[TransitionExample]) -> bytes:
    """CSV with one row per example: its id, and the state and category of both models.

    Encoding and escaping are those of `failures_csv`.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    sides = [(f"{side}_model", f"{side}_state", f"{side}_category") for side in ("before", "after")]
    writer.writerow([*_HEADER, *sides[0], *sides[1]])
    for example in examples:
        key = example.before.key
        outcomes = (example.before, example.after)
        cells = [formula_safe(cell) for outcome in outcomes for cell in _cells(run, outcome)]
        ids = (formula_safe(key.dataset), formula_safe(key.example))
        # Repeats are numbered from 0 in records, attempts from 1 for readers.
        writer.writerow([*ids, key.repeat + 1, *cells])
    return stream.getvalue().encode("utf-8-sig", "replace")


def transition_csv_name(run: FinishedRun, transitions: Transitions, flow: Flow) -> str:
    """File name of an export; different flows give different names."""
    identity = repr((transitions.before, transitions.after, flow))
    digest = sha256(identity.encode("utf-8", "backslashreplace")).hexdigest()[:6]
    return f"moved-{run.manifest.exp_id}-{flow.examples}-{digest}.csv"


def _cells(run: FinishedRun, outcome: ModelResult) -> tuple[str, str, str]:
    return outcome.key.model, outcome.state, category_path(run, outcome.category)


def transition_table(
    run: FinishedRun,
    examples: Sequence[TransitionExample],
    query: Mapping[str, str],
    *,
    caption: str,
) -> str:
    """The examples as an HTML table; each failure is a link to its page.

    Args:
        run: The run.
        examples: Examples on one page of the table; at least one.
        query: Query parameters that identify the run.
        caption: Which of the examples are in the table.
    """
    models = [examples[0].before.key.model, examples[0].after.key.model]
    header = ("example", *short_names(models), "dataset")
    head = "".join(f'<th scope="col">{html_line(name)}</th>' for name in header)
    rows = "".join(f"<tr>{_row(run, example, query)}</tr>" for example in examples)
    return (
        '<div class="em-scroll"><table class="em-table em-transition">'
        f"<caption>{html_line(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(run: FinishedRun, example: TransitionExample, query: Mapping[str, str]) -> str:
    key = example.before.key
    name = key.example + (f" #{key.repeat}" * (key.repeat > 0))
    outcomes = (_outcome(run, outcome, query) for outcome in (example.before, example.after))
    cells = (html_line(name), *outcomes, html_line(key.dataset))
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _outcome(run: FinishedRun, outcome: ModelResult, query: Mapping[str, str]) -> str:
    label = html_line(category_path(run, outcome.category) or outcome.state.replace("_", " "))
    if outcome.state not in STUDIED:
        return label  # only studied failures have a page
    return failures_link(label, {**query, "failure": encode_key(outcome.key)})
