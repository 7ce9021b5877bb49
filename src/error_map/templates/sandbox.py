"""Compiles and fills untrusted templates, without access to Python and with bounded output."""

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

# Bounds time and memory on hostile templates. Jinja's own bound is the same, but for each `range`,
# so that nested loops would exceed it.
MAX_STEPS: Final = 100_000
"""Total steps of all `range`s of one prompt, and maximum size of a repeated text or list."""
# Bounds memory: above the 4 million characters of a context window of a million tokens.
MAX_CHARS: Final = 10_000_000
"""Maximum characters of one prompt."""
# Bounds memory: 1,000 to the power of 1,000 has 3,000 digits.
_MAX_POWER: Final = 1_000
"""Maximum base and exponent."""
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
"""Errors that expressions of a template can raise."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, with bounds on products and powers."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(  # noqa: PLR0917 - Jinja's signature
        self, context: Context, operator: str, left: object, right: object
    ) -> object:
        """The result, unless it is too large."""
        if operator == "**" and max(_size(left), _size(right)) > _MAX_POWER:
            raise SecurityError("this power is too large")
        repeats = hasattr(left, "__len__") or hasattr(right, "__len__")
        if operator == "*" and repeats and _size(left) * _size(right) > MAX_STEPS:
            raise SecurityError("this product is too large")
        return super().call_binop(context, operator, left, right)


class _Ranges:
    """The function `range` of one prompt, which bounds the total steps."""

    def __init__(self) -> None:
        self._remaining = MAX_STEPS

    def __call__(self, *bounds: int) -> range:
        steps = range(*bounds)
        self._remaining -= min(len(steps), MAX_STEPS + 1)
        if self._remaining < 0:
            raise SecurityError(f"its ranges have more than {MAX_STEPS:,} steps")
        return steps


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template that is ready to be filled."""

    template: Template
    variables: Mapping[str, int]
    """The line of the first use of each variable."""
    where: str
    """Its file, for messages."""

    @property
    def blocks(self) -> frozenset[str]:
        """Names of its blocks."""
        return frozenset(self.template.blocks)

    def fill(self, variables: Mapping[str, object], block: str | None = None) -> str:
        """The text of a block, or of the whole template.

        Raises:
            InputError: The template fails, violates the sandbox, or exceeds a bound; the message
                has its file and line.
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


def compile_template(text: str, *, where: str) -> CompiledTemplate:
    """Compiles a template.

    Args:
        text: The template's source.
        where: Its file, for messages.

    Raises:
        InputError: It is not a valid template, or uses an attribute that leads out of the sandbox.
    """
    # Strict, because a misspelt variable would be empty in the prompt without an error.
    sandbox = _Sandbox(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    del sandbox.globals["lipsum"]  # generates text of any length, and no prompt needs it
    sandbox.globals["fence"] = fence
    try:
        tree = sandbox.parse(text)
        _refuse_underscores(tree, where=where)
        undeclared = meta.find_undeclared_variables(tree) - sandbox.globals.keys()
        lines = {name: _first_line(tree, name) for name in undeclared}
        return CompiledTemplate(sandbox.from_string(text), lines, where)
    except TemplateSyntaxError as error:
        raise InputError(f"not a template: {error}", where=f"{where}:{error.lineno}") from error


def _refuse_underscores(tree: nodes.Template, *, where: str) -> None:
    """Refuses literal attributes such as `x.__class__`; computed ones are up to the sandbox."""
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
    """The value of a number, or the length of a text or list."""
    if isinstance(operand, int | float):
        return int(abs(operand))
    return len(operand) if hasattr(operand, "__len__") else 1


def _bounded(parts: _Parts) -> Iterator[str]:
    remaining = MAX_CHARS
    for part in parts:
        remaining -= len(part)
        if remaining < 0:  # thrown from within the template, so that the error knows its line
            parts.throw(SecurityError(f"it has more than {MAX_CHARS:,} characters"))
        yield part


def _line_of(trace: TracebackType | None, template: Template) -> int:
    """The line of the template that raised an error."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
