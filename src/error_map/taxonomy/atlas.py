"""ErrorAtlas, the taxonomy of common errors that the package ships."""

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from ..records import CategoryId
from .plain_yaml import read_yaml
from .tree import Category


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    description: str
    source: str = Field(alias="from", default="ours")
    share: float | None = None


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    categories: tuple[_Entry, ...]
    reserved: tuple[_Entry, ...]


@cache
def atlas() -> tuple[Category, ...]:
    """The 17 top categories, in the atlas's order."""
    return tuple(_category(entry) for entry in _load().categories)


@cache
def reserved() -> tuple[Category, ...]:
    """The reserved categories, "Other" first."""
    return tuple(_category(entry) for entry in _load().reserved)


def published_shares() -> dict[CategoryId, float]:
    """Share of all errors by category, a fraction, where the paper gives one."""
    return {CategoryId(e.id): e.share for e in _load().categories if e.share is not None}


@cache
def _load() -> _File:
    text = (files("error_map.taxonomy") / "atlas.yaml").read_text(encoding="utf-8")
    return _File.model_validate(read_yaml(text))


def _category(entry: _Entry) -> Category:
    return Category(CategoryId(entry.id), entry.name, entry.description.strip())
