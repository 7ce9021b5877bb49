"""Decides what kind of task a dataset consists of: numbers, multiple choice, code, free text."""

import re
import textwrap
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from ..studied_row import StudiedRow
from .answer_types.multiple_choice import options
from .answers.final_answer import gold_answer
from .answers.profiles import Profile, TaskKind
from .format_rules.other_languages import asks_for_form
from .format_rules.requirements import VIOLATES_MOST, violations
from .text.programs import parses
from .tool_calls.expected import expected_calls
from .tool_calls.tools import offered_tools
from .values.equality import is_number
from .values.literals import read_literal

# A share among 200 rows is known to 7 points, and each row costs up to a millisecond.
MAX_ROWS: Final = 200
"""Rows that are looked at."""
MAX_CHARS: Final = 20_000
"""Characters of each text that are looked at: bounds the work on hostile texts."""
MOST: Final = 0.5
"""Share of the rows above which their kind is that of the dataset."""
# In MATH a third of the answers are no numbers; in output prediction, half are no lists or strings.
SOME: Final = 0.15
"""Share of formulas, or of literals, from which on the other answers are their simplest forms."""
# A name, a date, a noun phrase; the shortest reference translations are sentences.
MAX_SHORT_CHARS: Final = 60
MAX_SHORT_WORDS: Final = 8
MIN_RESULTS: Final = 2
"""Results of tools from which on an output is a transcript: one may be a heading."""
MIN_SPEAKERS: Final = 4
"""The same for turns of any speaker: a short dialogue may be an answer."""
_UNCOVERED: Final[tuple[TaskKind, ...]] = ("free text", "code", "agent traces")

_CALCULATION: Final = re.compile(
    r"\d[ ]{0,2}[-+*/x\u00d7\u00f7\u2212][ ]{0,2}[$(]{0,2}\d[\d.,]{0,12}[) ]{0,2}"
    r"=[ ]{0,2}[$-]{0,2}\d"
)
_FORMULA: Final = re.compile(
    r"\\(?:frac|dfrac|sqrt|pi|cdot|text|left|begin|infty|binom|le|ge|in)\b|[a-z0-9)}]\^[{(\d]"
    r"|\bsqrt\b|[\u03c0\u221a]|\bpi[ ]?[/*]|\b[a-z][ ]?=[ ]?[-\u2212\d]"
    r"|\d[ ]?[a-z][ ]?[-+\u2212][ ]?[\da-z]\b"
)
_LATEX: Final = re.compile(r"\$[^$\n]{0,80}[\\^_=+][^$\n]{0,200}\$|\\[(\[]|\\(?:frac|sqrt|begin)\b")
_LETTER: Final = re.compile(r"[(\[]?([A-J])(?:[)\].:]\s*.{0,400})?", re.DOTALL)
_SQL: Final = re.compile(
    r"\s*(?:```sql\s+)?(?:select\b.{1,2000}?\bfrom\b|with\s+\w+\s+as\s*\(|insert\s+into\b"
    r"|update\s+\w+\s+set\b|delete\s+from\b|create\s+(?:table|view)\b)",
    re.IGNORECASE | re.DOTALL,
)
_CODE: Final = re.compile(
    r"^[ \t]*(?:def \w+\(|class \w+(?:\([^\n]{0,80}\))?[ ]?[:{]$|from [\w.]+ import\b"
    r"|import [\w.]+(?: as \w+)?;?\n|assert \S+.{0,80}(?:==|\()|#include\b"
    r"|(?:public|private) (?:static|class|void|int|string|boolean)\b|function \w+\("
    r"|(?:const|let|var) \w+ =|for ?\([^\n]{1,80}\{)|^[ \t]+return\b",
    re.MULTILINE,
)
_FENCE: Final = re.compile(
    r"```(?:python|py|java|javascript|js|cpp|c\+\+|c|go|rust|bash|sh|sql|ruby|typescript)\b",
    re.IGNORECASE,
)
_REWRITE: Final = re.compile(
    r"(?:^|[.:;!?]\s|\bplease )\s*(?:translate|summari[sz]e|paraphrase|rephrase|rewrite|write an?"
    r" (?:short |brief |one-sentence )?(?:summary|essay|story|poem|email|abstract|headline))\b"
    r"|\btl;?dr\b|\b(?:summary|translation)\s*:\s*$|\bsummari[sz]e the\b|\btranslat(?:e|ion) (?:of"
    r"|from|to|into|the)\b",
    re.IGNORECASE | re.MULTILINE,
)
_RESULT: Final = re.compile(
    r"^[ \t*#>]*(?:\[(?:tool|function|environment|observation)\b[^\]\n]{0,60}\]"
    r"|(?:observation|tool(?: result| output| response)?|environment|obs)[ \t]*\d{0,3})[*]*[ \t]*:"
    r"|^#{1,6}[ ](?:tool|observation|function|environment)\b[^\n]{0,40}$"
    r"|<tool_response>|<\|im_start\|>(?:tool|function)|\"role\"\s*:\s*\"(?:tool|function)\"",
    re.IGNORECASE | re.MULTILINE,
)
_SPEAKER: Final = re.compile(r"^\[[A-Za-z][^\]\n]{0,60}\]:|\"role\"\s*:\s*\"", re.MULTILINE)
_CHECKS: Final = re.compile(
    r"[\s\[{\"'\w]{0,40}\b(?:[a-z]{2}:)?[a-z_]{3,30}:[a-z_]{3,40}[\"'\]},;\s]"
)
"""Names of checks, as in IFEval: `["punctuation:no_comma"]`, `["es:punctuation:no_comma"]`."""


