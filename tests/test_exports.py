"""The public names of the package, and what importing it loads."""

import subprocess
import sys

import error_map

HEAVY = ("pydantic", "polars", "scipy", "numpy", "litellm", "streamlit", "rich", "yaml")


def test_all_public_names_are_there_and_no_others() -> None:
    assert error_map.__all__ == sorted(error_map.__all__)
    assert dir(error_map) == error_map.__all__
    assert all(getattr(error_map, name) is not None for name in error_map.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, error_map; print([name for name in {HEAVY} if name in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


def test_help_loads_neither_frames_nor_models() -> None:
    code = (
        "import sys\n"
        "from error_map.cli import exit_code\n"
        "exit_code(['--help'])\n"
        "heavy = ('pydantic', 'polars', 'scipy', 'litellm', 'streamlit')\n"
        "sys.exit([name for name in heavy if name in sys.modules] or 0)\n"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (shown.returncode, shown.stderr) == (0, "")


def test_a_worker_process_loads_what_detectors_need_and_no_more() -> None:
    code = (
        "import sys, error_map.analysts.offline.workers.worker\n"
        "heavy = ('polars', 'numpy', 'litellm', 'cyclopts')\n"
        "print([name for name in heavy if name in sys.modules])"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"
