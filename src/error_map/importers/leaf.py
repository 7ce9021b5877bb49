"""One failure in a file of another source, and the tree of categories in that file."""

import json
import math
import re
from ast import literal_eval
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..readers.tables.table import plain
from ..records import CategoryId
from ..taxonomy import Category, Taxonomy, reserved

MAX_LEVELS: Final = 40
"""Levels of categories; deeper nodes count in the last level. Bounds recursion on hostile input."""
UNNAMED: Final = "(unnamed)"
_NOT_A_WORD: Final = re.compile(r"\W+")
_SLUG_CHARS: Final = 60
"""Keeps ids readable where a source has whole sentences as names."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A failure: its cells by the file's own names, and the node of its category."""

    place: int
    """Line, or number among the file's failures, from 1."""
    cells: Mapping[str, object]
    node: int


@dataclass(slots=True)
class _Node:
    parent: int
    id: str = ""
    name: str = ""
    description: str = ""
    children: dict[str, int] = field(default_factory=dict)


class Growth:
    """A tree of categories that grows while a file is read; node 0 is its root."""

    def __init__(self) -> None:
        self._nodes = [_Node(-1)]
        self.root = 0
        """The parent of the top categories, which is not a category."""
        self.nameless = False
        """Whether any names were derived from ids."""

    def add(self, parent: int) -> int:
        """Adds a child node; `describe` follows when all of it is read."""
        self._nodes.append(_Node(parent))
        return len(self._nodes) - 1

    def describe(self, node: int, *, identifier: str, name: str, description: str) -> None:
        """Sets id, name and description of a node."""
        entry = self._nodes[node]
        entry.id, entry.name, entry.description = identifier, name, description

    def child(self, parent: int, name: str, *, description: str, identifier: str = "") -> int:
        """The child of this name or id, added if it does not exist."""
        known, key = self._nodes[parent].children, identifier or name.casefold()
        if key not in known:
            node = known[key] = self.add(parent)
            self.describe(node, identifier=identifier, name=name, description=description)
        return known[key]

    def root_if_alone(self) -> None:
        """Uses the only top node as the root if it has children."""
        tops = [number for number, node in enumerate(self._nodes) if node.parent == 0]
        if len(tops) == 1 and self._nodes[tops[0]].children:
            self.root = tops[0]

    def grown(self) -> tuple[Taxonomy, dict[int, CategoryId]]:
        """The taxonomy, and the category of each node; the root has none.

        Siblings of one name are merged; a number is appended to an id that is already in use.
        """
        return _Planted(self._nodes).planted(self.root)


class _Planted:
    """Converts nodes to categories, from the top down."""

    def __init__(self, nodes: list[_Node]) -> None:
        self._nodes = nodes
        self._below: dict[int, list[int]] = {}
        for number, node in enumerate(nodes[1:], 1):
            self._below.setdefault(node.parent, []).append(number)
        # A source names reserved categories as we do, and they keep their ids here.
        self._kept = {category.name.casefold(): category for category in reserved()}
        self._ids = {category.id for category in reserved()}
        self._found: dict[int, CategoryId] = {}

    def planted(self, root: int) -> tuple[Taxonomy, dict[int, CategoryId]]:
        made = self._made([root], above="", level=1)
        named = {category.id for category in made}
        rest = tuple(category for category in reserved() if category.id not in named)
        return Taxonomy((*made, *rest)), self._found

    def _made(self, parents: list[int], *, above: str, level: int) -> tuple[Category, ...]:
        groups: dict[str, list[int]] = {}
        for parent in parents:
            for number in self._below.get(parent, []):
                name = self._nodes[number].name.casefold()
                # Names are compared without case, as a taxonomy refuses siblings that differ in
                # case only.
                groups.setdefault(name, []).append(number)
        return tuple(self._category(same, above, level) for same in groups.values())

    def _category(self, same: list[int], above: str, level: int) -> Category:
        nodes = [self._nodes[number] for number in same]
        name, own = nodes[0].name, self._kept.get(nodes[0].name.casefold())
        described = next((node.description for node in nodes if node.description), "")
        identifier = own.id if own and level == 1 else self._identifier(nodes[0], above)
        self._found.update(dict.fromkeys(same, identifier))
        if level < MAX_LEVELS:
            below = self._made(same, above=identifier, level=level + 1)
        else:
            self._sink(same, identifier)
            below = ()
        return Category(identifier, name, described or (own.description if own else ""), below)

    def _sink(self, nodes: list[int], identifier: CategoryId) -> None:
        """Assigns all descendants of some nodes to one category."""
        pending = list(nodes)
        while pending:
            below = self._below.get(pending.pop(), [])
            self._found.update(dict.fromkeys(below, identifier))
            pending.extend(below)

    def _identifier(self, node: _Node, above: str) -> CategoryId:
        slug = _NOT_A_WORD.sub("_", node.name.casefold()).strip("_")[:_SLUG_CHARS] or "category"
        base = node.id or (f"{above}.{slug}" if above else slug)
        identifier, number = base, 1
        while identifier in self._ids:
            number += 1
            identifier = f"{base}~{number}"
        self._ids.add(CategoryId(identifier))
        return CategoryId(identifier)


def named(cell: object) -> tuple[str, str] | None:
    """Name and description in a category's cell, or None where it has none.

    Example:
        >>> named('{"name": "Sums", "description": "Of numbers."}'), named("Sums"), named("")
        (('Sums', 'Of numbers.'), ('Sums', ''), None)
    """
    value = loosely(cell)
    if isinstance(value, dict):
        name = text_of(value.get("name"))
        return (name or UNNAMED, text_of(value.get("description"))) if value else None
    name = text_of(value).strip()
    return (name, "") if name and name.casefold() not in {"nan", "none", "null"} else None


def loosely(cell: object) -> object:
    """The value in a cell of JSON or of a Python literal; any other cell unchanged."""
    if not isinstance(cell, str) or not cell.lstrip().startswith(("{", "[")):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        pass
    try:
        return literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return cell


def text_of(value: object) -> str:
    """A cell as text; empty for null and NaN. Lone surrogates are replaced."""
    text = plain(value) or ""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def number_of(value: object) -> float | None:
    """A cell as a finite number; None for anything else."""
    text = text_of(value).strip().casefold()
    try:
        number = float({"true": "1", "false": "0"}.get(text, text))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
