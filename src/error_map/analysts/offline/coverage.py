"""Which detectors apply to which kind of task, and what that means for a dataset."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, get_args

from ...records import Coverage
from ..studied_row import StudiedRow
from .answers.profiles import Profile, TaskKind
from .detector import Detector
from .format_rules.requirements import VIOLATES_MOST, violations
from .registry import families

Tasks: TypeAlias = frozenset[TaskKind]
_CALCULATED: Final[Tasks] = frozenset({"numbers", "mathematics", "multiple choice"})
_VALUES: Final[Tasks] = _CALCULATED | Tasks({"short answers", "literals"})
"""Tasks whose answer is one value that can be compared with the reference."""
_ANY: Final[Tasks] = frozenset(get_args(TaskKind))
FAMILIES: Final[Mapping[str, tuple[str, Tasks]]] = MappingProxyType(
    {
        "form": ("form of the output", _ANY),
        "answer": ("final answer", _VALUES),
        "choice": ("chosen option", Tasks({"multiple choice"})),
        # Reasoning about words and programs may calculate too. Its steps are no calculation,
        # though, and cannot be aligned with those of other workings.
        "arithmetic": ("arithmetic", _VALUES),
        "algebra": ("algebra", _CALCULATED),
        "steps": ("steps of the working", _CALCULATED),
        "tool_calls": ("tool calls", Tasks({"tool calls"})),
    }
)
"""The folders of the built-in detectors: what they look at, and on which kinds of task.

Elsewhere these detectors guess: on translations, summaries, SQL and agent traces, none of the
findings of other folders than `form` that were read was right.
"""
_FORM: Final = "form"
MAX_PROMPTS: Final = 200
"""Prompts whose format rules are looked for; each costs up to a millisecond."""
SOME_READ: Final = 0.15
"""Share of the prompts with a format rule that is read, from which on the rules are checked."""
_FORM_IS_THE_TASK: Final[TaskKind] = "instructions"
"""Here the form of the output is what is scored; elsewhere it explains few failures."""


def applies(detector: Detector, task: TaskKind) -> bool:
    """Whether a detector runs on a kind of task; on an unknown one all do.

    Example:
        >>> from .registry import own_detector
        >>> applies(own_detector("wrong_operation"), "numbers")
        True
        >>> applies(own_detector("wrong_operation"), "free text")
        False
    """
    if not task:
        return True
    if detector.tasks is not None:
        return task in detector.tasks
    family = FAMILIES.get(families().get(detector.name, ""))
    return family is None or task in family[1]


def coverage_of(
    profile: Profile, rows: Iterable[StudiedRow], detectors: Sequence[Detector]
) -> Coverage:
    """What the detectors can do for a dataset.

    Args:
        profile: The profile of the dataset.
        rows: A sample of its scored answers.
        detectors: The detectors of the run.
    """
    running = [one for one in detectors if one.kind != "fact" and applies(one, profile.task)]
    folders = {families().get(one.name, "") for one in running}
    plugins = [one.name for one in running if not families().get(one.name)]
    sample = tuple(rows)
    peers = [row.has_peers for row in sample if row.has_peers is not None]
    return Coverage(
        task=profile.task,
        families=(*(name for key, (name, _) in FAMILIES.items() if key in folders), *plugins),
        is_covered=bool(plugins) or (_covered(profile.task) and _rules_are_read(profile, sample)),
        peers=sum(peers) / len(peers) if peers else None,
    )


def _rules_are_read(profile: Profile, rows: Sequence[StudiedRow]) -> bool:
    """Whether format rules are found in some prompts, where they are the task.

    Most rules are read in English only.
    """
    if profile.task != _FORM_IS_THE_TASK or not rows:
        return True
    prompts = sorted({row.prompt for row in rows}, key=_shuffled)[:MAX_PROMPTS]
    read = sum(bool(violations(prompt, VIOLATES_MOST)) for prompt in prompts)
    return read >= SOME_READ * len(prompts)


def _shuffled(prompt: str) -> tuple[int, str]:
    """A sort key that shuffles prompts independently of their order."""
    return zlib.crc32(prompt.encode(errors="surrogatepass")), prompt


def _covered(task: TaskKind) -> bool:
    """Whether more than the form of the output can be checked, or the form is the task."""
    content = (tasks for key, (_, tasks) in FAMILIES.items() if key != _FORM)
    return task in {"", _FORM_IS_THE_TASK} or any(task in tasks for tasks in content)
