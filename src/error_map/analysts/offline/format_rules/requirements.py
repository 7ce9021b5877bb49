"""Checks an output against the explicit format rules of its prompt."""

from typing import Final

from . import count_rules, keyword_rules, marker_rules, phrase_rules, shape_rules
from .rule import Rule, Violation, own_task


def first_violation(prompt: str, output: str) -> Violation | None:
    """The first explicit format rule of the prompt that the output violates, if any.

    Only rules about the answer count ("your response must …", "End with …"), none in worked
    examples or in the material of the task. For JSON see `json_rules`.
    """
    lowered = prompt.lower()
    rules = [rule for hints, rule in _RULES if any(hint in lowered for hint in hints)]
    task = own_task(prompt) if rules else ""
    return next((violation for rule in rules if (violation := rule(task, output))), None)


_RULES: Final[tuple[tuple[tuple[str, ...], Rule], ...]] = (
    (
        ("end ", "finish", "conclude", "last ", "final "),
        phrase_rules.end_phrase,
    ),
    (("phrase", "keyword", "the word", "sentence"), phrase_rules.used_phrases),
    (("keyword", "key word", " word"), keyword_rules.keywords),
    (("quotation mark", "double quotes"), phrase_rules.quotation_marks),
    (("bullet", "numbered list"), shape_rules.bullets),
    (("capital", "caps", "uppercase", "upper case", "lowercase", "lower case"), shape_rules.casing),
    ((" words", "single word", "one word", "single letter", "single number"), shape_rules.length),
    (("number only", "only the number", "only a number", "only with"), shape_rules.number_only),
    (("comma",), shape_rules.commas),
    (
        (" word", "sentence", "paragraph", "placeholder", "place holder", "highlight"),
        count_rules.counts,
    ),
    (
        ("exclamation", "question mark", "hashtag", "semicolon", "all capital"),
        count_rules.punctuation,
    ),
    (("section", "label", "mark"), count_rules.sections),
    (("title", "postscript", "post-script", "separate"), marker_rules.marks),
    (("start", "begin"), marker_rules.start_phrase),
    (("repeat",), marker_rules.repeated_request),
    (("times", "twice", "once"), marker_rules.frequency),
    (("one of",), marker_rules.choices),
)
"""Rules in order of precedence, each with words of which its prompts have at least one.

The words are a cheap test that spares most prompts most of the patterns.
"""
