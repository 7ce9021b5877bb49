"""Lists words of plain-words.toml in the sources, the docs and the README; exits with 1 if any."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = Path(__file__).with_name("plain-words.toml")
SUFFIXES: Final = (".py", ".md", ".j2", ".css", ".js")
PROMPTS: Final = ROOT / "src/error_map/templates/prompts"
SEARCHED: Final = ("src", "docs", "README.md")
_CODE_SPAN: Final = re.compile(r"(?<!`)`[^`\n]+`(?!`)")


def findings() -> Iterator[str]:
    """Yields one line per match: file, line number, the match, and what to write instead."""
    words = tomllib.loads(LIST.read_text(encoding="utf-8"))["words"]
    patterns = [(re.compile(word["pattern"], re.IGNORECASE), word["instead"]) for word in words]
    for place, line in _lines():
        for pattern, instead in patterns:
            for match in pattern.finditer(line):
                yield f"{place}: {match[0]!r}, write: {instead}"


def _lines() -> Iterator[tuple[str, str]]:
    for path in _files():
        text = path.read_text(encoding="utf-8")
        # In a page, code such as a JSON key or a file name is quoted: it cannot be reworded.
        prose = _CODE_SPAN.sub("", text) if path.suffix == ".md" else text
        for number, line in enumerate(prose.splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def _files() -> Iterator[Path]:
    for name in SEARCHED:
        root = ROOT / name
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        yield from (path for path in paths if path.suffix in SUFFIXES and _ours(path))


def _ours(path: Path) -> bool:
    """Whether the file may be reworded: a changed prompt would make every reply be paid again."""
    return path.is_file() and PROMPTS not in path.parents


if __name__ == "__main__":
    lines = list(findings())
    print("\n".join(lines))
    sys.exit(bool(lines))
