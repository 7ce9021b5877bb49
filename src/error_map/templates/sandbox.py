"""A template of anybody's, compiled and filled without access to Python and within bounds."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, TypeAlias, cast

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import InputError
from .fenced import fence

MAX_STEPS: Final = 100_000
"""Of all `range`s of one prompt; Jinja's own bound is as much for each of them."""
MAX_CHARS: Final = 10_000_000
"""Of one prompt: more than ten times what the largest context window of 2025 takes."""
_MAX_POWER: Final = 1_000
_Parts: TypeAlias = Generator[str, None, None]
_FAULTS: Final = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the expressions of a template can raise."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which products and powers are bounded too."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(  # noqa: PLR0917 - Jinja's signature
        self, context: Context, operator: str, left: object, right: object
    ) -> object:
        """The result, unless it would fill the memory."""
        if operator == "**" and max(_size(left), _size(right)) > _MAX_POWER:
            raise SecurityError("this power is too large")
        repeats = hasattr(left, "__len__") or hasattr(right, "__len__")
        if operator == "*" and repeats and _size(left) * _size(right) > MAX_STEPS:
            raise SecurityError("this product is too large")
        return super().call_binop(context, operator, left, right)


class _Ranges:
    """The function `range` of one prompt: all its ranges together are bounded."""

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def __call__(self, *bounds: int) -> range:
        steps = range(*bounds)
        self._left -= min(len(steps), MAX_STEPS + 1)
        if self._left < 0:
            raise SecurityError(f"its ranges have more than {MAX_STEPS:,} steps")
        return steps


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template that is ready to be filled."""

    template: Template
    wanted: Mapping[str, int]
    """Variables that it uses, each with the line where it first stands."""
    where: str
    """Its file."""

    @property
    def blocks(self) -> frozenset[str]:
        """Names of its blocks."""
        return frozenset(self.template.blocks)

    def filled(self, variables: Mapping[str, object], block: str | None = None) -> str:
        """The text of a block, or of the whole template.

        Raises:
            InputError: The template fails, tries what it must not, or is too large; with its line.
        """
        context = self.template.new_context({**variables, "range": _Ranges()})
        render = self.template.blocks[block] if block else self.template.root_render_func
        try:
            return "".join(_bounded(cast(_Parts, render(context)))).strip()
        except _FAULTS as error:
            line = _line_of(error.__traceback__, self.template)
            raise InputError(
                f"the template cannot be filled: {error}", where=f"{self.where}:{line}"
            ) from error


def compiled(text: str, *, where: str) -> Compiled:
    """A template from its text.

    Args:
        text: Of the template.
        where: Its file, for messages.

    Raises:
        InputError: It is no template, or names an attribute that leads out of the sandbox.
    """
    sandbox = _Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    del sandbox.globals["lipsum"]  # makes as much text as it is told, and no prompt needs it
    sandbox.globals["fence"] = fence
    try:
        tree = sandbox.parse(text)
        _refuse_underscores(tree, where=where)
        wanted = meta.find_undeclared_variables(tree) - sandbox.globals.keys()
        lines = {name: _first_line(tree, name) for name in wanted}
        return Compiled(sandbox.from_string(text), lines, where)
    except TemplateSyntaxError as error:
        raise InputError(f"not a template: {error}", where=f"{where}:{error.lineno}") from error


def _refuse_underscores(tree: nodes.Template, *, where: str) -> None:
    """Refuses `x.__class__` wherever it stands; what is computed is left to the sandbox."""
    for node in tree.find_all(nodes.Getattr):
        if node.attr.startswith("_"):
            raise InputError(
                f"a template may not use the attribute {node.attr!r}",
                where=f"{where}:{node.lineno}",
                hint="names that begin with an underscore lead out of the sandbox",
            )


def _first_line(tree: nodes.Template, name: str) -> int:
    return min(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)


def _size(operand: object) -> int:
    """What an operand multiplies: a number by its value, a text or a list by its length."""
    if isinstance(operand, int | float):
        return int(abs(operand))
    return len(operand) if hasattr(operand, "__len__") else 1


def _bounded(parts: _Parts) -> Iterator[str]:
    left = MAX_CHARS
    for part in parts:
        left -= len(part)
        if left < 0:  # thrown from within the template, so that the error knows its line
            parts.throw(SecurityError(f"it has more than {MAX_CHARS:,} characters"))
        yield part


def _line_of(trace: TracebackType | None, template: Template) -> int:
    """The template's line in which an error arose."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
