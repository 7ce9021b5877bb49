"""The command line: arguments in, exit codes out; the only package that prints."""

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
from .flags import analyse

INTERRUPTED: Final = 128 + signal.SIGINT
TERMINATED: Final = 128 + signal.SIGTERM
"""As shells report a process that a signal has ended."""

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
app.command(
    "error_map.cli.import_logs:import_logs", name="import", help="Write logs as tables for any run."
)
app.command("error_map.cli.report:report", name="report", help="Write a run as one file to share.")
app.command("error_map.cli.plot:plot", name="plot", help="Draw a run for a paper or a slide.")
app.command("error_map.cli.runs:runs", name="runs", help="List the runs in an output folder.")
app.command("error_map.cli.scan:scan", name="scan", help="List the logs and tables in a folder.")
app.command("error_map.cli.runs:show", name="show", help="Print the summary of a run again.")
app.command("error_map.cli.view:view", name="view", help="View finished runs in a browser.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Latin-1 terminal must not end a run
            stream.reconfigure(errors="backslashreplace")
    termination = _Termination()
    signal.signal(signal.SIGTERM, termination)
    code = exit_code(sys.argv[1:] if arguments is None else arguments)
    sys.exit(TERMINATED if code == INTERRUPTED and termination.received else code)


class _Termination:
    """Handles SIGTERM like Ctrl-C, and records that it was received."""

    def __init__(self) -> None:
        self.received = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        del number
        self.received = True
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # Ctrl-C is ignored, as in the background jobs of a shell
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)


def exit_code(arguments: Sequence[str]) -> int:
    """Runs the command line.

    Args:
        arguments: The arguments without the program's name.

    Returns:
        0 done, 1 our fault, 2 input, 3 budget, 4 model, 5 gate, 130 Ctrl-C; `main` turns
        130 into 143 after a SIGTERM.
    """
    try:
        app(arguments)
        sys.stdout.flush()
    except CycloptsError as error:
        # Imported only now: every start of the command line would pay for it.
        from .usage_errors import refusal

        usage = refusal(error, [name for name in app if not name.startswith("-")])
        _print_error(f"error: {usage}")
        return usage.exit_code
    except ErrorMapError as error:
        _print_error(f"error: {error}")
        return error.exit_code
    except BrokenPipeError:  # `| head` has closed our output, which is no error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        _print_error(f"error: {shortened(str(error))}")
        return ErrorMapError.exit_code
    except KeyboardInterrupt:
        _print_error("interrupted; the model's replies are stored. Resume with the same command.")
        return INTERRUPTED
    return 0


def _print_error(text: str) -> None:
    from ..presentation.sanitize import plain_text

    print(plain_text(text), file=sys.stderr)
