"""A worker process: requests on standard input, replies on standard output."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import BinaryIO

from ....errors import InputError
from ....gc_tuning import collect_rarely
from ....records import Diagnosis, Failure
from ..answers.profiles import NO_PROFILES, Profile, Profiles
from ..detector import Detector
from ..examine import examine, forms
from ..registry import chosen
from .frames import (
    FORMS,
    PREFIX_BYTES,
    READY,
    dump_diagnoses,
    dump_forms,
    framed,
    load_briefing,
    load_failures,
)


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Examines batches until the requests end."""
    first = _read(requests)
    if not first:
        return
    briefing = load_briefing(first)
    try:
        detectors = chosen(briefing.detectors)
    except InputError as error:
        _write(replies, str(error).encode())
        return
    _write(replies, READY)
    while body := _read(requests):
        answers = [
            (failure, _profile(failure, briefing.profiles))
            for failure in load_failures(body.removeprefix(FORMS))
        ]
        if body.startswith(FORMS):
            _write(replies, dump_forms([_forms(*answer, detectors) for answer in answers]))
        else:
            _write(replies, dump_diagnoses([_examined(*answer, detectors) for answer in answers]))


def _profile(failure: Failure, profiles: Mapping[str, Profiles]) -> Profile:
    key = failure.record.key
    return profiles.get(key.dataset, NO_PROFILES).of(key.model, failure.record.output)


def _examined(failure: Failure, profile: Profile, detectors: Sequence[Detector]) -> Diagnosis | str:
    try:
        return examine(failure, profile, detectors)
    except Exception as error:  # noqa: BLE001 - a detector's bug costs only this failure
        who = ", ".join(getattr(error, "__notes__", ())) or "the answer extraction"
        return f"{who} failed: {type(error).__name__}: {error}"


def _forms(
    failure: Failure, profile: Profile, detectors: Sequence[Detector]
) -> tuple[tuple[str, str], ...]:
    try:
        return forms(failure, profile, detectors)
    except Exception:  # noqa: BLE001 - reported when the detector runs on the failures
        return ()


def _write(stream: BinaryIO, body: bytes) -> None:
    stream.write(framed(body))
    stream.flush()


def _read(stream: BinaryIO) -> bytes:
    """The next message; empty at the end, also where a killed run wrote half of one."""
    prefix = stream.read(PREFIX_BYTES)
    size = int.from_bytes(prefix, "big") if len(prefix) == PREFIX_BYTES else 0
    body = stream.read(size)
    return body if len(body) == size else b""


def main() -> None:
    """Serves the run that started this process."""
    for number in (signal.SIGINT, signal.SIGTERM):  # these end the run, which then ends its workers
        signal.signal(number, signal.SIG_IGN)
    collect_rarely()
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:  # the run was killed, so there is nobody to report to
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
