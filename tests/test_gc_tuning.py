"""Tests of the garbage collector settings, in a process of their own."""

import subprocess
import sys

SCRIPT = """
import gc
from error_map.gc_tuning import THRESHOLDS, collect_rarely
collect_rarely()
print(gc.isenabled(), gc.get_threshold() == THRESHOLDS, gc.get_freeze_count() > 1_000)
"""


def test_loaded_objects_are_exempt_and_new_ones_are_still_collected() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == ["True"] * 3
