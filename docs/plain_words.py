"""Refuses the words of plain-words.toml in the sources, the docs and the README."""

import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = Path(__file__).with_name("plain-words.toml")
SUFFIXES: Final = (".py", ".md", ".j2", ".css", ".js")
SEARCHED: Final = ("src", "docs", "README.md")


def findings() -> Iterator[str]:
    """One line per match: its place, what was matched and what to write instead."""
    words = tomllib.loads(LIST.read_text(encoding="utf-8"))["words"]
    patterns = [(re.compile(word["pattern"], re.IGNORECASE), word["instead"]) for word in words]
    for path in _files():
        lines = path.read_text(encoding="utf-8").splitlines()
        for (number, line), (pattern, instead) in product(enumerate(lines, start=1), patterns):
            if match := pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {match[0]!r}, write: {instead}"


def _files() -> Iterator[Path]:
    for name in SEARCHED:
        root = ROOT / name
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        yield from (path for path in paths if path.suffix in SUFFIXES and path.is_file())


if __name__ == "__main__":
    lines = list(findings())
    print("\n".join(lines))
    sys.exit(bool(lines))