def task_kind(rows: Sequence[StudiedRow], profile: Profile) -> TaskKind:
    """The kind of most rows; empty if no kind prevails.

    A mixture in which translations, summaries, code or traces prevail counts as free text.

    Args:
        rows: A sample of the scored answers of one dataset; their order does not matter.
        profile: The dataset's profile, whose route reads the references.
    """
    # An answer alone does not show its task; some logs have the prompts of wrong answers only.
    telling = [row for row in rows if row.prompt.strip() or row.reference]
    sample = sorted(telling or rows, key=_shuffled)[:MAX_ROWS]
    votes = Counter(_kind_of(row, profile) for row in sample)
    most = MOST * len(sample)
    votes = _merged(votes, "numbers", "mathematics", some=SOME * len(sample))
    votes = _merged(votes, "short answers", "literals", some=SOME * len(sample))
    for kind, hits in votes.most_common(1):
        if hits > most:
            return kind
    return "free text" if sum(votes[kind] for kind in _UNCOVERED) > most else ""


def _shuffled(row: StudiedRow) -> tuple[int, str, str]:
    """A sort key that shuffles the rows independently of their order."""
    return zlib.crc32(row.output.encode(errors="surrogatepass")), row.prompt, row.output


def _merged(
    votes: Counter[TaskKind], simple: TaskKind, special: TaskKind, *, some: float
) -> Counter[TaskKind]:
    """The votes with the simple kind counted as the special one, if there are some of this."""
    if not votes[special] or votes[special] < some:
        return votes
    return votes - Counter({simple: votes[simple]}) + Counter({special: votes[simple]})


def _kind_of(row: StudiedRow, profile: Profile) -> TaskKind:
    """The kind of task that one row shows."""
    prompt, output = row.prompt[-MAX_CHARS:], row.output[:MAX_CHARS]
    written = (row.reference or "")[:MAX_CHARS]
    reference = written.strip()
    if expected_calls(reference, prompt, offered_tools(prompt)) is not None:
        return "tool calls"
    if row.is_transcript or _is_transcript(output):
        return "agent traces"
    if _is_choice(prompt, reference):
        return "multiple choice"
    if reference and _is_program(output):
        return "code"  # the reference may be what the program computes
    if reference:
        return _kind_by_reference(prompt, written, gold_answer(reference, profile) or "")
    return _kind_without_reference(prompt, output)


def _is_transcript(output: str) -> bool:
    results, speakers = _RESULT.findall(output), _SPEAKER.findall(output)
    return len(results) >= MIN_RESULTS or len(speakers) >= MIN_SPEAKERS


def _is_choice(prompt: str, reference: str) -> bool:
    """Whether the reference is an option or a letter; without one, whether there are options."""
    listed = options(prompt)
    if not reference:
        return bool(listed)
    if listed and reference.isdecimal() and len(reference) == 1:
        return int(reference) <= len(listed)  # the number of an option, from 0 or from 1
    letter = _LETTER.fullmatch(reference)
    if letter and (letter[1] in listed or len(reference) <= len("(A)")):
        return True
    return reference.casefold() in {text.strip(" .").casefold() for text in listed.values()}


def _kind_by_reference(prompt: str, reference: str, gold: str) -> TaskKind:
    if _CHECKS.match(f"{reference.strip()} "):
        return "instructions"
    if _SQL.match(reference) or _CODE.search(reference):
        return "code"
    kind = _kind_of_gold(reference, gold)
    if _LATEX.search(prompt) and (kind != "free text" or _LATEX.search(reference)):
        return "mathematics"
    return "free text" if kind == "short answers" and _REWRITE.search(prompt) else kind


def _is_program(output: str) -> bool:
    """Whether an output is nothing but a program of at least two lines."""
    text = output.strip().removeprefix("```python").removesuffix("```")
    return "\n" in text.strip() and "=" in text and parses(textwrap.dedent(text))


def _kind_of_gold(reference: str, gold: str) -> TaskKind:
    """The kind of task whose right answer this is, whatever the question."""
    if is_number(gold) or _CALCULATION.search(reference):
        return "numbers"
    if _FORMULA.search(gold):
        return "mathematics"
    if read_literal(gold) is not None:
        return "literals"
    is_short = len(gold) <= MAX_SHORT_CHARS and len(gold.split()) <= MAX_SHORT_WORDS
    return "short answers" if is_short and "\n" not in gold else "free text"


def _kind_without_reference(prompt: str, output: str) -> TaskKind:
    if any(not tool.from_signature for tool in offered_tools(prompt).values()):
        return "tool calls"
    if _SQL.match(output) or _FENCE.search(output) or _CODE.search(prompt):
        return "code"
    if _CALCULATION.search(output):
        return "mathematics" if _LATEX.search(prompt) else "numbers"
    if _REWRITE.search(prompt) is None and (
        violations(prompt, VIOLATES_MOST) or asks_for_form(prompt)
    ):
        return "instructions"
    return "mathematics" if _LATEX.search(prompt) else "free text"
