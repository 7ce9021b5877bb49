"""Evaluates programs that only assign and print numbers, without executing them."""

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

Number: TypeAlias = int | float

# A calculation that a model shows has some ten lines.
MAX_CHARS: Final = 4_000
MAX_STATEMENTS: Final = 200
# Far beyond any task in words, and harmless: larger results are left alone.
MAX_SIZE: Final = 10**30
"""Largest absolute value of a number on the way."""
MAX_EXPONENT: Final = 64
"""Largest absolute value of an exponent."""

_OPERATIONS: Final[Mapping[type[ast.operator], Callable[[Number, Number], object]]] = (
    MappingProxyType(
        {
            ast.Add: operator.add,
            ast.Sub: operator.sub,
            ast.Mult: operator.mul,
            ast.Div: operator.truediv,
            ast.FloorDiv: operator.floordiv,
            ast.Mod: operator.mod,
            ast.Pow: operator.pow,
        }
    )
)


class _UnknownError(Exception):
    """The program does something else than assign, calculate and print."""


def printed(code: str) -> list[Number] | None:
    r"""The numbers that a program prints, each in a line; None if it does anything else.

    The value of a last line that is only an expression counts as printed, as in a notebook.

    Example:
        >>> printed("base = 600 + 300\nprint(base * 1.5)")
        [1350.0]
        >>> printed("import os") is None
        True
    """
    if len(code) > MAX_CHARS:
        return None
    try:
        statements = ast.parse(code.strip("\n")).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not 0 < len(statements) <= MAX_STATEMENTS:
        return None
    values: dict[str, Number] = {}
    lines: list[Number] = []
    try:
        for statement in statements:
            line = _run(statement, values, last=statement is statements[-1])
            lines.extend([] if line is None else [line])
    except (_UnknownError, ArithmeticError, RecursionError):
        return None
    return lines or None


def _run(statement: ast.stmt, values: dict[str, Number], *, last: bool) -> Number | None:
    """Carries out one statement; the number that it prints."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=expression):
            values[name] = _value(expression, values)
        case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=expression):
            left = _value(ast.Name(target.id), values)
            values[name] = _calculated(op, left, _value(expression, values))
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=[expression], keywords=[])):
            return _value(expression, values)
        case ast.Expr(value=ast.Constant(value=str())):
            pass  # a comment in quotes
        case ast.Expr(value=expression) if last:
            return _value(expression, values)
        case _:
            raise _UnknownError
    return None


def _value(expression: ast.expr, values: Mapping[str, Number]) -> Number:
    match expression:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _bounded(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _calculated(op, _value(left, values), _value(right, values))
        case _:
            raise _UnknownError


def _calculated(op: ast.operator, left: Number, right: Number) -> Number:
    operation = _OPERATIONS.get(type(op))
    if operation is None:
        raise _UnknownError
    if isinstance(op, ast.Pow) and abs(right) > MAX_EXPONENT:
        raise _UnknownError
    return _bounded(operation(left, right))


def _bounded(number: object) -> Number:
    """The number, unless it is complex or too large; "not a number" is neither."""
    if not isinstance(number, int | float) or not abs(number) <= MAX_SIZE:
        raise _UnknownError
    return number
