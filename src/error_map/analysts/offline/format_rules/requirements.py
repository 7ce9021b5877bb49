"""Checks an output against the explicit format rules of its prompt."""

from collections.abc import Mapping
from typing import Final

from . import (
    answer_only_rules,
    casing_rules,
    count_rules,
    frequency_rules,
    keyword_rules,
    language_rules,
    list_rules,
    marker_rules,
    phrase_rules,
)
from .rule import FormatKind, Rule, Violation, own_task

VIOLATES_MOST: Final = "A, a"
"""An output that breaks nearly every format rule, so that it shows whether a prompt has any."""


def violations(prompt: str, output: str) -> Mapping[FormatKind, Violation]:
    """The explicit format rules of the prompt that the output violates, one of each kind.

    Only rules about the answer count ("your response must …", "End with …"), none in worked
    examples or in the material of the task. For JSON see `json_rules`.
    """
    lowered = prompt.lower()
    rules = [rule for hints, rule in _RULES if any(hint in lowered for hint in hints)]
    task = own_task(prompt) if rules else ""
    found: dict[FormatKind, Violation] = {}
    for rule in rules:
        for violation in rule(task, output):
            found.setdefault(violation.kind, violation)
    return found


_RULES: Final[tuple[tuple[tuple[str, ...], Rule], ...]] = (
    (("end ", "finish", "conclude", "last ", "final "), phrase_rules.end_phrase),
    (
        ("word", "phrase", "include", "say", " use", "line", "items", "avoid", "mention"),
        keyword_rules.keywords,
    ),
    (("quotation", "quotes"), phrase_rules.quotation_marks),
    (("bullet", "numbered list"), list_rules.items),
    (
        ("capital", "caps", "uppercase", "upper case", "lowercase", "lower case"),
        casing_rules.casing,
    ),
    (
        (" word", " letter", " number", "single", "only with"),
        answer_only_rules.single_answer,
    ),
    (("comma",), casing_rules.commas),
    (
        (" word", "sentence", "placeholder", "place holder", "highlight", "italic", "-word"),
        count_rules.counts,
    ),
    (("paragraph",), count_rules.paragraphs),
    (("paragraph",), marker_rules.paragraph_opening),
    (("exclamation", "question mark", "hashtag", "semicolon"), count_rules.punctuation),
    (("section", "label", "mark"), list_rules.sections),
    (("title", "script", "separa", "p.s", "p.p.s"), marker_rules.marks),
    (("start", "begin"), phrase_rules.start_phrase),
    (("repeat",), marker_rules.repeated_request),
    (("times", "twice", "once", "letter"), frequency_rules.frequency),
    (("one of", "choose from"), marker_rules.choices),
    (("language", "entire", "only", "in "), language_rules.language),
)
"""Rules, each with words of which its prompts have at least one.

The words are a cheap test that spares most prompts most of the patterns.
"""
