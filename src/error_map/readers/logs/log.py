"""Log: what is recognised of the files of one run of an evaluation tool."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from ...errors import InputError, closest
from .opening import object_at, top_level_keys
from .sample import Sample

ChoiceKind: TypeAlias = Literal["metric", "filter", "scorer", "split"]
CHOICES: Final[tuple[ChoiceKind, ...]] = get_args(ChoiceKind)
Chosen: TypeAlias = Mapping[ChoiceKind, str]
"""The metric, filter, scorer and split under which samples are read, as far as a log has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The files of one run of a tool, and how to read their samples."""

    tool: str
    """Name of the tool, as users know it."""
    path: Path
    """The main file, by which messages name the log."""
    read: Callable[[Chosen], Iterator[Sample]]
    """Reads the samples, each one once, in the order of the files.

    Raises InputError if the files cannot be read to their end.
    """
    version: str = ""
    """Version of the tool, or of its format; empty if the log does not say."""
    files: tuple[Path, ...] = ()
    """All files that belong to it, `path` among them; no other reader reads these."""
    datasets: tuple[str, ...] = ()
    """Empty if they are known only after reading; the same holds for `models`."""
    models: tuple[str, ...] = ()
    settings: str = ""
    """Arguments that make a dataset another one, so that no run with others supersedes this one."""
    rows: int | None = None
    """Number of samples; None where counting them means reading everything."""
    written: str = ""
    """When the run took place, as text that sorts by time; empty if the log does not say."""
    run_id: str = ""
    """The run's own id: logs of one id are copies of one run; empty if the log does not say."""
    is_scored: bool = True
    """False if the run only generated answers: it supersedes no other log."""
    is_run: bool = True
    """False if the log is a part of a run, such as one trace: then it supersedes no other log,
    and no other log supersedes it."""
    choices: Mapping[ChoiceKind, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """What can be chosen; the first of each is the default."""
    notices: tuple[str, ...] = ()


class Opening:
    """The beginning of a file, from which a format is recognised.

    Args:
        path: The file.
        data: Its first bytes, unpacked if the file is compressed.
    """

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.data = data

    @cached_property
    def text(self) -> str:
        """The beginning as text; what is no UTF-8 is replaced."""
        return self.data.decode("utf-8-sig", "replace")

    @cached_property
    def first(self) -> Mapping[str, object] | None:
        """The first JSON object in the file, as in JSON lines; None if it is cut off or none."""
        return object_at(self.text)

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """Keys of the first JSON object, with the beginning of each value; works if cut off."""
        return top_level_keys(self.text)

    @cached_property
    def item_keys(self) -> Mapping[str, str]:
        """As `keys`, of the first object in the list with which the file begins."""
        text = self.text.lstrip()
        return top_level_keys(text[1:]) if text.startswith("[") else {}


@dataclass(frozen=True, slots=True)
class LogFormat:
    """Recognises the logs of one tool, by the content of their files."""

    name: str
    """Value of the option `--format`."""
    recognise: Callable[[Opening], Log | None]
    """The log that a file belongs to; None if it is no log of the tool.

    Raises InputError if it is one, but of a version or layout that cannot be read.
    """
    is_read: bool = True
    """False for files that are only recognised to be refused."""


def choose(log: Log, requested: Mapping[ChoiceKind, Sequence[str]]) -> Chosen:
    """The metric, filter, scorer and split to read a log under.

    Args:
        log: What can be chosen.
        requested: By kind, the names in the order of preference; the default for kinds without any.

    Raises:
        InputError: The log has none of the requested names.
    """
    chosen: dict[ChoiceKind, str] = {}
    for kind, names in log.choices.items():
        preferred = requested.get(kind, ())
        found = next((name for name in preferred if name in names), None)
        if preferred and found is None:
            raise InputError(
                f"no {kind} {preferred[0]!r} in this log; it has {', '.join(names)}",
                where=str(log.path),
                hint=closest(preferred[0], names),
            )
        chosen[kind] = found or names[0]
    return chosen
