"""A word problem with correct working, and answers to it, for detector tests."""

from error_map.analysts.offline.detector import Case, Detector

TASK = (
    "A hall has 14 rows of 25 seats. For the concert 36 seats are blocked and every other seat is"
    " sold at $8. The band is paid $900. How much is left?"
)
REFERENCE = (
    "There are 14 * 25 = 350 seats.\n350 - 36 = 314 seats are sold.\n"
    "They bring 314 * 8 = $2512.\n2512 - 900 = 1612 is left.\n#### 1612"
)


def a_case(
    output: str,
    *,
    task: str = TASK,
    reference: str | None = REFERENCE,
    gold: str | None = "1612",
    correct: tuple[str, ...] = (),
) -> Case:
    return Case(prompt=task, output=output, reference=reference, gold=gold, correct_outputs=correct)


def title_of(detector: Detector, case: Case) -> str | None:
    detection = detector.detect(case)
    return detection.title if detection else None


def quote_of(detector: Detector, case: Case) -> str | None:
    detection = detector.detect(case)
    return case.output[slice(*detection.spans[0])] if detection else None
