"""Shows progress and notices of a run on standard error, with a bar if it is a terminal."""

import time
from collections.abc import Callable
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

from ..presentation.formatting import count, dollars
from ..presentation.sanitize import plain_text
from ..progress import Event, Noticed, Selected, Spent, StageEnded, StageMoved, StageStarted


class Drawing:
    """Shows the events of a run; a context manager, so that the bar is always removed.

    Args:
        quiet: Show nothing.
        console: Where to print; None for standard error.
        clock: Returns seconds, for rates and the remaining time.
    """

    def __init__(
        self,
        *,
        quiet: bool,
        console: Console | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console = console or Console(stderr=True, quiet=quiet, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn())
        self._bar = Progress(
            *columns,
            TextColumn("{task.fields[details]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            expand=True,
            disable=quiet or not self._console.is_terminal,
            get_time=clock,
        )
        self._clock = clock
        self._task: TaskID | None = None
        """The bar of the current stage."""
        self._started_s = 0.0
        self._lost = 0
        self._spent = self._spent_before = Spent(calls=0, tokens=0, cost=0.0)
        self.accounted: Selected | None = None
        """The accounting after all rows were read."""

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

    def note_spent(self) -> None:
        """Prints the calls, tokens and cost of this run, if there were any calls."""
        if self._spent.calls:
            tokens = (
                f"{self._spent.tokens:,} tokens" if self._spent.tokens else "tokens not reported"
            )
            calls = count(self._spent.calls, "call")
            self.note(f"paid for in this run: {calls}, {tokens}, {dollars(self._spent.cost)}")

    def __call__(self, event: Event) -> None:
        """Shows one event."""
        match event:
            case StageStarted(stage=stage, total=total):
                self._task = self._bar.add_task(stage, total=total, details="")
                self._started_s = self._clock()
                self._spent_before = self._spent
                self._lost = 0
            case StageMoved(done=done, lost=lost) | StageEnded(done=done, lost=lost):
                self._lost = lost
                self._update(done)
            case Spent():
                self._spent = event
                self._update()
            case Selected():
                self.accounted = event
            case Noticed(text=text):
                self.note(text)
            case _:
                assert_never(event)

    def _update(self, done: int | None = None) -> None:
        """Updates the bar with progress, losses and cost of the current stage."""
        parts = [f"{self._lost:,} lost"] if self._lost else []
        calls = self._spent.calls - self._spent_before.calls
        if calls:
            parts += _model_work(self._spent, calls, self._clock() - self._started_s)
        if self._task is not None:
            self._bar.update(self._task, completed=done, details=", ".join(parts))


def _model_work(spent: Spent, calls: int, seconds: float) -> list[str]:
    """The call rate of the stage, and tokens and cost of the run."""
    rate = [f"{calls / seconds:.1f} calls/s"] if seconds > 0 else []
    cost = "price unknown" if spent.cost is None else f"${spent.cost:,.2f}"
    return [*rate, f"{_short(spent.tokens)} tokens", cost]


def _short(count: int) -> str:
    """A count in three or four characters.

    Example:
        >>> _short(999), _short(1_200), _short(25_400_000)
        ('999', '1.2k', '25.4M')
    """
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size:
            return f"{count / size:.1f}{unit}"
    return str(count)
