"""The question that an output answers, without the worked examples of its prompt."""

from ..detector import Case
from ..text.last_question import last_question
from .multiple_choice import stem


def own_question(case: Case) -> str:
    r"""The question with its options, from where the record says that it begins, if it does.

    Example:
        >>> own_question(Case(prompt="Q: 2 + 3?\nA: 5\nQ: 4 + 8?", output=""))
        'Q: 4 + 8?'
    """
    if case.question_start is not None:
        return case.prompt[case.question_start :]
    return last_question(case.prompt)


def question_stem(case: Case) -> str:
    """The question without its options."""
    return stem(own_question(case))
