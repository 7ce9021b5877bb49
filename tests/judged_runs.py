"""Whole runs against the fake LLM server: planted failures, and where each must end."""

import json
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

import anyio
import polars as pl
import pytest

from error_map import ErrorMapError, RunConfig, RunResult, run_config
from error_map.cli import exit_code
from error_map.progress import Progress, silent
from error_map.store import RunFolder
from error_map.store.ledger import FILE_NAME, Ledger
from tests.llm_server import LlmServer
from tests.support import Row, a_row, read_csv

CLASSES: Final = ("Arithmetic", "Reading")
PARTS: Final = ("sign", "carry", "scale")
FAILURES: Final = 24
QUESTIONS: Final = 33
"""Calls of an undisturbed run: one per failure, and three (propose, review, place) at the top and
in each of two categories."""
VARIANT: Final = re.compile(r"variant (\d+)")


class Place:
    """A data folder, an output folder and the server that a run between them uses."""

    def __init__(self, server: LlmServer, data: Path, output: Path) -> None:
        self.server, self.data, self.output = server, data, output
        self.folder = RunFolder(output, "t")

    def options(self, **more: object) -> dict[str, object]:
        """Options of a run on all failures."""
        return {
            "data_path": self.data,
            "output_dir": self.output,
            "exp_id": "t",
            "ratio": 1.0,
            "judge": "judge-1",
            "api_base": self.server.api_base,
            "hints": False,
            "processes": 1,
            "max_workers": 30,
            **more,
        }

    def run(self, *, progress: Progress = silent, **more: object) -> RunResult:
        """A whole run in this process."""
        config = RunConfig.load(self.options(**more))
        return anyio.run(partial(run_config, config, progress=progress))

    def stopped(self, *, progress: Progress = silent, **more: object) -> ErrorMapError:
        """The error that ends a failing run."""
        with pytest.raises(ErrorMapError) as caught:
            self.run(progress=progress, **more)
        return caught.value

    def typed(self, *more: str) -> int:
        """The exit code of the same run from the command line."""
        flags = ["--data-path", str(self.data), "--output-dir", str(self.output), "--exp-id", "t"]
        model = ["--api-base", self.server.api_base, "--no-hints", "--max-workers", "30"]
        judge = [] if "--judge" in more else ["--judge", "judge-1"]
        return exit_code([*flags, *model, *judge, "--ratio", "1", *more])

    def calls(self) -> int:
        """Number of calls since the last reset."""
        return int(self.server.stats()["calls"])

    def answered(self) -> int:
        """Number of replies in the ledger."""
        with Ledger.open(self.output / FILE_NAME) as ledger:
            return len(ledger)

    def places(self) -> dict[int, tuple[str, ...]]:
        """The category path of each planted failure in the final file."""
        columns = ("category_depth_1", "category_depth_2")
        return {
            number_of(row["output_text"]): tuple(
                json.loads(row[name])["name"] for name in columns if row.get(name)
            )
            for row in read_csv(self.folder.final_csv)
        }

    def states(self) -> dict[str, str]:
        """State and reason of each record."""
        columns = ("example_id", "state", "reason")
        rows = pl.read_parquet(self.folder.records, columns=list(columns)).iter_rows()
        return {example: f"{state}: {reason or ''}" for example, state, reason in rows}

    def contract(self) -> list[bytes]:
        """Contents of the contract's files."""
        folder = self.folder
        return [
            file.read_bytes()
            for file in (
                folder.preparation,
                folder.single_error,
                folder.final_csv,
                folder.final_json,
            )
        ]


def planted(numbers: Iterable[int]) -> list[Row]:
    """Rows of failures, each with a planted class, a part of it and a title."""
    return [
        a_row(f"e{n:03}", "a", output=f"Well. [[gold:{path_of(n)[0]}|{title_of(n)}]] So it is 5.")
        for n in numbers
    ]


def path_of(number: int) -> tuple[str, str]:
    return CLASSES[number % 2], PARTS[number // 2 % 3]


def title_of(number: int) -> str:
    return ": ".join((*path_of(number), f"variant {number}"))


def number_of(text: str) -> int:
    return int(VARIANT.findall(text)[0])


def truth(count: int = FAILURES) -> dict[int, tuple[str, ...]]:
    return {number: path_of(number) for number in range(count)}


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()
