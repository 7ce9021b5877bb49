"""Wording of what the detectors can say about each dataset, before anything is diagnosed."""

from collections.abc import Mapping
from typing import Final

from ..records import Coverage
from .formatting import count, whole_percent

_TASKS: Final[Mapping[str, str]] = {
    "numbers": "numbers as answers",
    "mathematics": "mathematics, with formulas as answers",
    "multiple choice": "multiple choice",
    "short answers": "short answers",
    "literals": "literals or JSON as answers",
    "tool calls": "function calls",
    "code": "code or SQL",
    "instructions": "instructions about the form of the answer",
    "agent traces": "agent traces",
    "free text": "free text",
    "": "several or unknown kinds of task",
}
STEPS: Final = "steps of the working"
"""The detectors for which right answers of other models make the difference."""
ANSWER: Final = "final answer"
"""The detectors that compare final answers with references."""
_FEW_EXPLAINED: Final = frozenset({"short answers"})
"""Measured on HotpotQA: a wrong name or date is wrong for want of knowledge."""
NOT_COVERED: Final = "no detector covers this kind of task: name a judge (--judge MODEL)"
NOT_READ: Final = (
    "few of its format rules are read, as most are in English only: name a judge (--judge MODEL)"
)
_RULES_ARE_THE_TASK: Final = "instructions"
RULES_IN_ENGLISH: Final = "format rules are read in English, few of them in French and Spanish"
_FORM_ONLY: Final = (
    "only empty, repetitive, refused and cut-off outputs and some broken format rules are found"
)
MAX_LINES: Final = 20
"""Lines before the diagnosis, so that a suite of 60 datasets does not scroll them away."""
_MAX_NAMES: Final = 3
"""Datasets named in one line."""


def coverage_lines(datasets: Mapping[str, Coverage], distrust: Mapping[str, str]) -> list[str]:
    """One line per dataset; datasets with the same kind of task share one if there are many.

    Args:
        datasets: The coverage by dataset.
        distrust: By dataset, why values are not compared; empty where they are.
    """
    if len(datasets) <= MAX_LINES:
        return [
            f"{name}: {coverage_text(one, distrust.get(name, ''))}"
            for name, one in datasets.items()
        ]
    groups: dict[str, list[str]] = {}
    for name, one in datasets.items():
        groups.setdefault(_kind(one), []).append(name)
    return [f"{_named(names)}: {text}" for text, names in groups.items()]


def coverage_text(coverage: Coverage, distrust: str = "") -> str:
    """What the detectors can say about one dataset.

    Args:
        coverage: The coverage of the dataset.
        distrust: Why its values are not compared; empty if they are.

    Example:
        >>> coverage_text(Coverage(task="free text", families=("form",), is_covered=False))[11:20]
        'free text'
        >>> one = Coverage(task="numbers", families=("arithmetic", STEPS), peers=0.5)
        >>> coverage_text(one).rpartition("; ")[2]
        'right answers of other models for about 50 % of the failures'
    """
    parts = [_kind(coverage), *_peers(coverage)]
    if distrust and ANSWER in coverage.families:
        parts.append(f"answers are not compared with references: {distrust}")
    if coverage.task == _RULES_ARE_THE_TASK and coverage.is_covered:
        parts.append(RULES_IN_ENGLISH)
    if coverage.task in _FEW_EXPLAINED:
        parts.append("few such failures are explained without a judge (--judge MODEL)")
    return "; ".join(parts)


def task_name(coverage: Coverage) -> str:
    """The kind of task in a few words.

    Example:
        >>> task_name(Coverage(task="code"))
        'code or SQL'
    """
    return _TASKS.get(coverage.task, coverage.task)


def task_note(coverage: Coverage) -> str:
    """The kind of task, and whether no detector covers it.

    Example:
        >>> task_note(Coverage(task="code", is_covered=False))
        'code or SQL: no detector covers it'
    """
    return task_name(coverage) + ("" if coverage.is_covered else ": no detector covers it")


def _kind(coverage: Coverage) -> str:
    if not coverage.is_covered and coverage.task == _RULES_ARE_THE_TASK:
        return f"looks like {task_name(coverage)}; {NOT_READ}; {_FORM_ONLY}"
    if not coverage.is_covered:
        return f"looks like {task_name(coverage)}; {NOT_COVERED}; {_FORM_ONLY}"
    families = ", ".join(coverage.families) or "none"
    return f"looks like {task_name(coverage)}; detectors for: {families}"


def _peers(coverage: Coverage) -> list[str]:
    if coverage.peers is None or STEPS not in coverage.families:
        return []
    if not coverage.peers:
        return ["few or no right answers of other models, without which less is explained"]
    # The share is that of a sample, if the dataset is large.
    share = whole_percent(coverage.peers)
    return [f"right answers of other models for about {share} of the failures"]


def _named(names: list[str]) -> str:
    more = len(names) - _MAX_NAMES
    listed = ", ".join(names[:_MAX_NAMES])
    return f"{listed} and {count(more, 'other dataset')}" if more > 0 else listed
