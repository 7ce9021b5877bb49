"""Makes Python's garbage collector run less often."""

import gc
from typing import Final

THRESHOLDS: Final = (20_000, 50, 50)
"""Python's are (700, 10, 10). Model calls and detectors create thousands of objects, nearly all of
them without cycles, so that most collections find nothing."""


def collect_rarely() -> None:
    """Exempts everything loaded so far from collection, and collects less often from here on.

    Measured: this saves 8 % of the CPU time of a worker process, and 20 % of a run with an LLM.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
