"""The YAML that our files are made of: no aliases, no tags, no deep nesting, every key once."""

from collections.abc import Hashable
from typing import Any, Final

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

MOST_LEVELS: Final = 100
"""Of nesting, two for each level of categories; by default a taxonomy has at most three. PyYAML
is recursive, and Python's stack ends at about 300."""
MOST_CHARS: Final = 10_000_000
"""Of a file. The largest tree of the default settings, 25 categories at each node of three levels,
has 4 million, which take PyYAML some 10 seconds."""
_MOST_VALUE_CHARS: Final = 40
"""Of a value that is no text. Numbers to the base 60, `1:1:1:…`, take quadratic time to read."""
_TEXT: Final = "tag:yaml.org,2002:str"


def read_yaml(text: str) -> object:
    """What a YAML text says.

    A few lines with aliases can stand for billions of values, so our files have none.

    Raises:
        YAMLError: It is not YAML, or has what our files never have.
        ValueError: A number or a date in it is none, or it is too long.
    """
    if len(text) > MOST_CHARS:
        raise ValueError(f"{len(text):,} characters, which is more than {MOST_CHARS:,}")
    return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader that takes even less


class _PlainLoader(yaml.SafeLoader):
    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._level = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """One node, if it is plain."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # so in the stubs
        for what, found in (
            ("aliases", isinstance(event, yaml.AliasEvent)),
            ("anchors", getattr(event, "anchor", None)),
            ("tags", getattr(event, "tag", None)),
            (f"more than {MOST_LEVELS} levels", self._level >= MOST_LEVELS),
        ):
            if found:
                raise ComposerError(None, None, f"{what} are not allowed", event.start_mark)
        self._level += 1
        node = super().compose_node(parent, index)
        self._level -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's
        """A mapping in which no key stands twice."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen if isinstance(key.value, str) else True:
                raise ConstructorError(
                    None, None, "a key is no text or stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - as PyYAML
        """A value, if it is text or short."""
        short = not isinstance(node, yaml.ScalarNode) or len(node.value) <= _MOST_VALUE_CHARS
        if not short and node.tag != _TEXT:
            raise ConstructorError(None, None, "a value is too long", node.start_mark)
        return super().construct_object(node, deep)
