"""`error-map import`: writes logs and tables as Parquet files, or as Every Eval Ever."""

import shlex
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from typing import Final

from ..config import RunConfig
from ..conversion.convert import Form, Imported, Written, import_folder
from ..presentation.formatting import count
from ..presentation.sanitize import plain_text
from .analyse import parsed
from .flags import declare, option_flags
from .next_steps import program
from .progress_bar import Drawing

OPTIONS: Final = (
    *("format", "metric", "filter", "scorer", "split", "question_only", "model_name"),
    *("dataset_name", "columns", "encoding", "sheet", "score_map", "decimal", "percent"),
    *("score_direction", "strict"),
)
"""The options of a run that say how files are read."""


def import_logs(data_path: Path, /, *, out: Path, to: Form = "parquet", **given: object) -> None:
    """Write logs and tables as one Parquet file per dataset, which every run reads at once.

    Parameters
    ----------
    data_path
        Folder of logs of evaluation tools and of tables, or one file.
    out
        Folder to write to.
    to
        parquet: a table per dataset; every-eval-ever: a folder `data` in that format.
    """
    options = parsed(given)
    config = RunConfig.load({"exp_id": "import", "data_path": data_path, **options})
    imported = import_folder(config, out, to)
    with Drawing(quiet=False) as drawing:
        for notice in imported.notices:
            drawing.note(notice)
    print(plain_text("\n".join(_lines(imported, out, to))))


def _lines(imported: Imported, out: Path, to: Form) -> Iterator[str]:
    for one in imported.written:
        yield f"wrote {one.path}: {_numbers(one, to)}"
    command = shlex.join([*program(), "--data-path", str(out)])
    yield "next:"
    yield f"  {command}  # maps the failures of what was written"


def _numbers(one: Written, to: Form) -> str:
    parts = [count(one.scored, "scored row"), count(one.models, "model")]
    if one.errored:
        parts.append(f"{one.errored:,} errored")
    if one.invalid:
        left_out = ", left out as the format needs a key and a score"
        parts.append(f"{one.invalid:,} invalid{left_out if to == 'every-eval-ever' else ''}")
    return ", ".join(parts)


_own = [one for one in signature(import_logs).parameters.values() if one.name != "given"]
declare(import_logs, option_flags(OPTIONS), _own)
