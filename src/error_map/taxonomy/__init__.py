"""Taxonomies as values, their YAML files, and the atlas of common errors."""

from ..records import HARD_TO_ANALYZE
from .atlas import atlas, published_shares, reserved
from .files import dump_taxonomy, load_taxonomy
from .tree import (
    NO_ERROR_FOUND,
    NOT_DIAGNOSED,
    OTHER,
    ROOT_DESCRIPTION,
    ROOT_NAME,
    UNEXPLAINED,
    Category,
    Taxonomy,
)

__all__ = [
    "HARD_TO_ANALYZE",
    "NOT_DIAGNOSED",
    "NO_ERROR_FOUND",
    "OTHER",
    "ROOT_DESCRIPTION",
    "ROOT_NAME",
    "UNEXPLAINED",
    "Category",
    "Taxonomy",
    "atlas",
    "dump_taxonomy",
    "load_taxonomy",
    "published_shares",
    "reserved",
]
