"""A worker process that dies, hangs or raises on outputs that tell it to."""

import os
import sys
import time

from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.workers.frames import (
    PREFIX_BYTES,
    READY,
    dump_diagnoses,
    framed,
    load_failures,
)


def main() -> None:
    """Serves like the real worker, except for outputs that are commands."""
    questions = sys.stdin.buffer
    questions.read(int.from_bytes(questions.read(PREFIX_BYTES), "big"))
    sys.stdout.buffer.write(framed(READY))
    sys.stdout.buffer.flush()
    while size := int.from_bytes(questions.read(PREFIX_BYTES), "big"):
        failures = load_failures(questions.read(size))
        outputs = {failure.record.output for failure in failures}
        if "die" in outputs:
            os._exit(9)
        if "hang" in outputs:
            time.sleep(600)
        diagnoses = [
            "a detector failed: ValueError: as asked"
            if failure.record.output == "raise"
            else examine(failure, Profile())
            for failure in failures
        ]
        sys.stdout.buffer.write(framed(dump_diagnoses(diagnoses)))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
