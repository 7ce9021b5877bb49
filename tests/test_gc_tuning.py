"""The garbage collector of a process of our own."""

import subprocess
import sys

ASKED = """
import gc
from error_map.gc_tuning import SELDOM, collect_seldom
collect_seldom()
print(gc.isenabled(), gc.get_threshold() == SELDOM, gc.get_freeze_count() > 1_000)
"""


def test_what_is_loaded_is_passed_over_and_the_rest_still_collected() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, check=True, text=True)

    assert done.stdout.split() == ["True"] * 3
