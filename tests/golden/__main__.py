"""Writes the golden files; look at the difference before you commit it."""

import tempfile
from pathlib import Path

from tests.cli.test_demo import GOLDEN, demo_run, golden_files

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in golden_files(demo_run(Path(folder))).items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
