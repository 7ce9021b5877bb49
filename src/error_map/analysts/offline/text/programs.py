"""Tells whether a text is a program or a query, and whether it breaks off."""

import ast
import re
import warnings
from collections.abc import Sequence
from typing import Final

# A longer one is cut at its beginning, where it no longer parses, and nothing is said of it.
MAX_CHARS: Final = 20_000
"""Length up to which a program is read."""
# Python's parser needs a multiple of the time and of the stack for each level.
MAX_DEPTH: Final = 40
"""Levels of brackets up to which Python code is parsed."""
# Prose has code in a line or two; a program has a comment or a text in a line or two.
MIN_CODE_SHARE: Final = 0.6
"""Share of the lines that must look like code for a text without a fence to be a program."""
MIN_CODE_LINES: Final = 2
"""Lines of code from which on a text is a program; a query may have a single line."""

_FENCE: Final = re.compile(r"^[ \t]*```[ \t]*([\w+#-]*)[^\n`]*$", re.MULTILINE)
# Lines that only a program has.
_STATEMENT: Final = re.compile(
    r"(?:async\s+)?def\s+\w+\(|class\s+\w+\s*[(:{]|import\s+[\w.*{]+(?:\s+as\s+\w+)?;?\Z"
    r"|from\s+[\w.]+\s+import\s|(?:el)?if\b[^\n]*[:{]\Z|else\s*[:{]\Z|try\s*[:{]\Z"
    r"|(?:for|while|with|except)\b[^\n]*[:{]\Z|return\b[^.!?]*\Z|(?:const|let|var)\s+\w+\s*="
    r"|(?:export\s+)?(?:async\s+)?function\b|(?:public|private|protected|static)\s+\w+"
    r"|#include\b|#!/|using\s+[\w.]+;|package\s+\w+|(?:print|console\.log|printf)\("
)
# Other lines of programs; a working may have them too.
_CODE_LINE: Final = re.compile(
    r"[@})\]]|//|/\*|# |[\w.\[\]\"']{1,60}\s*[-+*/|&]?=(?!=)|[\w.]{1,60}\([^.!?]*\)\s*;?\Z"
    r"|(?:break|continue|pass|raise|yield|assert|end|fi|done)\b[^.!?]*\Z|[^\n]*[;{}(,\[]\Z|\"\"\""
)
_QUERY: Final = re.compile(
    r"\s*(?:SELECT\s|WITH\s+\w+\s*(?:\([^)\n]*\)\s*)?AS\s*\(|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s"
    r"|DELETE\s+FROM\s|CREATE\s+(?:TABLE|VIEW|INDEX)\s)"
)
_OPEN_QUERY: Final = re.compile(
    r"(?:[,(=<>]|\b(?:select|from|where|and|or|on|join|by|in|as|set|values|having|between|like"
    r"|union|not|distinct|left|inner|case|when|then|else))\Z",
    re.IGNORECASE,
)
_BRACES: Final = frozenset(
    "c cc cpp c++ cs csharp java javascript js jsx ts tsx typescript go rust rs php swift kotlin"  # noqa: SIM905 - a long list reads best as text
    " scala dart css".split()
)
_PYTHON: Final = frozenset({"python", "py", "python3"})
# Behind a backslash, a mark opens nothing: from each, the rest of the line would be read again.
_QUOTED: Final = re.compile(r"""(?<!\\)"(?:[^"\\\n]|\\.)*"|(?<!\\)'(?:[^'\\\n]|\\.)*'|//[^\n]*""")
_BRACKETS: Final = re.compile(r"[()\[\]{}]")
_SQL: Final = frozenset({"sql", "sqlite", "postgresql", "mysql"})
_OTHER: Final = frozenset({"bash", "sh", "ruby", "lua", "r", "html", "xml", "yaml", "csv"})
_INSIDE_OPEN: Final = ("was never closed", "unterminated", "expected an indented block")
"""What Python's parser says of a text that ends too early, if not about its last place."""


def open_block(text: str) -> tuple[str, str] | None:
    """The language and the content of a code block that the text ends in; None if it does not."""
    fences = list(_FENCE.finditer(text))
    if len(fences) % 2 == 0:
        return None
    return fences[-1][1].casefold(), text[fences[-1].end() :].strip("\n")


