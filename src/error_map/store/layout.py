"""The files of a run: their names, and their replacement all together or not at all."""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ..errors import InputError, StoreError
from .lock import locked
from .regular_file import refuse_irregular

FileKind: TypeAlias = Literal[
    "config",
    "records",
    "failures",
    "taxonomy",
    "invalid_rows",
    "preparation",
    "single_error",
    "final_csv",
    "final_json",
]
_NAMES: Final[Mapping[FileKind, tuple[str, str]]] = {
    "config": ("config", ".json"),
    "records": ("records", ".parquet"),
    "failures": ("failures", ".parquet"),
    "taxonomy": ("taxonomy", ".yaml"),
    "invalid_rows": ("invalid_rows", ".csv"),
    "preparation": ("exp_name=data_preparation", ".csv"),
    "single_error": ("exp_name=single_error", ".csv"),
    "final_csv": ("exp_name=construct_taxonomy_recursively", ".csv"),
    "final_json": ("exp_name=construct_taxonomy_recursively", ".json"),
}
"""First name of each file of a run, before and after the run's own name."""
_SUFFIX: Final = ".part"
_MANIFEST: Final = "manifest__exp_id="
_LEAVING: Final = "leaving"
"""In the workshop: receives the files of the earlier run one by one."""
_LEFT: Final = "left"
"""Name of that folder once it has all of them, so that all files in place are new."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of a run and the paths of its files."""

    output_dir: Path
    exp_id: str
    files: Mapping[FileKind, str] = field(default_factory=dict, compare=False, repr=False)
    """Current names from the manifest; a kind that is missing has the name that a run gives it."""

    @property
    def config(self) -> Path:
        """Options of the run, without secrets."""
        return self._current("config")

    @property
    def manifest(self) -> Path:
        """Versions, fingerprints, thresholds, accounting; written last."""
        return self._file("manifest", ".json")

    @property
    def records(self) -> Path:
        """One row per input row, without long texts."""
        return self._current("records")

    @property
    def failures(self) -> Path:
        """One row per analysed failure, with texts and diagnosis."""
        return self._current("failures")

    @property
    def taxonomy(self) -> Path:
        """The tree of categories."""
        return self._current("taxonomy")

    @property
    def invalid_rows(self) -> Path:
        """The invalid rows, with file, line and reason."""
        return self._current("invalid_rows")

    @property
    def preparation(self) -> Path:
        """The contract's CSV of stage 1."""
        return self._current("preparation")

    @property
    def single_error(self) -> Path:
        """The contract's CSV of stage 2."""
        return self._current("single_error")

    @property
    def final_csv(self) -> Path:
        """The contract's final table."""
        return self._current("final_csv")

    @property
    def final_json(self) -> Path:
        """The contract's final tree."""
        return self._current("final_json")

    def report(self, suffix: str) -> Path:
        """The report in the format of `suffix`; built on demand, so not a part of the run."""
        return self._file("report", suffix)

    @property
    def index(self) -> Path:
        """The viewer's index; built from the other files when it is first needed."""
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

    @property
    def lock(self) -> Path:
        """Lock that is held while a run is under way; see `locked`."""
        return self.output_dir / f".{self.exp_id}.lock"

    def part(self, file: Path) -> Path:
        """Path of a file until the run is finished."""
        return self.workshop / file.name

    @property
    def read_back(self) -> tuple[Path, ...]:
        """The files that every later command reads, the manifest last."""
        tables = (self.records, self.failures, self.invalid_rows)
        return (*tables, self.taxonomy, self.manifest)

    def refuse_irregular(self) -> None:
        """Refuses a run with anything but regular files; called before its files are read.

        Raises:
            StoreError: A file is a folder, a pipe, a device or a socket, or cannot be examined.
        """
        for file in (*self.read_back, self.index):
            refuse_irregular(file)

    @contextmanager
    def writing(self, files: Sequence[Path] | None = None) -> Iterator[None]:
        """Moves files that the block writes as `part` into place at its end, all or none.

        They replace the files of an earlier run. If a process is killed while it replaces them, the
        next run puts the earlier files back.

        Args:
            files: The files that the block writes, the manifest last; None for all.

        Raises:
            InputError: The folder cannot be written to, or another run is writing there under
                the same name.
            StoreError: A folder has the name of a file, or a file cannot be moved.
        """
        with ExitStack() as stack:
            self._make_folder()
            self._lock(stack)
            self._sweep()
            stack.callback(self._clear)
            self._refuse_folders()
            yield
            self._publish(self.all_files if files is None else files)

    def _make_folder(self) -> None:
        try:
            self.output_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error

    def _lock(self, stack: ExitStack) -> None:
        hint = "wait for it, or choose another --exp-id"
        lock = locked(self.lock, message="another run is writing under this name", hint=hint)
        try:
            stack.enter_context(lock)
        except OSError as error:
            if not os.path.lexists(self.lock):
                raise self._unwritable(error) from error
            raise InputError(
                f"cannot lock: {_reason(error)}", where=str(self.lock), hint=_unlockable(error)
            ) from error

    def _unwritable(self, error: OSError) -> InputError:
        hint = "choose another --output-dir"
        return InputError(f"cannot write: {_reason(error)}", where=str(self.output_dir), hint=hint)

    def _sweep(self) -> None:
        """Removes the remains of a killed run, and creates the folder of intermediate files."""
        self._put_back()
        try:
            if self.workshop.exists():
                shutil.rmtree(self.workshop)
            self.workshop.mkdir()
        except OSError as error:
            raise self._unwritable(error) from error

    def _clear(self) -> None:
        self._put_back()
        shutil.rmtree(self.workshop, ignore_errors=True)

    def _refuse_folders(self) -> None:
        for file in self._replaced:
            if file.is_dir() and not file.is_symlink():
                message = "a folder has the name of a file of the run"
                hint = "move it away, or choose another --exp-id"
                raise StoreError(message, where=str(file), hint=hint)

    @property
    def _replaced(self) -> tuple[Path, ...]:
        """The files that a new run replaces, the manifest last."""
        return (self.index, *self.all_files)

    def _publish(self, files: Sequence[Path]) -> None:
        """Moves the earlier files away, manifest first, then the new ones in, manifest last.

        As long as no manifest is in place, `_put_back` undoes the moves.
        """
        self._refuse_folders()
        leaving = self.workshop / _LEAVING
        try:
            leaving.mkdir()
            # The manifest goes first: a reader never finds it together with files of another run.
            for file in reversed(self._replaced):
                if os.path.lexists(file):
                    file.rename(leaving / file.name)
            # From here on every file in place is a new one, which `_put_back` can tell by this
            # name.
            leaving.rename(self.workshop / _LEFT)
            for file in files:
                self.part(file).rename(file)
        except OSError as error:
            message = f"cannot put the run's files in place: {_reason(error)}"
            hint = "choose another --exp-id or --output-dir"
            raise StoreError(message, where=str(error.filename), hint=hint) from error

    def _put_back(self) -> None:
        """Undoes an interrupted replacement of files; may itself be interrupted and repeated.

        Raises:
            StoreError: A file cannot be moved.
        """
        left, leaving = self.workshop / _LEFT, self.workshop / _LEAVING
        if os.path.lexists(self.manifest):
            return
        try:
            if left.exists():
                for file in self._replaced:
                    file.unlink(missing_ok=True)
                left.rename(leaving)
            for file in self._replaced:
                if os.path.lexists(leaving / file.name):
                    (leaving / file.name).rename(file)
        except OSError as error:
            message = f"cannot put back the earlier run's files: {_reason(error)}"
            hint = f"they are under {self.workshop}"
            raise StoreError(message, where=str(error.filename), hint=hint) from error

    def refuse_half_replaced(self) -> None:
        """Refuses a run whose files are being replaced, or whose replacement was interrupted.

        Raises:
            StoreError: The files are in the workshop.
        """
        name = self.manifest.name
        if any((self.workshop / folder / name).exists() for folder in (_LEAVING, _LEFT)):
            message = "the run is being replaced, or a process was killed while it replaced it"
            hint = "if no run is at work, run it again: its files are put back first"
            raise StoreError(message, where=str(self.workshop), hint=hint)

    def write_json(self, file: Path, value: object) -> None:
        """Writes a value to the part of a JSON file."""
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
        self.part(file).write_text(text + "\n", encoding="utf-8", errors="backslashreplace")

    @property
    def named(self) -> dict[FileKind, str]:
        """The file of each kind, for the manifest."""
        return {kind: self._current(kind).name for kind in _NAMES}

    def _current(self, kind: FileKind) -> Path:
        if kind in self.files:
            return self.output_dir / self.files[kind]
        return self._file(*_NAMES[kind])

    def _file(self, what: str, suffix: str) -> Path:
        return self.output_dir / f"{what}__exp_id={self.exp_id}{suffix}"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _unlockable(error: OSError) -> str:
    """A hint for a lock file that exists and cannot be locked."""
    match error.errno:
        case errno.EINVAL:
            return "delete it, or choose another --exp-id"
        case errno.EACCES | errno.EPERM:
            return "if no other run is at work, delete the file; or choose another --exp-id"
        case _:
            return "choose an --output-dir on a file system that has locks"


def finished_runs(output_dir: Path) -> list[RunFolder]:
    """The finished runs of a folder, by name."""
    manifests = sorted(output_dir.glob(f"{_MANIFEST}*.json"))
    return [RunFolder(output_dir, path.stem.removeprefix(_MANIFEST)) for path in manifests]
