"""The table of sentences has every function that returns one, and tests that exist."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.support import ROOT

PAGE: Final = ROOT / "docs" / "decisions" / "015-what-each-sentence-rests-on.md"
SOURCE: Final = ROOT / "src" / "error_map"
COMPLETE: Final = (
    "outputs/headline.py",
    "outputs/report/sentences.py",
    "outputs/report/comparisons.py",
    "outputs/report/method.py",
    "outputs/report/checks.py",
    "outputs/cut_off.py",
    "outputs/shared_answer.py",
    "presentation/wording.py",
    "presentation/coverage.py",
    "presentation/reliability.py",
    "records/benchmark_fault.py",
    "analysts/offline/habits.py",
    "readers/logs/search.py",
    "stages/reading.py",
    "pipeline.py",
)
"""Modules all of whose functions that return text are statements about results."""
TEXT: Final = re.compile(r"\b(?:str|Sentence|Fact|Check|FaultMeaning)\b")


def sections() -> dict[str, str]:
    """The part of the page on each module."""
    parts = re.split(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def statements(module: str) -> Iterator[str]:
    """The functions of a module that return text."""
    tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        # Names of Python's own protocols, such as `__iter__`, return no sentences here.
        if isinstance(node, ast.FunctionDef) and node.returns and not node.name.startswith("__"):
            # a mapping or a tuple of parts is no text by itself
            returns = ast.unparse(node.returns)
            if TEXT.search(returns) and not returns.startswith("Mapping"):
                yield node.name


@pytest.mark.parametrize("module", COMPLETE)
def test_every_function_that_returns_a_sentence_is_in_the_table(module: str) -> None:
    listed = re.findall(r"^\* `(\w+)`:", sections()[module], flags=re.MULTILINE)

    assert set(statements(module)) - set(listed) == set()
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("module", COMPLETE)
def test_the_table_has_no_function_that_is_gone(module: str) -> None:
    listed = re.findall(r"^\* `(\w+)`:", sections()[module], flags=re.MULTILINE)
    code = (SOURCE / module).read_text(encoding="utf-8")

    assert [name for name in listed if f"def {name}(" not in code] == []


def test_every_module_of_the_table_exists() -> None:
    assert [name for name in sections() if not (SOURCE / name).exists()] == []


def test_every_sentence_has_a_test_that_exists() -> None:
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }

    entries = [
        entry
        for text in sections().values()
        for entry in re.split(r"^\* ", text, flags=re.MULTILINE)
    ]

    for entry in entries:
        if entry.strip():
            named = re.findall(r"`(test_\w+)`", entry)
            assert named, entry
            assert set(named) <= known, entry
