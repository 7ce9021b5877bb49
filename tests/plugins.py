"""Installs distributions with detectors in a temporary folder, and runs ErrorMap with them."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from error_map.analysts.offline.registry import GROUP
from tests.support import ROOT

SHOUTING: Final = """
from error_map.analysts.offline.detector import Case, Detection, Detector


def detect(case: Case) -> Detection | None:
    if not case.output.isupper():
        return None
    return Detection(
        title="Shouting",
        summary="The output has capital letters only.",
        spans=((0, len(case.output)),),
        confidence=0.5,
    )


DETECTOR = Detector(
    name="shouting",
    finding="Shouting",
    description="The output has capital letters only.",
    category="output_format_error",
    kind="cause",
    rank=15,
    detect=detect,
)
"""


def install(
    folder: Path,
    code: str,
    entries: Mapping[str, str],
    *,
    name: str = "acme-detectors",
    group: str = GROUP,
) -> Path:
    """Write a distribution with one module into a folder, as an installer would."""
    module = name.partition("-")[0]
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    about = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    about.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
    (about / "METADATA").write_text(metadata, encoding="utf-8")
    lines = "".join(f"{entry} = {value}\n" for entry, value in entries.items())
    (about / "entry_points.txt").write_text(f"[{group}]\n{lines}", encoding="utf-8")
    return folder


def error_map_with(
    plugins: Path, arguments: Sequence[object], *, cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process with a folder of plugins on its path."""
    return python(["-m", "error_map", *arguments], cwd=cwd, path=[plugins])


def python(
    arguments: Sequence[object], *, cwd: Path, path: Sequence[Path] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter with the package, and more folders, on its path."""
    known = os.pathsep.join(map(str, [ROOT / "src", *path]))
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": known, "COLUMNS": "160"},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
