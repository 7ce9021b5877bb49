"""Files of Inspect AI, `.eval` archives and `.json`, read sample by sample with its own models.

Its function `read_eval_log_samples` is not used, as it parses the list of an archive's members for
each sample (7 ms of CPU time per sample of 2,000, and 52 ms of 20,000), and a `.json` file as a
whole for each.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol, cast

from ...errors import InputError
from ..compressed import FREE_BYTES, MAX_RATIO, pieces
from .json_stream import json_fields
from .log import Opening

MAX_VERSION: Final = 3
"""The newest layout of logs that was seen, in November 2026."""
_ZIP: Final = b"PK\x03\x04"
_NAME_START: Final = 30
"""Offset of a member's name in its header inside a zip file."""
_START, _HEADER = "_journal/start.json", "header.json"
_MEMBERS: Final = (b"_journal/", b"header.json", b"samples/", b"summaries", b"reductions")
_STATUSES: Final = frozenset({'"started"', '"success"', '"cancelled"', '"error"'})
_IDS: Final = ('"eval_id"', '"run_id"')
"""With one of these an evaluation begins; logs that say no version are known by them."""
_NOT_READ: Final = frozenset({"events", "events_data", "store", "timelines", "error_retries"})
"""Fields of a sample that may be far larger than its messages, and are not needed."""
_NOT_KEPT: Final = frozenset({*_NOT_READ, "attachments", "sandbox", "files", "setup"})
_STEP: Final = 1 << 20
_INVALID: Final = (ValueError, TypeError, LookupError, AttributeError, AssertionError)
"""What the models of Inspect AI raise about values that they do not expect."""


class RawSample(NamedTuple):
    """A sample as it is in the file."""

    value: Mapping[str, object]
    place: str
    number: int
    """Its number in the file, from 1."""


def is_inspect(opening: Opening) -> bool:
    """Whether a file is a log of Inspect AI, by its members or its keys."""
    if opening.data.startswith(_ZIP):
        return opening.data[_NAME_START:].startswith(_MEMBERS)
    keys = opening.keys
    evaluated = keys.get("eval", "")
    return (
        keys.get("status") in _STATUSES
        and evaluated.startswith("{")
        and ("version" in keys or any(name in evaluated for name in _IDS))
    )


def read_header(path: Path) -> Mapping[str, object]:
    """What a log says before its samples: its status, and what was evaluated.

    Raises:
        InputError: The package is missing, the file is damaged, or its layout is newer.
    """
    _package(path)
    if _is_archive(path):
        with _archive(path) as archive:
            members = _members(archive)
            member = members.get(_HEADER) or members.get(_START)
            if member is None:
                raise InputError(f"an archive without {_HEADER}", where=str(path))
            place = f"{path}:{member.filename}"
            header = dict(json_fields(_unpacked(archive, member), where=place))
    else:
        fields = json_fields(pieces(path), where=str(path), each=("samples",))
        header = {}
        for key, value in fields:
            if key == "samples":
                break
            header[key] = value
    version = header.get("version")
    if isinstance(version, int) and version > MAX_VERSION:
        raise InputError(
            f"version {version} of the layout of logs, and only versions up to {MAX_VERSION} are"
            " known",
            where=str(path),
            hint="update error-map, or save the samples as JSON lines",
        )
    return header


def sample_count(path: Path) -> int | None:
    """Number of samples in an archive; None for a JSON file, which would be read as a whole."""
    if not _is_archive(path):
        return None
    with _archive(path) as archive:
        return sum(map(_is_sample, _members(archive)))


def raw_samples(path: Path) -> Iterator[RawSample]:
    """The samples of a log, without their events.

    Raises:
        InputError: The file is damaged or cut off.
    """
    samples = _archived(path) if _is_archive(path) else _listed(path)
    for number, (place, value) in enumerate(samples, start=1):
        if not isinstance(value, dict):
            raise InputError("a sample that is no object", where=place)
        yield RawSample(value, place, number)


