"""A user's template folder: its files that override prompts, and its response schemas."""

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
"""The reference's response schemas, each with the name of its prompt."""
_SUBFOLDERS: Final = ("", "prompts", "response_schemas")
"""The folder itself and the reference's subfolders."""
_SUFFIXES: Final = frozenset({".j2", ".jinja", ".jinja2", ".json"})
"""Suffixes of files that are meant as templates or schemas."""


@dataclass(frozen=True, slots=True)
class TemplateFolder:
    """The template files of a folder."""

    prompts: Mapping[str, Path] = field(default_factory=dict)
    """Overrides by name of the prompt."""
    schemas: Mapping[str, Path] = field(default_factory=dict)
    """Response schemas by name of the prompt."""

    @classmethod
    def of(cls, folder: Path) -> "TemplateFolder":
        """The templates of a folder, which is flat or has the reference's subfolders.

        Raises:
            InputError: It does not exist, holds no template, or a file in it overrides nothing.
        """
        if not folder.is_dir():
            raise InputError("no such folder of templates", where=str(folder))
        prompts: dict[str, Path] = {}
        schemas: dict[str, Path] = {}
        for path in _candidates(folder):
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
            raise InputError("no template in this folder", where=str(folder), hint=_valid_names())
        return cls(prompts, schemas)


def _candidates(folder: Path) -> list[Path]:
    """Files that are meant as templates, by suffix or by name."""
    files = [path for name in _SUBFOLDERS for path in sorted((folder / name).glob("*"))]
    names = {*NAMES, *SCHEMAS}
    return [
        path
        for path in files
        if path.is_file() and (path.suffix in _SUFFIXES or path.stem in names)
    ]


def _put(files: dict[str, Path], name: str, path: Path) -> None:
    if name in files:
        raise InputError(f"{files[name]} overrides the same prompt", where=str(path))
    files[name] = path


def _names() -> list[str]:
    return [*(f"{name}.j2" for name in NAMES), *(f"{name}.json" for name in SCHEMAS)]


def _valid_names() -> str:
    return f"valid names: {', '.join(_names())}"
