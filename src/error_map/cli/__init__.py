"""Arguments in, exit codes out; the only part that prints."""

import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Final

from cyclopts import App, CycloptsError

from .._version import __version__
from ..errors import ErrorMapError, shortened
from .options import analyse

INTERRUPTED: Final = 128 + signal.SIGINT
TERMINATED: Final = 128 + signal.SIGTERM

app = App(
    name="error-map",
    help="Why models fail: every failure of a benchmark run, diagnosed and mapped.",
    version=f"error-map {__version__}",
    default_command=analyse,
    help_format="plaintext",
    print_error=False,
    exit_on_error=False,
    suppress_keyboard_interrupt=False,
    result_action="return_value",
)
app.command("error_map.cli.demo:demo", name="demo", help="Map the failures of the bundled results.")
app.command(
    "error_map.cli.detectors:detectors", name="detectors", help="List the offline detectors."
)
app.command("error_map.cli.report:report", name="report", help="Write a run as one file to send.")
app.command("error_map.cli.plot:plot", name="plot", help="Draw a run for a paper or a slide.")
app.command("error_map.cli.runs:runs", name="runs", help="List the runs in an output folder.")
app.command("error_map.cli.runs:show", name="show", help="Print the summary of a run again.")
app.command("error_map.cli.view:view", name="view", help="Look at finished runs in a browser.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # shows the code of what it cannot show
            stream.reconfigure(errors="backslashreplace")
    termination = _Termination()
    signal.signal(signal.SIGTERM, termination)
    code = exit_code(sys.argv[1:] if arguments is None else arguments)
    sys.exit(TERMINATED if code == INTERRUPTED and termination.came else code)


class _Termination:
    """Has SIGTERM do what Ctrl-C does, and remembers that it came."""

    def __init__(self) -> None:
        self.came = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del number
        self.came = True
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # Ctrl-C is ignored, as in the background jobs of a shell
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)


def exit_code(arguments: Sequence[str]) -> int:
    """Runs the command line; what it prints is its answer.

    Args:
        arguments: As typed, without the program's name.

    Returns:
        0 done, 1 our fault, 2 input, 3 budget, 4 model, 5 gate, 130 Ctrl-C; `main` makes
        it 143 where SIGTERM came.
    """
    try:
        app(arguments)
        sys.stdout.flush()
    except CycloptsError as error:
        from .usage_errors import refusal

        refused = refusal(error, [name for name in app if not name.startswith("-")])
        _say(f"error: {refused}")
        return refused.exit_code
    except ErrorMapError as error:
        _say(f"error: {error}")
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has closed it: there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _say(f"error: {shortened(str(error))}")
        return ErrorMapError.exit_code
    except KeyboardInterrupt:
        _say("interrupted; replies of a model are kept. The same command goes on from them.")
        return INTERRUPTED
    return 0


def _say(text: str) -> None:
    from ..presentation.sanitize import plain_text

    print(plain_text(text), file=sys.stderr)
