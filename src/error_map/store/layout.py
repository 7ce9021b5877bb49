"""The files of a run: their names, and how they come into being whole or not at all."""

import getpass
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from ..errors import InputError, StoreError, closest

_SUFFIX: Final = ".part"
_MANIFEST: Final = "manifest__exp_id="


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one experiment's files stand."""

    output_dir: Path
    exp_id: str

    @property
    def config(self) -> Path:
        """What the run was asked to do, without secrets."""
        return self._file("config", ".json")

    @property
    def manifest(self) -> Path:
        """Versions, fingerprints, thresholds, accounting: written last."""
        return self._file("manifest", ".json")

    @property
    def records(self) -> Path:
        """One row an input row, without long texts."""
        return self._file("records", ".parquet")

    @property
    def failures(self) -> Path:
        """One row a studied failure, with texts and diagnosis."""
        return self._file("failures", ".parquet")

    @property
    def taxonomy(self) -> Path:
        """The categories."""
        return self._file("taxonomy", ".yaml")

    @property
    def invalid_rows(self) -> Path:
        """The rows that were set aside, with file, line and reason."""
        return self._file("invalid_rows", ".csv")

    @property
    def preparation(self) -> Path:
        """The contract's CSV of stage 1."""
        return self._file("exp_name=data_preparation", ".csv")

    @property
    def single_error(self) -> Path:
        """The contract's CSV of stage 2."""
        return self._file("exp_name=single_error", ".csv")

    @property
    def final_csv(self) -> Path:
        """The contract's final table."""
        return self._file("exp_name=construct_taxonomy_recursively", ".csv")

    @property
    def final_json(self) -> Path:
        """The contract's final tree."""
        return self._file("exp_name=construct_taxonomy_recursively", ".json")

    def report(self, suffix: str) -> Path:
        """The report, in the format that `suffix` names; made on demand, so no part of the run."""
        return self._file("report", suffix)

    @property
    def index(self) -> Path:
        """What the viewer finds failures by; made from the others when it is first needed."""
        return self._file("index", ".sqlite")

    @property
    def all_files(self) -> tuple[Path, ...]:
        """Every file of a finished run, the manifest last."""
        contract = (self.preparation, self.single_error, self.final_csv, self.final_json)
        return (self.config, *contract, *self.read_back)

    @property
    def workshop(self) -> Path:
        """Folder of intermediate files while a run is under way."""
        return self.output_dir / f".{self.exp_id}{_SUFFIX}"

    def part(self, file: Path) -> Path:
        """What a file is called until the run is finished."""
        return self.workshop / file.name

    @property
    def read_back(self) -> tuple[Path, ...]:
        """The files that every later command reads, the manifest last."""
        tables = (self.records, self.failures, self.invalid_rows)
        return (*tables, self.taxonomy, self.manifest)

    @contextmanager
    def writing(self, files: Sequence[Path] | None = None) -> Iterator[None]:
        """Files written as `part` inside the block appear together at its end, or not at all.

        An earlier run's files stay as they were until then, and no longer.

        Args:
            files: Those that are written, the manifest last; None for all.

        Raises:
            InputError: The folder cannot be written to, or another run is writing there under
                the same name.
        """
        try:
            self.workshop.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot write: {error}", where=str(self.output_dir)) from error
        told = "another run is writing under this name"
        with locked(self.workshop, told=told, hint="wait for it, or choose another --exp-id"):
            self._sweep()
            try:
                yield
                self._publish(self.all_files if files is None else files)
            finally:
                shutil.rmtree(self.workshop, ignore_errors=True)

    def _sweep(self) -> None:
        """Removes what a killed run left."""
        try:
            shutil.rmtree(self.workshop)
            self.workshop.mkdir()
        except OSError as error:
            raise InputError(f"cannot write: {error}", where=str(self.output_dir)) from error

    def _publish(self, files: Sequence[Path]) -> None:
        self.manifest.unlink(missing_ok=True)
        self.index.unlink(missing_ok=True)
        for file in set(self.all_files).difference(files):
            file.unlink(missing_ok=True)
        for file in files:
            self.part(file).replace(file)

    def write_json(self, file: Path, value: object) -> None:
        """Writes a value as the part of a JSON file."""
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
        self.part(file).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")

    def _file(self, what: str, suffix: str) -> Path:
        return self.output_dir / f"{what}__exp_id={self.exp_id}{suffix}"


@contextmanager
def locked(path: Path, *, told: str, hint: str, wait_s: float = 0.0) -> Iterator[None]:
    """Holds a lock that the system lets go of when the process ends, however it ends.

    Its file stands in the system's folder for temporary files and stays there: a lock that is
    removed while it is held locks nobody out.

    Args:
        path: What is locked.
        told: What to say where another holds it.
        hint: The way out of that.
        wait_s: Seconds to wait for the other.

    Raises:
        InputError: Another holds it.
    """
    name = sha256(os.fsencode(path.resolve())).hexdigest()[:16]
    file = Path(tempfile.gettempdir()) / f"error-map-{getpass.getuser()}-{name}.lock"
    connection = sqlite3.connect(file, timeout=wait_s, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise InputError(told, where=str(path), hint=hint) from error
    try:
        yield
    finally:
        connection.close()


def finished_runs(output_dir: Path) -> list[RunFolder]:
    """The finished runs of a folder, by name."""
    found = sorted(output_dir.glob(f"{_MANIFEST}*.json"))
    return [RunFolder(output_dir, path.stem.removeprefix(_MANIFEST)) for path in found]


def open_run(output_dir: Path, exp_id: str) -> RunFolder:
    """A finished run whose summary can be read.

    Raises:
        InputError: There is no such run; the message says which there are.
        StoreError: A file that its summary is read from is gone.
    """
    runs = {run.exp_id: run for run in finished_runs(output_dir)}
    if exp_id not in runs:
        raise InputError(f"no run {exp_id!r}", where=str(output_dir), hint=closest(exp_id, runs))
    run = runs[exp_id]
    for file in (run.records, run.taxonomy):
        if not file.exists():
            raise StoreError("a file of the run is gone", where=str(file), hint="run it again")
    return run
