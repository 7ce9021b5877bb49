"""The final answer that a reference states, extracted by its dataset's answer route."""

from .offline.answers.final_answer import gold_answer
from .offline.answers.profiles import Profile


def expected_answer(reference: str, route: str | None) -> str:
    """The final answer that a reference states.

    Args:
        reference: A reference answer, which may show its working.
        route: Name of the dataset's answer route, as its manifest has it; None if there is none.
    """
    return gold_answer(reference, Profile(route=route)) or ""
