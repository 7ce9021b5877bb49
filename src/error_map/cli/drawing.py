"""Progress and notices of a run, on standard error: a bar where it is a terminal, silent else."""

from types import TracebackType
from typing import Self, assert_never

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from ..outputs.terminal import plain_text
from ..progress import Event, Noticed, Selected, StageEnded, StageMoved, StageStarted


class Drawing:
    """Takes a run's events; a context manager, so that the bar always goes away."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True, quiet=quiet, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns,
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=quiet or not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self.accounted: Selected | None = None
        """The accounting as it stands once all rows are read."""

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def note(self, text: str) -> None:
        """Prints one line."""
        self._console.print(f"· {plain_text(text)}", markup=False, soft_wrap=True)

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        match event:
            case StageStarted(stage=stage, total=total):
                self._tasks[stage] = self._bar.add_task(stage, total=total)
            case StageMoved(stage=stage, done=done) | StageEnded(stage=stage, done=done):
                self._bar.update(self._tasks[stage], completed=done)
            case Selected():
                self.accounted = event
            case Noticed(text=text):
                self.note(text)
            case _:
                assert_never(event)
