"""Streams the final JSON: categories as nodes, with one leaf per analysed failure."""

import json
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final, Self

import polars as pl
from pydantic_core import to_json

from ..records import CategoryId
from ..taxonomy import Category, Taxonomy
from .contract import ROOT

_INFO: Final = (
    "model",
    "dataset",
    "example_id",
    "input_text",
    "output_text",
    "score",
    "judge_model",
    "judge_response",
    "error_summary",
    "error_title",
)


class TreeFile:
    """Spools leaves to one file per category, then joins these files into one tree.

    Args:
        folder: Folder for the spool files; may have other files.
        taxonomy: Taxonomy of the run.
    """

    def __init__(self, folder: Path, taxonomy: Taxonomy) -> None:
        self._folder = folder
        self._taxonomy = taxonomy
        self._spools: dict[CategoryId, BinaryIO] = {}
        self._open = ExitStack()

    def add(self, failures: pl.DataFrame, categories: Sequence[CategoryId]) -> None:
        """Appends one leaf per row.

        Args:
            failures: Rows of the final CSV, with the key columns.
            categories: The category of each row.
        """
        rows = failures.select("repeat", *_INFO).iter_rows()
        for (repeat, *info), category in zip(rows, categories, strict=True):
            self._leaf(repeat, dict(zip(_INFO, info, strict=True)), category)

    def write(self, path: Path) -> None:
        """Writes the tree; categories without failures are omitted."""
        self._open.close()
        with path.open("wb") as stream:
            self._write_node(stream, ROOT, parent="", children=self._taxonomy.categories)
            stream.write(b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _leaf(self, repeat: int, info: dict[str, object], category: CategoryId) -> None:
        names = [str(info[name]) for name in ("dataset", "example_id", "model")]
        key = json.dumps([*names, repeat])
        # 80 bits: even among a million failures, two share an id with a probability of 4 in
        # 10^13.
        leaf = {
            "id": f"record-{blake2b(key.encode(), digest_size=10).hexdigest()}",
            "name": info["error_title"] or self._taxonomy.path(category)[-1].name,
            "info": info,
            "children": [],
            "parent": category,
        }
        spool, first = self._spool(category)
        spool.write(b"" if first else b",\n")
        spool.write(to_json(leaf))

    def _spool(self, category: CategoryId) -> tuple[BinaryIO, bool]:
        first = category not in self._spools
        if first:
            path = self._spool_path(category)
            self._spools[category] = self._open.enter_context(path.open("wb"))
        return self._spools[category], first

    def _spool_path(self, category: CategoryId) -> Path:
        return self._folder / f"leaves-{blake2b(category.encode(), digest_size=10).hexdigest()}"

    def _write_node(
        self, stream: BinaryIO, category: Category, *, parent: str, children: Sequence[Category]
    ) -> None:
        head = {
            "id": category.id,
            "name": category.name,
            "info": {"description": category.description},
        }
        stream.write(to_json(head)[:-1] + b',"children":[\n')
        empty = True
        for child in children:
            if self._populated(child):
                stream.write(b"" if empty else b",\n")
                self._write_node(stream, child, parent=category.id, children=child.children)
                empty = False
        if category.id in self._spools:
            stream.write(b"" if empty else b",\n")
            with self._spool_path(category.id).open("rb") as spool:
                shutil.copyfileobj(spool, stream)
        stream.write(b'\n],"parent":' + to_json(parent) + b"}")

    def _populated(self, category: Category) -> bool:
        return category.id in self._spools or any(map(self._populated, category.children))
