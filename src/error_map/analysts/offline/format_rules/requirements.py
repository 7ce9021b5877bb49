"""The explicit rules of form in a prompt, and the first of them that an output breaks."""

from typing import Final

from . import count_rules, keyword_rules, phrase_rules, shape_rules
from . import marker_rules as mark_rules
from .rule import Broken, Rule, own_task


def broken_rule(prompt: str, output: str) -> Broken | None:
    """The first explicit rule of form in the prompt that the output breaks; None where none is.

    Rules are read only where they are addressed to the answer ("your response must …", "End with
    …"), never out of worked examples or the task's own material. JSON is not among them: see
    `json_form`.
    """
    lowered = prompt.lower()
    rules = [rule for hints, rule in _RULES if any(hint in lowered for hint in hints)]
    task = own_task(prompt) if rules else ""
    return next((broken for rule in rules if (broken := rule(task, output))), None)


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
    (("exclamation", "question mark", "hashtag", "semicolon", "all capital"), count_rules.signs),
    (("section", "label", "mark"), count_rules.sections),
    (("title", "postscript", "post-script", "separate"), mark_rules.marks),
    (("start", "begin"), mark_rules.start_phrase),
    (("repeat",), mark_rules.repeated_request),
    (("times", "twice", "once"), mark_rules.frequency),
    (("one of",), mark_rules.choices),
)
"""Each rule behind words of which the prompt must have one, which is quick to see."""
