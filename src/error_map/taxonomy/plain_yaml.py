"""A subset of YAML: no aliases, tags, deep nesting or duplicate keys."""

from collections.abc import Callable, Hashable
from typing import Any, Final

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

MAX_LEVELS: Final = 100
"""Nesting, two for each level of categories; by default a taxonomy has at most three. PyYAML is
recursive, and reaches Python's recursion limit at about 300."""
MAX_CHARS: Final = 10_000_000
"""Characters of a file. The largest tree of the default settings, 25 categories at each node of
three levels, has 4 million, which PyYAML reads in about 10 seconds."""
_MAX_VALUE_CHARS: Final = 40
"""Characters of a value that is not text: base-60 numbers, `1:1:1:…`, take quadratic time."""
_TEXT: Final = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> object:
    """The value of a YAML text.

    A few lines with aliases can expand to billions of values, so our files have none.

    Raises:
        YAMLError: The text is not YAML, or uses what our files never use.
        ValueError: A number or a date is invalid, or the text is too long.
    """
    if len(text) > MAX_CHARS:
        raise ValueError(f"{len(text):,} characters, which is more than {MAX_CHARS:,}")
    return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader that takes even less


class _PlainLoader(yaml.SafeLoader):
    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Composes one node, and refuses aliases, anchors, tags and deep nesting."""
        peek: Callable[[], Any] = self.peek_event  # the stubs give it no types
        event = peek()
        for what, found in (
            ("aliases", isinstance(event, yaml.AliasEvent)),
            ("anchors", getattr(event, "anchor", None)),
            ("tags", getattr(event, "tag", None)),
            (f"more than {MAX_LEVELS} levels", self._level >= MAX_LEVELS),
        ):
            if found:
                raise ComposerError(None, None, f"{what} are not allowed", event.start_mark)
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's
        """Constructs a mapping, and refuses duplicate keys."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key.value, str) else True:
                raise ConstructorError(
                    None, None, "a key is no text or is there twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as PyYAML
        """Constructs a value, and refuses long ones that are not text."""
        short = not isinstance(node, yaml.ScalarNode) or len(node.value) <= _MAX_VALUE_CHARS
        if not short and node.tag != _TEXT:
            raise ConstructorError(None, None, "a value is too long", node.start_mark)
        return super().construct_object(node, deep)
