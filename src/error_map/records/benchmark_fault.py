"""Suspected benchmark faults: failures probably caused by the item, the reference or the scorer."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

BenchmarkFault: TypeAlias = Literal["scorer", "consensus"]
CONSENSUS_MODELS: Final = 3
"""Models that must give the same wrong answer; with two, any shared mistake would be flagged."""
CONSENSUS_SHARE: Final = 0.6
"""Share of the models that failed the example, and were analysed, that must give that answer.

More than half, so that at most one answer of an example is flagged.
"""
BENCHMARK_FAULTS: Final[Mapping[str, str]] = {
    "scorer": "the answer looks correct and may have been scored wrong",
    "consensus": f"at least {CONSENSUS_MODELS} models, and at least "
    f"{round(100 * CONSENSUS_SHARE)} % of those whose failure on the example was studied, give "
    "this same answer: a mistake that the models share, or a doubtful item or reference",
}
"""Why a failure is suspected to be the benchmark's, by kind; fits one failure or many."""
BENCHMARK_FAULTS_HEADING: Final = "Suspected benchmark faults"
"""Heading of suspected benchmark faults wherever they are shown."""
