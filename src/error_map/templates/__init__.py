"""Jinja2 prompts: the package's own, or a user's in a folder, each with its fingerprint."""

from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from ..errors import InputError
from ..inference.base import Message
from .fenced import Fenced, FencedLines, fence
from .folder import TemplateFolder
from .sandbox import Compiled, compiled
from .variables import NAMES, check_variables

__all__ = ["NAMES", "Fenced", "FencedLines", "Prompts", "fence"]

_BLOCKS: Final = ("system", "user")
_FORMS: Final = {
    "single_error_analysis": "diagnosis",
    "taxonomy_generation": "proposal",
    "taxonomy_update": "proposal",
    "taxonomy_review": "proposal",
    "classify_errors": "placement",
}
"""How each prompt is to be answered, for templates that say it in their own way."""
_REMINDER: Final = "Answer with one JSON object of the form that was described first."
"""Stands last where a template says in its own words how to answer: the last word counts most."""


class Prompts:
    """The prompts of a run.

    Args:
        folder: Holds files that override single ones of ours; None for ours alone.

    Raises:
        InputError: The folder is not there, holds a file that overrides nothing, or a template
            that is broken, wants a variable that is not given, or leaves out one that is needed.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.overridden = TemplateFolder.of(folder) if folder else TemplateFolder()
        """The folder's files."""
        self._sources = {name: self._read(name) for name in NAMES}
        self._templates = {name: self._compiled(name) for name in NAMES}

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """SHA-256 by name of each prompt's text, with ours that is put before it if any is."""
        return {
            name: sha256((self._form(name) + text).encode()).hexdigest()
            for name, text in self._sources.items()
        }

    def fill(self, name: str, **variables: object) -> tuple[Message, ...]:
        """The messages of a prompt: the part that never changes first, the instance last.

        A template without blocks is the instance; how to answer then stands before it.

        Raises:
            InputError: The template fails; with its line.
        """
        template = self._templates[name]
        if form := self._form(name):
            user = f"{template.filled(variables)}\n\n{_REMINDER}"
            return (Message("system", form.strip()), Message("user", user))
        system, user = (template.filled(variables, block) for block in _BLOCKS)
        return (Message("system", system), Message("user", user))

    def _read(self, name: str) -> str:
        own = self.overridden.prompts.get(name)
        if own is None:
            return _resource("prompts", f"{name}.j2")
        try:
            return own.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8: {error.reason}", where=str(own)) from error

    def _compiled(self, name: str) -> Compiled:
        where = str(self.overridden.prompts.get(name, f"templates/prompts/{name}.j2"))
        template = compiled(self._sources[name], where=where)
        check_variables(name, template.wanted, where=where)
        for block in _BLOCKS:
            if template.blocks and block not in template.blocks:
                raise InputError(f"no block {block!r}", where=where)
        return template

    def _form(self, name: str) -> str:
        """How to answer, for a template without blocks; else nothing."""
        own_words = self._templates[name].blocks
        return "" if own_words else _resource("answer_forms", f"{_FORMS[name]}.txt")


def _resource(folder: str, name: str) -> str:
    return (files("error_map.templates") / folder / name).read_text(encoding="utf-8")
