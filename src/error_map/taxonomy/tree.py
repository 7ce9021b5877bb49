"""Category and Taxonomy as values, with their invariants and walks over the tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ..records import HARD_TO_ANALYZE, CategoryId


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of error, and the kinds it divides into."""

    id: CategoryId
    """Permanent: unchanged when the category is renamed or moved."""
    name: str
    description: str
    children: tuple["Category", ...] = ()


OTHER: Final = CategoryId("other")
NO_ERROR_FOUND: Final = CategoryId("no_error_found")
NOT_DIAGNOSED: Final = CategoryId("not_diagnosed")
UNEXPLAINED: Final = CategoryId(f"{HARD_TO_ANALYZE}.unexplained")
"""Below "Hard to Analyze": nothing was found; its siblings have a place, if not a cause."""
ROOT_NAME: Final = "LLM Errors"
ROOT_DESCRIPTION: Final = "All failures that were studied"


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A tree of categories; the assignment of records to categories is separate.

    Raises:
        ValueError: Two categories share an id, or two siblings a name.

    Example:
        >>> leaf = Category(CategoryId("a.b"), "Slip", "A slip.")
        >>> tree = Taxonomy((Category(CategoryId("a"), "Sum", "A sum.", (leaf,)),))
        >>> [category.name for category in tree.path(CategoryId("a.b"))]
        ['Sum', 'Slip']
    """

    categories: tuple[Category, ...]
    # Built once: paths are looked up for every failure.
    _paths: dict[CategoryId, tuple[Category, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        _refuse_twin_names(self.categories)
        for path in _paths(self.categories, ()):
            category = path[-1]
            if category.id in self._paths:
                raise ValueError(f"two categories have the id {category.id!r}")
            _refuse_twin_names(category.children)
            self._paths[category.id] = path

    def __contains__(self, category: object) -> bool:
        return category in self._paths

    def path(self, category: CategoryId) -> tuple[Category, ...]:
        """The path from a top category down to this one, both included.

        Raises:
            KeyError: No such category exists.
        """
        return self._paths[category]

    def walk(self) -> Iterator[tuple[Category, ...]]:
        """The path of every category, parents before their children."""
        return iter(self._paths.values())

    @property
    def depth(self) -> int:
        """Levels under the root; 0 for an empty tree."""
        return max(map(len, self._paths.values()), default=0)


def _paths(
    categories: tuple[Category, ...], above: tuple[Category, ...]
) -> Iterator[tuple[Category, ...]]:
    for category in categories:
        path = (*above, category)
        yield path
        yield from _paths(category.children, path)


def _refuse_twin_names(siblings: tuple[Category, ...]) -> None:
    seen = set()
    for sibling in siblings:
        name = sibling.name.casefold()
        if name in seen:
            raise ValueError(f"two siblings are named {name!r}")
        seen.add(name)