def checked(sample: RawSample, path: Path) -> Mapping[str, object]:
    """A sample as Inspect AI itself reads it: older layouts converted, attachments in place.

    Raises:
        InputError: It is no sample.
    """
    value = {key: field for key, field in sample.value.items() if key not in _NOT_READ}
    if "score" in value and "scores" not in value:  # as of 2023
        value["scores"] = {"score": value.pop("score")}
    package = _package(path)
    try:
        model = package.resolve_sample_attachments(package.EvalSample.model_validate(value))
        return model.model_dump(exclude=_NOT_KEPT)
    except RecursionError as error:
        raise InputError("a sample is nested too deeply", where=sample.place) from error
    except _INVALID as error:
        reason = str(error).splitlines()
        shown = ": ".join(line.strip() for line in islice(reason, 1, 3)) or "".join(reason)
        raise InputError(f"no sample of Inspect AI: {shown}", where=sample.place) from error


class _Model(Protocol):
    def model_dump(self, *, exclude: frozenset[str]) -> dict[str, object]:
        """Its fields."""


class _EvalSample(Protocol):
    def model_validate(self, obj: object) -> _Model:
        """The sample with these fields."""


class _InspectLog(Protocol):
    """The part of the module inspect_ai.log that is used."""

    EvalSample: _EvalSample

    def resolve_sample_attachments(self, sample: _Model) -> _Model:
        """The sample with texts in place of references to them."""


def _package(path: Path) -> _InspectLog:
    try:
        return cast("_InspectLog", import_module("inspect_ai.log"))
    except ImportError as error:
        hint = "pip install 'error-map[inspect]'"
        message = "no package that reads logs of Inspect AI"
        raise InputError(message, where=str(path), hint=hint) from error


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_ZIP)) == _ZIP


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except _damage() as error:
        raise InputError(f"the archive is damaged or cut off: {error}", where=str(path)) from error
    with archive:
        allowed = max(FREE_BYTES, MAX_RATIO * path.stat().st_size)
        if sum(one.file_size for one in archive.infolist()) > allowed:
            raise InputError(
                f"unpacks to more than {allowed:,} bytes, {MAX_RATIO} times its size",
                where=str(path),
                hint="convert it if it is right: inspect log convert --to json",
            )
        yield archive


def _members(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """The members of an archive by name; of two of one name, the later one, which replaces it."""
    return {one.filename: one for one in archive.infolist()}


def _is_sample(name: str) -> bool:
    return name.startswith("samples/") and name.endswith(".json")


def _archived(path: Path) -> Iterator[tuple[str, object]]:
    with _archive(path) as archive:
        for name, member in _members(archive).items():
            place = f"{path}:{name}"
            if name.count("/") > 1 and name.endswith("/sample.json"):
                raise InputError(
                    "a sample in several members, which cannot be read",
                    where=place,
                    hint="read the log as it was before it was converted",
                )
            if _is_sample(name):
                fields = json_fields(_unpacked(archive, member), where=place, each=_NOT_READ)
                yield place, {key: value for key, value in fields if key not in _NOT_READ}


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member; zipfile stops at the size that the archive names."""
    try:
        with archive.open(member) as stream:
            while piece := stream.read(_STEP):
                yield piece
    except NotImplementedError as error:  # zstd, with an older version
        message = f"the package inspect-ai cannot unpack it: {error}"
        hint = "pip install --upgrade inspect-ai"
        raise InputError(message, where=str(archive.filename), hint=hint) from error
    except _damage() as error:
        where = f"{archive.filename}:{member.filename}"
        raise InputError(f"the archive is damaged: {error}", where=where) from error


def _listed(path: Path) -> Iterator[tuple[str, object]]:
    number = 0
    for key, value in json_fields(pieces(path), where=str(path), each=("samples",)):
        if key == "samples" and value is not None:
            number += 1
            yield f"{path}, sample {number}", value


@cache
def _damage() -> tuple[type[Exception], ...]:
    """Errors by which zipfile and the packages that unpack zstd say that an archive is damaged."""
    known: list[type[Exception]] = [zipfile.BadZipFile, RuntimeError]
    known += [EOFError, zlib.error, ValueError, OverflowError]
    for name in ("zstandard", "compression.zstd"):
        try:
            known.append(import_module(name).ZstdError)
        except ImportError:
            continue
    return tuple(known)
