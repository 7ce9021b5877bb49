"""Jinja2 prompts: ours, or overrides from a user's folder, each with a fingerprint."""

from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from ..errors import InputError
from ..inference.base import Message
from .fenced import Fenced, FencedLines, fence
from .folder import TemplateFolder
from .sandbox import CompiledTemplate, compile_template
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
"""The answer form that is put before a template without blocks."""
_REMINDER: Final = "Answer with one JSON object of the form that was described first."
"""Ends such a prompt: models follow the last instruction best, and the template may differ."""


class Prompts:
    """The prompts of a run.

    Args:
        folder: Holds files that override some of our prompts; None to use only ours.

    Raises:
        InputError: The folder does not exist, or a file in it overrides nothing, is not a valid
            template, uses an unknown variable or leaves out a required one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.overridden = TemplateFolder.of(folder) if folder else TemplateFolder()
        """The files of the folder."""
        self._sources = {name: self._read(name) for name in NAMES}
        self._templates = {name: self._compiled(name) for name in NAMES}

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """SHA-256 of each prompt's template by name, including the answer form put before it."""
        return {
            name: sha256((self._form(name) + text).encode()).hexdigest()
            for name, text in self._sources.items()
        }

    def fill(self, name: str, **variables: object) -> tuple[Message, ...]:
        """Fills a prompt: the static part is the first message, the instance the last one.

        A template without blocks is the instance; our answer form is then the first message.

        Raises:
            InputError: The template fails; the message has its file and line.
        """
        template = self._templates[name]
        if form := self._form(name):
            user = f"{template.fill(variables)}\n\n{_REMINDER}"
            return (Message("system", form.strip()), Message("user", user))
        system, user = (template.fill(variables, block) for block in _BLOCKS)
        return (Message("system", system), Message("user", user))

    def _read(self, name: str) -> str:
        override = self.overridden.prompts.get(name)
        if override is None:
            return _resource("prompts", f"{name}.j2")
        try:
            return override.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8: {error.reason}", where=str(override)) from error

    def _compiled(self, name: str) -> CompiledTemplate:
        where = str(self.overridden.prompts.get(name, f"templates/prompts/{name}.j2"))
        template = compile_template(self._sources[name], where=where)
        check_variables(name, template.variables, where=where)
        for block in _BLOCKS:
            if template.blocks and block not in template.blocks:
                raise InputError(f"no block {block!r}", where=where)
        return template

    def _form(self, name: str) -> str:
        """The answer form for a template without blocks; empty for others."""
        has_blocks = self._templates[name].blocks
        return "" if has_blocks else _resource("answer_forms", f"{_FORMS[name]}.txt")


def _resource(folder: str, name: str) -> str:
    return (files("error_map.templates") / folder / name).read_text(encoding="utf-8")