def is_language(name: str) -> bool:
    """Whether the word after a fence names a language of programs or of data but JSON."""
    return name in _BRACES or name in _PYTHON or name in _SQL or name in _OTHER


def is_query(text: str) -> bool:
    """Whether the text begins as a query in SQL: in capitals, unlike prose, or ended with `;`."""
    head = text[:MAX_CHARS]
    if text.rstrip().endswith(";"):
        head = head.upper()
    return _QUERY.match(head) is not None


def is_program(text: str) -> bool:
    r"""Whether the text is a program, also a broken one, in any usual language.

    Example:
        >>> is_program("half = n // 2\nreturn half"), is_program("If so, go.\nElse, wait.")
        (True, False)
    """
    lines = [line.strip() for line in text[-MAX_CHARS:].splitlines() if line.strip()]
    strong = sum(_STATEMENT.match(line) is not None for line in lines)
    if not strong or "```" in text:
        return False  # around a fenced program, the text is prose
    if _STATEMENT.match(lines[0]) and len(lines) >= MIN_CODE_LINES:
        return True
    code = strong + sum(_CODE_LINE.match(line) is not None for line in lines)
    return code >= max(MIN_CODE_LINES, MIN_CODE_SHARE * len(lines))


def breaks_off(code: str, language: str = "") -> bool:
    """Whether a program or a query ends too early; False if this is unknown.

    Args:
        code: A program without its fence.
        language: As written after the fence; empty if there is none.
    """
    code = code.rstrip()
    if not code or len(code) > MAX_CHARS:
        return False
    if language in _SQL or (not language and is_query(code)):
        return _OPEN_QUERY.search(code[-20:]) is not None
    if language in _BRACES:
        return _balance(code, "{", "}") > 0 or code[-1] in "([{,="
    return (language in _PYTHON or not language) and _python_breaks_off(code)


def parses(code: str) -> bool:
    """Whether a text is Python, with at least one statement that is no mere expression."""
    body = _body(code)
    return body is not None and not all(map(_is_plain, body))


def _is_plain(statement: ast.stmt) -> bool:
    """Whether a statement may as well be words or numbers of prose, such as "rafts and logs"."""
    return isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Call)


def _body(code: str) -> Sequence[ast.stmt] | None:
    parsed = _parsed(code)
    return parsed.body if isinstance(parsed, ast.Module) else None


def _parsed(code: str) -> ast.Module | SyntaxError | None:
    """The syntax tree of Python code, or why there is none; None if the code is not read."""
    if len(code) > MAX_CHARS or _depth(code) > MAX_DEPTH:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as invalid escapes in the code of a model
            return ast.parse(code)
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError):
        return None


def _python_breaks_off(code: str) -> bool:
    error = _parsed(code)
    if isinstance(error, IndentationError) and "unexpected indent" in error.msg:
        code = _with_head(code)
        error = _parsed(code)
    if not isinstance(error, SyntaxError) or error.lineno is None:
        return False
    lines = code.splitlines()
    if error.lineno >= len(lines):
        at_end = (error.offset or 0) > len(lines[-1])
        return at_end or _says_open(error)
    if not _says_open(error):
        return False
    indent = _indent(lines[error.lineno - 1])
    inner = [line for line in lines[error.lineno :] if line.strip()]
    # A bracket left open in the middle is an error; a cut is one if only its content follows.
    return all(_indent(line) > indent for line in inner)


def _with_head(code: str) -> str:
    """The body of a function, whose first line may have lost its indent, as a whole statement."""
    first, *rest = code.strip("\n").splitlines()
    indent = max(_indent(first), _indent(rest[0]) if rest else 0)
    return "\n".join(["if True:", " " * indent + first.lstrip(), *rest])


def _says_open(error: SyntaxError) -> bool:
    return any(words in (error.msg or "") for words in _INSIDE_OPEN)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _balance(code: str, opening: str, closing: str) -> int:
    """How many brackets are left open outside of quoted texts and comments."""
    bare = _QUOTED.sub("", code)
    return bare.count(opening) - bare.count(closing)


def _depth(code: str) -> int:
    """The deepest level of brackets."""
    depth = deepest = 0
    for sign in _BRACKETS.findall(code):
        depth += 1 if sign in "([{" else -1
        deepest = max(deepest, depth)
    return deepest
