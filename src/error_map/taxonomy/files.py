"""Reads and writes taxonomies as YAML."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import InputError
from ..records import CategoryId
from .plain_yaml import read_yaml
from .tree import Category, Taxonomy

FORMAT: Final = 1
"""Raised by changes after which older versions would misread a file."""


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    description: str
    children: tuple["_Node", ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = Field(default=1, ge=1, le=FORMAT)
    """Files without it were written before it was introduced, and have format 1."""
    categories: tuple[_Node, ...]


def dump_taxonomy(taxonomy: Taxonomy) -> str:
    """The YAML of a taxonomy, for people to read and edit."""
    tree = _File(categories=tuple(map(_node, taxonomy.categories)))
    plain = {"format": FORMAT, **tree.model_dump(mode="json", exclude_defaults=True)}
    # Unsorted, as the order of the categories is a result; 100 columns, as people edit the file.
    text: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=100)
    return text


def load_taxonomy(path: Path) -> Taxonomy:
    """A taxonomy from its file.

    Raises:
        InputError: The file is not a taxonomy, or of a format that this version does not know.
    """
    try:
        tree = _File.model_validate(read_yaml(path.read_text(encoding="utf-8")))
        return Taxonomy(tuple(map(_category, tree.categories)))
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise InputError(f"not a taxonomy: {_reason(error)}", where=str(path)) from error


def _reason(error: Exception) -> str:
    """The first error, in one line."""
    match error:
        case ValidationError():
            fault = error.errors(include_url=False, include_input=False)[0]
            return f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].lower()}"
        case yaml.MarkedYAMLError():
            line = f" in line {mark.line + 1}" if (mark := error.problem_mark) else ""
            return f"{error.problem}{line}"
        case _:
            return str(error)


def _node(category: Category) -> _Node:
    return _Node(
        id=category.id,
        name=category.name,
        description=category.description,
        children=tuple(map(_node, category.children)),
    )


def _category(node: _Node) -> Category:
    children = tuple(map(_category, node.children))
    return Category(CategoryId(node.id), node.name, node.description, children)
