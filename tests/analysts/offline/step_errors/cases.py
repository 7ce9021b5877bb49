"""Cases of answers in the form `Answer: x`, with a trusted profile."""

from error_map.analysts.offline.algebra.equality_parser import Equality
from error_map.analysts.offline.answers.final_answer import final_answer
from error_map.analysts.offline.answers.profiles import Profile
from error_map.analysts.offline.detector import Case

TRUSTED = Profile(route="answer line", agreement=1.0, recall=1.0, found=1.0, rows=100)


def answered(
    working: str,
    answer: str,
    *,
    gold: str = "8",
    correct: tuple[str, ...] = (),
    prompt: str = "Find $x$.",
) -> Case:
    """A case whose output is the working and the answer, in a task without options."""
    output = f"{working}\nAnswer: {answer}"
    return Case(
        prompt=prompt,
        output=output,
        gold=gold,
        correct_outputs=correct,
        answer=final_answer(output, TRUSTED, prompt),
        profile=TRUSTED,
    )


def quoted(case: Case, equality: Equality) -> str:
    """The equality as the output has it."""
    return case.output[equality.left.start : equality.right.end]
