"""A worker process: questions on standard input, answers on standard output."""

import signal
import sys
from typing import BinaryIO

from .answers import Profile
from .examine import examine
from .frames import PREFIX_BYTES, READY, dump_diagnoses, framed, load_failures, load_profiles


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answers every question until there are no more."""
    profiles = load_profiles(_read(questions) or b"{}")
    _write(answers, READY)
    untaught = Profile()
    while body := _read(questions):
        diagnoses = [
            examine(failure, profiles.get(failure.record.key.dataset, untaught))
            for failure in load_failures(body)
        ]
        _write(answers, dump_diagnoses(diagnoses))


def _write(stream: BinaryIO, body: bytes) -> None:
    stream.write(framed(body))
    stream.flush()


def _read(stream: BinaryIO) -> bytes:
    """The next message; empty at the end."""
    size = int.from_bytes(stream.read(PREFIX_BYTES), "big")
    return stream.read(size)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the run, which then ends its workers
    serve(sys.stdin.buffer, sys.stdout.buffer)
