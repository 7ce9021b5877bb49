"""Tells from its end whether a text was cut off, and what it breaks off in.

Only positive evidence counts. Many whole texts end without a full stop: programs, lists, titles,
verse, posts, translations of such texts, and values.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .programs import breaks_off, is_language, is_program, is_query, open_block, parses
from .word_overlap import lowercase

STOP_MARK_CHARS: Final = 60
"""End of a text within which a stop mark of a model or a program is recognised."""
LAST_STEP_CHARS: Final = 40
"""End of the text in which an unfinished step is searched for; the pattern needs less."""
# A sentence of introduction may precede the fence.
FENCE_WITHIN_CHARS: Final = 400
"""Characters from the start within which a fenced JSON object begins."""
TAIL_CHARS: Final = 6_000
"""End of the text whose sentences show whether it finishes them."""
# A whole text of two or three sentences often leaves out the last full stop, as a message does.
MIN_SENTENCES: Final = 3
"""Finished sentences from which on a text is one that finishes its sentences."""
MIN_CHARS: Final = 200
"""The same as a length, below the smallest limit of tokens in use."""
# Fewer may be a signature, a heading or an exclamation after the last full stop.
MIN_SENTENCE_WORDS: Final = 4
"""Words from which on the text after the last full stop is a sentence."""
MIN_PROSE_WORDS: Final = 8
"""Words from which on a line is prose and not a heading or a label."""
MAX_SALUTATION_WORDS: Final = 4
"""Words up to which a last line that ends with a comma may be "Kind regards,"."""
MAX_PART_CHARS: Final = 4
"""Letters up to which the end may be a part of a word: longer ones are words of their own."""

_CLOSING: Final[Mapping[str, str]] = MappingProxyType({"{": "}", "[": "]"})
_JSON_START: Final = re.compile(r"\{\s*[\"'}]|\{\s*\Z|\[\s*[\[{\"'\d\]-]|\[\s*\Z")
_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
_FORMULA_MARKS: Final = (("\\(", "\\)"), ("\\[", "\\]"))
_FORMULA_SIGNS: Final = re.compile(r"[\\=^_]")
_ENVIRONMENT: Final = re.compile(r"\\(begin|end)\{")
_COMMAND: Final = re.compile(r"\\[a-zA-Z,;!(){}\[\]\\]")
"""A command of LaTeX, unlike the escaped sign in "net\\_price"."""
_BLANK_LINE: Final = re.compile(r"\n[ \t]*\n")
_OPEN_SUM: Final = re.compile(r"<<[\d.(][^<>\n]{0,80}\Z")
_REASONING: Final = re.compile(
    r"<(/?)(?:think|thinking|thought|reasoning)>|\[(/?)THINK\]", re.IGNORECASE
)
_STOP_MARK: Final = re.compile(
    r"(?:#{2,}[ ]?[A-Z_]{3,20}[ ]?#{2,}|<\|\w{2,20}\|>|</s>|\[(?:STOP|END|EOS|EOT|DONE)\]"
    r"|\n[ \t]*(?:STOP|END|DONE|TERMINATE))\Z"
)
# A sign of calculation with its operand, but not a rule, a bullet, a grade "A+" or a "C++".
_OPEN_SIGN: Final = re.compile(
    r"(?:[\w)\]}$%][ \t]+[+=\u00d7\u00b7\u2212]|[\d)\]}$%][ \t]+[*/<-]|(?<!\S)[\w)(.]{1,12}[\d)]="
    r"|[^:;=\s][ \t]*[(\[{])\Z"
)
_OPEN_PRODUCT: Final = re.compile(r"\w[ \t]+[*/-]\Z")
"""In a line with an equation; elsewhere it may be a mark of style."""
_OPEN_STEP: Final = re.compile(r"=\s*[$\u20ac\u00a3]\Z|\n\s*step \d+:\Z", re.IGNORECASE)
_OPEN_ITEM: Final = re.compile(r"\n[ \t]*(\d{1,3})[.)]\Z")
# Words with which no sentence, title or verse ends, in any of the languages.
_OPEN_WORD: Final = re.compile(
    r"\b(?:the|an|and|or|than|whose|my|your|their|every|although|unless|whereas"
    r"|und|oder|einen|einem|einer|les|dans|avec|los|las|del|para|gli|della|uma)\Z"
)
# Words with which only few sentences end.
_WEAK_WORD: Final = re.compile(
    r"\b(?:a|of|to|in|on|at|by|for|with|from|but|as|is|are|was|were|be|that|which|this|these|if"
    r"|then|when|where|we|it|its|our|so|can|will|would|not|into|per|his|because)\Z"
)
# The number of an item has a full stop too, but neither a word nor a sign before it.
_SENTENCE_END: Final = re.compile(
    r"(?:[^\W\d_][\"'\u201d\u2019\u00bb)*_]{0,3}|(?<=[a-z=:] )[$\u20ac\u00a3]?\d[\d,.]{0,12})"
    r"[.!?\u2026]+[^\s\w]{0,3}(?=\s)"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_HEADING: Final = re.compile(r"[#>|]")
_ITEM: Final = re.compile(r"[-*\u2022+]|\d+ ?[.)]")
_NO_PROSE: Final = re.compile(rf"{_HEADING.pattern}|{_ITEM.pattern}")
_SENTENCE_ENDS: Final = frozenset(".!?")
_FINISHED: Final = frozenset(
    ".!?\u2026:;\u3002\uff01\uff1f\u061f\u0964\"'\u201d\u2019\u00bb)]}>*_`|"
)
# In these tasks the end of a sentence is a matter of style.
_STYLE: Final = re.compile(
    r"\b(?:translat\w*|tweet|post|caption|hashtags?|slogan|headline|title|lyrics|song|poem|poetry"
    r"|verse|haiku|rap|lowercase|lower case|punctuation|periods?|full stops?|commas|telegram"
    r"|complete the sentence|fill in)\b",
    re.IGNORECASE,
)
_INFLECTIONS: Final = frozenset(
    {"s", "es", "d", "ed", "ing", "ly", "y", "er", "ers", "en", "n", "r", "t", "th", "al", "e"}
)


def cut_inside(text: str, prompt: str = "", *, by_style: bool = True) -> str:
    r"""What the text breaks off in, such as "a sentence"; empty if it is whole or this is unknown.

    Args:
        text: Trailing white space is ignored.
        prompt: Asks for a style, and has words that the text may break off in.
        by_style: Whether a missing full stop counts in a text that finishes its sentences.

    Example:
        >>> cut_inside("So we add 3 +"), cut_inside("rest = half\nreturn rest if half else n")
        ('a formula', '')
    """
    text = text.rstrip()
    if not text or ends_with_stop_mark(text):
        return ""
    if open_reasoning(text):
        return "its reasoning"
    if _cut_json(text):
        return "a JSON object"
    code = _program(text)
    if code is None:
        return _prose_cut_inside(text, prompt, by_style=by_style)
    return "a program" if breaks_off(code[1], code[0]) else ""


def _prose_cut_inside(text: str, prompt: str, *, by_style: bool) -> str:
    line = text[text.rfind("\n") + 1 :]
    end = line[-LAST_STEP_CHARS:]
    if _open_formula(text, line) or _OPEN_SIGN.search(end):
        return "a formula"
    if "=" in line and _OPEN_PRODUCT.search(end):
        return "a formula"
    if _open_step(text):
        return "a step"
    return "a sentence" if _open_sentence(text, line, prompt, by_style=by_style) else ""


def ends_with_stop_mark(text: str) -> bool:
    """Whether the text ends with a mark by which a model or a program says that it is done."""
    return _STOP_MARK.search(text[-STOP_MARK_CHARS:]) is not None


def open_reasoning(text: str) -> bool:
    """Whether the text ends within a block of reasoning, as "<think>" opens one."""
    marks = list(_REASONING.finditer(text))
    return bool(marks) and not (marks[-1][1] or marks[-1][2])


def open_json(text: str) -> bool:
    """Whether the text is a JSON object or array, bare or fenced, that is not closed."""
    fenced = "```json" in text[:FENCE_WITHIN_CHARS]
    start = text.find("{") if fenced else len(text) - len(text.lstrip())
    first = text[start : start + 1] if start >= 0 else ""
    if first not in _CLOSING or text.rstrip("` \n\t")[-1:] == _CLOSING[first]:
        return False
    if not _JSON_START.match(text, start):
        return False
    return text.count(first, start) > text.count(_CLOSING[first], start)


def _cut_json(text: str) -> bool:
    """Whether the text breaks off in JSON, beyond closing brackets that were only forgotten."""
    block = open_block(text)
    fenced = block is not None and block[0] in {"json", ""} and open_json(block[1])
    if not fenced and not open_json(text):
        return False
    content = block[1] if fenced and block else text
    return content[-1:] in set(",:[{") or _ESCAPED.sub("", content).count('"') % 2 == 1


def _program(text: str) -> tuple[str, str] | None:
    """The language and the code, if the text is a program or ends within a block of code."""
    block = open_block(text)
    if block is not None and (is_language(block[0]) or parses(block[1]) or is_program(block[1])):
        return block
    if is_query(text) or parses(text) or is_program(text):
        return "", text
    return None


def _open_formula(text: str, line: str) -> bool:
    """Whether the text ends within a formula in LaTeX or calculator marks."""
    odd = (line.count("$") - line.count("\\$")) % 2 == 1
    if odd and _COMMAND.search(line, line.rfind("$")) and not _is_closed_call(text):
        return True
    if text.count("$$") % 2 == 1 and _goes_on(text[text.rfind("$$") + 2 :]):
        return True
    if _OPEN_SUM.search(line[-2 * STOP_MARK_CHARS :]) or _open_environment(text):
        return True
    return any(_is_open(text, *pair) for pair in _FORMULA_MARKS)


def _is_closed_call(text: str) -> bool:
    """Whether the text is a list of calls that is closed, in which "$" is no formula."""
    return text.lstrip().startswith("[") and text.endswith(")]")


def _goes_on(formula: str) -> bool:
    """Whether a formula goes on to the end; before a blank line, only its mark was forgotten."""
    if _BLANK_LINE.search(formula) or "```" in formula:
        return False
    return _FORMULA_SIGNS.search(formula) is not None


def _is_open(text: str, opening: str, closing: str) -> bool:
    last = text.rfind(opening)
    if last < 0 or text.rfind(closing) > last or text[last - 1 : last] == "\\":
        return False
    return _goes_on(text[last:])


def _open_environment(text: str) -> bool:
    marks = list(_ENVIRONMENT.finditer(text))
    opened = sum(1 if mark[1] == "begin" else -1 for mark in marks)
    return opened > 0 and marks[-1][1] == "begin" and _goes_on(text[marks[-1].start() :])


def _open_step(text: str) -> bool:
    """Whether the text ends with the announcement of a step or the number of an item."""
    if _OPEN_STEP.search(text[-LAST_STEP_CHARS:]):
        return True
    item = _OPEN_ITEM.search(text[-LAST_STEP_CHARS:])
    if item is None or item[1] in {"0", "1"}:
        return False
    before = re.escape(str(int(item[1]) - 1))
    return re.search(rf"(?:\A|\n)[ \t*]*{before}[.)]", text) is not None


def _open_sentence(text: str, line: str, prompt: str, *, by_style: bool) -> bool:
    """Whether the last line breaks off within a sentence."""
    if line.endswith(","):
        return len(line.split()) > MAX_SALUTATION_WORDS
    # In a long text, "So, the" is the beginning of a sentence; in a short one, it may be a title.
    least = 2 if len(text) >= MIN_CHARS else MIN_SENTENCE_WORDS
    if _OPEN_WORD.search(line[-12:]) and len(line.split()) >= least:
        return True
    return _is_open_prose(text, line, prompt, by_style=by_style)


def _is_open_prose(text: str, line: str, prompt: str, *, by_style: bool) -> bool:
    """Whether the last line is an unfinished sentence in a text that finishes its sentences."""
    ends = list(_SENTENCE_END.finditer(line))
    after_sentence = bool(ends) or text[: -len(line)].rstrip()[-1:] in _SENTENCE_ENDS
    if not after_sentence or _STYLE.search(prompt):
        return False
    last = line[ends[-1].end() if ends else 0 :].split()
    # A name, a tag or a value may stand without a full stop; a word in small letters may not.
    if len(last) < MIN_SENTENCE_WORDS or not (last[-1].isalpha() and last[-1].islower()):
        return False
    if "=" in last:
        return False  # a value with its unit
    if _WEAK_WORD.search(line[-12:]) or _is_part_of_word(last[-1], text, prompt):
        return True
    # Without a full stop before it, a line may be a heading or a signature, which are short.
    whole_line = len(last) >= MIN_PROSE_WORDS and not _NO_PROSE.match(line)
    return by_style and (bool(ends) or whole_line) and _finishes_sentences(text)


def open_fragment(text: str) -> str:
    """The beginning of a sentence after the last full stop of a text that finishes its sentences.

    Weak evidence of a cut: for texts of which something else shows that more was to come.
    """
    line = text[text.rfind("\n") + 1 :]
    ends = list(_SENTENCE_END.finditer(line))
    fragment = line[ends[-1].end() :].strip() if ends else ""
    words = fragment.split()
    if not words or not (words[-1].isalpha() and words[-1].islower() and _finishes_sentences(text)):
        return ""
    return fragment


def _finishes_sentences(text: str) -> bool:
    tail = text[-TAIL_CHARS:]
    finished = sum(1 for _ in _SENTENCE_END.finditer(tail))
    return len(text) >= MIN_CHARS and finished >= MIN_SENTENCES and _finishes_lines(tail)


def _finishes_lines(tail: str) -> bool:
    """Whether all lines of prose but the last end as sentences do; items count if it is one."""
    *lines, last = (line.strip() for line in tail.split("\n"))
    passed_over = _HEADING if _ITEM.match(last) else _NO_PROSE
    return all(
        line[-1] in _FINISHED
        for line in lines
        if len(line.split()) >= MIN_PROSE_WORDS and not passed_over.match(line)
    )


def _is_part_of_word(end: str, text: str, prompt: str) -> bool:
    """Whether the text ends within a word that it or the prompt has in full."""
    if len(end) > MAX_PART_CHARS:
        return False
    seen = frozenset(
        _WORD.findall(lowercase(f"{prompt[-TAIL_CHARS:]} {text[-TAIL_CHARS : -len(end)]}"))
    )
    if end in seen:
        return False
    return any(word.startswith(end) and word[len(end) :] not in _INFLECTIONS for word in seen)
