"""Imports logs and tables: one Parquet file per dataset, or a folder of Every Eval Ever."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final, Literal, TypeAlias

import polars as pl

from .._version import __version__
from ..config import RunConfig
from ..errors import EmptyInput, InputError
from ..stages.reading import sources_of
from ..store.disk import telling_no_room
from .every_eval_ever import write_every_eval_ever
from .parts import Gathered, Parts

Form: TypeAlias = Literal["parquet", "every-eval-ever"]
MARK: Final = "error_map_import"
"""Key in the metadata of our Parquet files: a file without it is another program's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written of one dataset."""

    dataset: str
    path: Path
    """The file, or in the format of Every Eval Ever the folder of the dataset."""
    models: int
    scored: int
    errored: int
    invalid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import wrote, by the names of the datasets, and what the user should know."""

    written: tuple[Written, ...]
    notices: tuple[str, ...]


def import_folder(config: RunConfig, out: Path, form: Form) -> Imported:
    """Writes what a run with this configuration would read.

    All files are written to a hidden folder first, and then moved to their places.

    Args:
        config: Where the logs and tables are, and how to read them.
        out: Folder to write to; it is made if it does not exist.
        form: What to write.

    Raises:
        InputError: There is nothing to read, a file cannot be read or written, or `out` has a
            file of the same name that no import wrote.
    """
    _refuse_folder(config.data_path, out)
    hint = "name a folder on another disk with --out"
    with _hidden_folder(out) as folder, telling_no_room(out, hint=hint):
        datasets, notices = _gathered(config, folder)
        written: list[Written] = []
        moves: dict[Path, Path] = {}
        for dataset in datasets:
            table = folder / f"{dataset.name}.parquet"
            dataset.rows().sink_parquet(table, metadata={MARK: __version__})
            if form == "parquet":
                place = out / table.name
                moves[table] = place
            else:
                direction = config.score_direction
                made = write_every_eval_ever(dataset, table, folder, direction=direction)
                root = out if out.name == "data" else out / "data"
                place = root / dataset.name
                moves |= {path: root / path.relative_to(folder / "data") for path in made}
            written.append(_counted(dataset.name, table, place))
        _move(moves)
    return Imported(written=tuple(written), notices=tuple(dict.fromkeys(notices)))


def _gathered(config: RunConfig, folder: Path) -> tuple[list[Gathered], list[str]]:
    """The rows of all sources by dataset, and notices from reading them."""
    sources, notices = sources_of(config)
    sources.sort(key=lambda source: source.label)
    # Apart from the tables: a dataset may be named by a number.
    aside = folder / "parts"
    aside.mkdir()
    parts = Parts(aside)
    for number, source in enumerate(sources):
        try:
            for table in source.tables():
                parts.add(table, source, number)
                notices += table.notices
        except EmptyInput as error:
            notices.append(f"{error}; the other files are read")
    datasets = [parts.datasets[name] for name in sorted(parts.datasets)]
    if not datasets:
        raise InputError("there are no rows", hint="; ".join(notices))
    for dataset in datasets:
        dataset.refuse_shared_keys([source.label for source in sources])
    return datasets, notices


def _counted(name: str, table: Path, place: Path) -> Written:
    frame = pl.scan_parquet(table, glob=False)
    if "log_state" not in frame.collect_schema().names():
        frame = frame.with_columns(pl.lit(None, pl.String).alias("log_state"))
    models, scored, errored, invalid = (
        frame.select(
            pl.col("model").drop_nulls().n_unique().alias("models"),
            pl.col("log_state").is_null().sum().alias("scored"),
            (pl.col("log_state") == "errored").sum().alias("errored"),
            (pl.col("log_state") == "invalid").sum().alias("invalid"),
        )
        .collect()
        .row(0)
    )
    return Written(
        dataset=name,
        path=place,
        models=models,
        scored=scored,
        errored=errored,
        invalid=invalid,
    )


def _refuse_folder(data_path: Path, out: Path) -> None:
    """Refuses a folder in which the next run would find the logs again."""
    if data_path.resolve().is_relative_to(out.resolve()):
        raise InputError(
            f"{data_path} is in it, so a run over it would read the same rows twice",
            where=f"--out {out}",
            hint="name another folder",
        )
    if out.exists() and not out.is_dir():
        raise InputError("it is no folder", where=f"--out {out}", hint="name another folder")


@contextmanager
def _hidden_folder(out: Path) -> Iterator[Path]:
    """A folder in `out`, on the same disk, which is removed at the end."""
    was_there = out.exists()
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(mkdtemp(prefix=".import-", dir=out))
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", where=str(out)) from error
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        if not was_there:
            with suppress(OSError):  # it has what was written
                out.rmdir()


def _move(moves: Mapping[Path, Path]) -> None:
    """Moves the files to their places, if no file of another program is there."""
    for target in moves.values():
        if target.exists() and not _is_ours(target):
            raise InputError(
                "it exists, and no import wrote it",
                where=str(target),
                hint="move it away, or name another folder with --out",
            )
    for path, target in moves.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)


def _is_ours(path: Path) -> bool:
    """Whether an import wrote a file: by its mark, or by its name, which is a hash."""
    if path.suffix != ".parquet":
        return path.is_file()
    try:
        return MARK in pl.read_parquet_metadata(path)
    except (pl.exceptions.PolarsError, OSError):
        return False
