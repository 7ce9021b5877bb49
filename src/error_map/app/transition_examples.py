"""The examples of one transition: as a table with links to their failures, and as a sheet."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

from ..analysis import STUDIED, Flow, Transitions
from ..outputs.summary import FinishedRun
from ..outputs.transition_examples import ModelResult, TransitionExample
from . import escaping as words
from .csv_export import category_path, guarded
from .failure_table import in_address

_HEADER: Final = ("dataset", "example_id", "attempt")


def moved_sheet(run: FinishedRun, examples: Sequence[TransitionExample]) -> bytes:
    """A row an example: its id, and state and category of both models; see `sheet`."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    sides = [(f"{side}_model", f"{side}_state", f"{side}_category") for side in ("before", "after")]
    writer.writerow([*_HEADER, *sides[0], *sides[1]])
    for one in examples:
        key = one.before.key
        cells = [guarded(cell) for stand in (one.before, one.after) for cell in _told(run, stand)]
        writer.writerow([guarded(key.dataset), guarded(key.example), key.repeat + 1, *cells])
    return stream.getvalue().encode("utf-8-sig", "replace")


def moved_sheet_name(run: FinishedRun, moved: Transitions, flow: Flow) -> str:
    """What the file of a flow's sheet is called: another name for another flow."""
    told = repr((moved.before, moved.after, flow)).encode("utf-8", "backslashreplace")
    return f"moved-{run.manifest.exp_id}-{flow.examples}-{sha256(told).hexdigest()[:6]}.csv"


def _told(run: FinishedRun, stand: ModelResult) -> tuple[str, str, str]:
    return stand.key.model, stand.state, category_path(run, stand.category)


def moved_table(
    run: FinishedRun,
    examples: Sequence[TransitionExample],
    address: Mapping[str, str],
    *,
    caption: str,
) -> str:
    """The table in HTML; what a model failed at is a link to its failure.

    Args:
        run: The run.
        examples: Those of one page; at least one.
        address: The part of an address that says which run is shown.
        caption: Which of the examples these are.
    """
    models = [examples[0].before.key.model, examples[0].after.key.model]
    header = ("example", *words.short_names(models), "dataset")
    head = "".join(f'<th scope="col">{words.escaped(name)}</th>' for name in header)
    rows = "".join(f"<tr>{_row(run, one, address)}</tr>" for one in examples)
    return (
        '<div class="em-scroll"><table class="em-table em-moved">'
        f"<caption>{words.escaped(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(run: FinishedRun, one: TransitionExample, address: Mapping[str, str]) -> str:
    key = one.before.key
    named = key.example + (f" #{key.repeat}" * (key.repeat > 0))
    stands = (_stand(run, stand, address) for stand in (one.before, one.after))
    cells = (words.escaped(named), *stands, words.escaped(key.dataset))
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _stand(run: FinishedRun, stand: ModelResult, address: Mapping[str, str]) -> str:
    told = words.escaped(category_path(run, stand.category) or stand.state.replace("_", " "))
    if stand.state not in STUDIED:
        return told
    query = urlencode({**address, "failure": in_address(stand.key)}, errors="replace")
    return f'<a href="failures?{html.escape(query)}">{told}</a>'
