"""Names of models that the caller sets by a template instead of those in the data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias, get_args

from ..errors import InputError, closest

Placeholder: TypeAlias = Literal["model", "file", "dataset", "run"]
PLACEHOLDERS: Final[tuple[Placeholder, ...]] = get_args(Placeholder)
# Not `str.format`, whose fields can reach attributes of values.
_FIELD: Final = re.compile(r"\{([^{}]*)\}")
_OPTION: Final = "model_name"


@dataclass(frozen=True, slots=True)
class NameTemplate:
    """A model's name with placeholders; nothing in it is evaluated.

    Example:
        >>> template = NameTemplate.parse("{model} ({file})")
        >>> template.filled({"model": "a", "file": "v1", "dataset": "d", "run": "results"})
        'a (v1)'
    """

    texts: tuple[str, ...]
    """The literal texts around the placeholders: one more than placeholders."""
    placeholders: tuple[Placeholder, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parses a template.

        Raises:
            InputError: It has no placeholder, an unknown one, or a brace without one.
        """
        pieces = _FIELD.split(text)
        texts, names = tuple(pieces[::2]), pieces[1::2]
        known: Mapping[str, Placeholder] = {name: name for name in PLACEHOLDERS}
        if any(brace in literal for literal in texts for brace in "{}"):
            raise _refused(f"{text!r} has a brace without a placeholder")
        for name in names:
            if name not in known:
                raise _refused(f"no placeholder {{{name}}}", name)
        if not names:
            raise _refused(f"{text!r} has no placeholder, so all models would have one name")
        return cls(texts, tuple(known[name] for name in names))

    def filled(self, values: Mapping[Placeholder, str]) -> str:
        """The name for one row.

        Args:
            values: `model` as the row has it, `dataset` as the run names it, `file` without its
                suffix, and `run`, the name of the folder that the file is in.
        """
        parts = zip(self.placeholders, self.texts[1:], strict=True)
        return self.texts[0] + "".join(values[name] + text for name, text in parts)


def _refused(message: str, name: str = "") -> InputError:
    return InputError(message, where=_OPTION, hint=closest(name, PLACEHOLDERS))
