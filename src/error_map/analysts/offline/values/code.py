"""SQL and program code as answers, in which upper and lower case may matter."""

import re
from typing import Final

_SQL: Final = re.compile(
    r"\s*(?:```(?:sql)?\s*)?\(?\s*(?:select\b[^;]{1,2000}?\bfrom|insert\s+into|update\b[^;]{1,300}?\bset"
    r"|delete\s+from|create\s+(?:table|view|index)|with\s+\w+\s+as)\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"^[ \t]*(?:def \w+\(|class \w+|import \w+|from \w+ import|return\b|print\(|console\.log\("
    r"|function\b|const \w+|let \w+\s*=|var \w+\s*=|#include\b|public \w+|for \w+ in\b)",
    re.MULTILINE,
)
_LITERAL: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_SPACE: Final = re.compile(r"\s+")


def differ_in_case(left: str, right: str) -> bool:
    """Whether two texts are SQL with other literals, or code with other names, by their case.

    The keywords and names of SQL compare without case. False for anything but SQL and code.

    Example:
        >>> differ_in_case("SELECT a FROM t WHERE b = 'x'", "select a from t where b = 'X'")
        True
        >>> differ_in_case("SELECT a FROM t", "select A from t"), differ_in_case("Paris", "paris")
        (False, False)
    """
    if left == right:
        return False
    if _SQL.match(left) and _SQL.match(right):
        return _LITERAL.findall(left) != _LITERAL.findall(right)
    if _CODE.search(left) and _CODE.search(right):
        return _SPACE.sub(" ", left).strip() != _SPACE.sub(" ", right).strip()
    return False
