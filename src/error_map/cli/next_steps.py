"""The commands to run after a run, ready to paste into the shell that started it."""

import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import error_map

from ..presentation.formatting import count

DEFAULT_FOLDER: Final = Path("output")
_NAME: Final = "error-map"
_VIEWER: Final = ("streamlit", "plotly")
_PLOT: Final = ("matplotlib",)
_JUDGE: Final = ("litellm",)


def next_steps(
    exp_id: str, output_dir: Path, judged: str | None = None, *, unsampled: int = 0
) -> Iterator[str]:
    """Lines to print at the end of a run.

    Args:
        exp_id: Name of the run.
        output_dir: Folder of its files.
        judged: Flags that repeat the run with a judge; empty if they are the run's own plus
            --judge MODEL, None if a judge has read the failures.
        unsampled: Number of failures of the run if only a sample was studied; else 0.
    """
    folder = [] if output_dir == DEFAULT_FOLDER else ["--output-dir", str(output_dir)]
    command = program()
    view = f"{_installed(_VIEWER, 'app')}{shlex.join([*command, 'view', exp_id, *folder])}"
    steps = [
        ("make view" if _made(view, exp_id) else view, "in a browser"),
        (
            shlex.join([*command, "report", exp_id, *folder]),
            "as one HTML file to send; with --redact without any text, for outsiders",
        ),
    ]
    if not unsampled or judged is None:
        steps.append((_plot(exp_id, folder), "a picture for a paper or a slide"))
    if unsampled:
        all_failures = count(unsampled, "failure")
        steps.append(("", f"the same command with --ratio 1: studies all {all_failures}"))
    missing = _installed(_JUDGE, "llm")
    if judged:
        steps.append((f"{missing}{shlex.join(command)} {judged}", "a model reads the failures"))
    elif judged is not None:
        text = "the same command with --judge MODEL: a model reads the failures"
        steps.append((missing.removesuffix(" && "), f"then {text}" if missing else text))
    yield "next:"
    yield from (f"  {step}{'  ' * bool(step)}# {what}" for step, what in steps)


def _plot(exp_id: str, folder: Sequence[str]) -> str:
    command = [*program(), "plot", exp_id, *folder, "--kind", "heatmap", "--out", "heatmap.svg"]
    return f"{_installed(_PLOT, 'plot')}{shlex.join(command)}"


def judged_again(data_path: Path, ratio: float, output_dir: Path) -> str:
    """The flags that repeat a run with a judge; the user replaces MODEL.

    Args:
        data_path: Data of the run.
        ratio: Ratio of the run.
        output_dir: Output folder of the run.
    """
    flags = ["--data-path", str(_from_here(data_path)), "--ratio", f"{ratio:g}"]
    if output_dir != DEFAULT_FOLDER:
        flags += ["--output-dir", str(output_dir)]
    return f"{shlex.join(flags)} --judge MODEL"


def program() -> list[str]:
    """The command that started this program: its name if the shell finds it, or its path."""
    started = Path(sys.argv[0])
    if started.parent == Path(error_map.__file__).parent:
        return [_python(), "-m", "error_map"]
    if started.stem != _NAME or not started.exists():  # called from Python, as in tests
        return [_NAME]
    found = shutil.which(_NAME)
    if found and Path(found).samefile(started):
        return [_NAME]
    return [str(_from_here(started))]


def _installed(modules: Sequence[str], extra: str) -> str:
    """A shell prefix that installs an extra; empty if it is installed."""
    if all(find_spec(name) for name in modules):
        return ""
    if _in_checkout():
        return f'{shlex.quote(_python())} -m pip install -e ".[{extra}]" && '
    return f'pip install "error-map[{extra}]" && '


def _made(view: str, exp_id: str) -> bool:
    """Whether `make view` does the same; it installs the extra at its pinned version."""
    return "&&" in view and exp_id == "demo" and "--output-dir" not in view and _in_checkout()


def _in_checkout() -> bool:
    checkout = Path(error_map.__file__).parents[2]
    return (checkout / "Makefile").is_file() and checkout == Path.cwd()


def _python() -> str:
    return str(_from_here(Path(sys.executable)))


def _from_here(path: Path) -> Path:
    """The path relative to the working folder, if it is in it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path
