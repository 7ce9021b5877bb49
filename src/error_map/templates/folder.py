"""A user's folder of templates: which files override prompts, and which are response schemas."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..errors import InputError, closest
from .variables import NAMES

SCHEMAS: Final[Mapping[str, str]] = {
    "single_error_schema": "single_error_analysis",
    "generate_taxonomy_schema": "taxonomy_generation",
    "update_taxonomy_schema": "taxonomy_update",
    "review_taxonomy_schema": "taxonomy_review",
    "classify_errors_schema": "classify_errors",
}
"""The reference's response schemas, each with its prompt."""
_PLACES: Final = ("", "prompts", "response_schemas")
"""The folder itself, and the reference's subfolders."""
_TEMPLATES: Final = frozenset({".j2", ".jinja", ".jinja2", ".json"})
"""A file that ends so is meant as a template or a schema."""


@dataclass(frozen=True, slots=True)
class TemplateFolder:
    """The files of a folder that count."""

    prompts: Mapping[str, Path] = field(default_factory=dict)
    """By name of the prompt."""
    schemas: Mapping[str, Path] = field(default_factory=dict)
    """By name of the prompt whose answers they are for."""

    @classmethod
    def of(cls, folder: Path) -> "TemplateFolder":
        """What a folder holds, laid out flat or as the reference's.

        Raises:
            InputError: It is not there, holds nothing that counts, or a file that overrides
                nothing.
        """
        if not folder.is_dir():
            raise InputError("no such folder of templates", where=str(folder))
        prompts: dict[str, Path] = {}
        schemas: dict[str, Path] = {}
        for path in _meant(folder):
            if path.suffix == ".j2" and path.stem in NAMES:
                _put(prompts, path.stem, path)
            elif path.suffix in {".j2", ".json"} and path.stem in SCHEMAS:
                _put(schemas, SCHEMAS[path.stem], path)
            else:
                raise InputError(
                    "this template overrides nothing",
                    where=str(path),
                    hint=closest(path.name, _names()),
                )
        if not prompts and not schemas:
            raise InputError("no template in this folder", where=str(folder), hint=_there_may_be())
        return cls(prompts, schemas)


def _meant(folder: Path) -> list[Path]:
    """Files that are meant as templates, by their ending or by their name."""
    files = [path for place in _PLACES for path in sorted((folder / place).glob("*"))]
    known = {*NAMES, *SCHEMAS}
    return [
        path
        for path in files
        if path.is_file() and (path.suffix in _TEMPLATES or path.stem in known)
    ]


def _put(found: dict[str, Path], name: str, path: Path) -> None:
    if name in found:
        raise InputError(f"{found[name]} overrides the same", where=str(path))
    found[name] = path


def _names() -> list[str]:
    return [*(f"{name}.j2" for name in NAMES), *(f"{name}.json" for name in SCHEMAS)]


def _there_may_be() -> str:
    return f"there may be: {', '.join(_names())}"
