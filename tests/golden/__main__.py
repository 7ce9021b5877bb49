"""Writes the golden files; look at the difference before you commit it."""

import tempfile
from pathlib import Path

from tests.cli.test_demo import GOLDEN, demo_run, told

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, text in told(demo_run(Path(folder))).items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
