"""False steps of algebra, and steps that are tried, rounded or shared."""

import pytest

from error_map.analysts.offline.answers.extractors.routes import Answer
from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.algebra.false_algebra import DETECTOR


def a_case(
    output: str,
    *,
    prompt: str = "What is $x$?",
    correct: str = "",
    answer: str | None = None,
    gold: str | None = None,
) -> Case:
    place = output.rfind(answer) if answer else 0
    return Case(
        prompt=prompt,
        output=output,
        correct_outputs=(correct,) if correct else (),
        answer=Answer(answer, place, place + len(answer)) if answer else None,
        gold=gold,
    )


def title(output: str, correct: str, prompt: str = "What is $x$?") -> str | None:
    detection = DETECTOR.detect(a_case(output, prompt=prompt, correct=correct))
    return detection.title if detection else None


@pytest.mark.parametrize(
    ("output", "correct", "expected"),
    [
        (r"So \(4 \sqrt[4]{256} = 8\).", r"It is \(4 \cdot 4 = 4\sqrt[4]{256}\).", "roots"),
        (r"There are $\binom{9}{3} = 504$ of them.", r"$\binom{9}{3} = 84$", "factorial"),
        (r"Then \[\cos 60^\circ = \frac{\sqrt{3}}{2}.\]", r"$\cos 60^\circ = 0.5$", "function"),
        ("The factors are $26244 = 2^2 * 3^4 * 7^2$.", "$26244 = 2^2 * 3^8$", "powers"),
        (r"It is $\frac{91}{3} - \pi = 30 + \pi$.", r"$\frac{91}{3} - \pi = 27.19$", "fractions"),
        ("We get (x + 3)(x + 2) = x^2 + 5x + 5.", "(x + 3)(x + 2) = x^2 + 5x + 6", "expansion"),
        ("Then 2x - 23 = -67, which gives x = -20.", "2x - 23 = -67, so x = -22.", "solution"),
        ("So $x^2 - 5x = 14$, thus $x = 5$.", "$x^2 = 5x + 14$, so $x = 7$.", "solution"),
    ],
)
def test_a_false_step_from_what_a_right_working_has_too_is_told(
    output: str, correct: str, expected: str
) -> None:
    assert expected in (title(output, correct) or "")


def test_a_formula_of_the_task_counts_as_what_right_workings_have() -> None:
    prompt = r"Rationalize $\frac{2}{\sqrt[3]{4} + \sqrt[3]{32}}$."
    output = r"It is $\frac{2}{\sqrt[3]{4} + \sqrt[3]{32}} = \frac{2}{6}$."

    assert title(output, "", prompt) == "False step with roots"


def test_the_summary_gives_the_value_and_the_quotation_the_step() -> None:
    output = r"The volume is $\frac{4}{3}\pi \cdot 2^3 = 8\pi$."
    detection = DETECTOR.detect(
        a_case(output, correct=r"$\frac{4}{3}\pi \cdot 8 = \frac{32}{3}\pi$")
    )

    assert detection is not None
    ((start, end),) = detection.spans
    assert output[start:end] == r"\frac{4}{3}\pi \cdot 2^3 = 8\pi"
    assert "is about 33.51" in detection.summary


@pytest.mark.parametrize(
    ("output", "correct"),
    [
        (r"So \(4 \sqrt[4]{256} = 16\).", r"\(4 \sqrt[4]{256} = 16\)"),
        (r"$\cos 27^\circ \approx 0.89$", r"$\cos 27^\circ = 0.891$"),
        ("log(100) = 2 and ln(100) = 4.605", "log(100) = 2, ln(100) = 4.605"),
        (r"$\sin(30) = 0.5$", r"$\sin(30) = 0.5$"),
        (r"$8 \frac{1}{2} \cdot 20 = \frac{17}{2} \cdot 20$", r"$\frac{17}{2} \cdot 20 = 170$"),
        ("(x + 3)(x + 2) = x^2 + 5x + 6", "(x + 3)(x + 2) = x^2 + 5x + 6"),
        ("(a + bi)(c + di) = ac - bd + (ad + bc)i", "(a + bi)(c + di) = ac + adi + bci - bd"),
        ("2x - 23 = -67, which gives x = -22.", "2x - 23 = -67, so x = -22."),
        ("6n = 74, so n = 12.", "6n = 74, so n = 12."),
        (r"$x - 2 = 3$ or $x - 2 = -3$, so $x = 5$.", "x - 2 = -3, so x = -1."),
        (r"$(x - 2)^2 = 9$, so $x = 2 \pm 3$.", "$(x - 2)^2 = 9$"),
        (r"$8 \cdot 13 = 104 - 4 = 100$", r"$8 \cdot 13 = 104$"),
        (r"$30^2 = 1 \pmod{31}$", "$30^2 = 900$"),
        (r"If $30^2 = 800$, then we are done.", "$30^2 = 900$"),
        (r"$30^2 = 800$, which is false.", "$30^2 = 900$"),
        (r"$3 + 5 \choose 2 = 10$", r"$\binom{5}{2} = 10$"),
    ],
)
def test_true_steps_and_what_is_not_meant_as_a_step_are_passed_over(
    output: str, correct: str
) -> None:
    assert title(output, correct) is None


def test_a_false_step_off_the_right_way_is_passed_over() -> None:
    output = r"So \(4 \sqrt[4]{256} = 8\)."

    assert title(output, r"By symmetry \(a + b = 100\).") is None


def test_a_claim_that_a_right_answer_shares_is_passed_over() -> None:
    assert title(r"$\binom{9}{3} = 504$", r"$\binom{9}{3} = 504$, so it is 504.") is None


def test_nothing_is_said_of_what_stands_behind_the_answer() -> None:
    output = "The answer is 5. Note that $30^2 = 800$."
    case = a_case(output, correct="$30^2 = 900$", answer="5", gold="6")

    assert DETECTOR.detect(case) is None


def test_a_slip_that_gives_the_answer_but_is_not_all_that_is_wrong_is_passed_over() -> None:
    output = r"So it is $\binom{9}{3} = 504$. The answer is 504."
    case = a_case(output, correct=r"$\binom{9}{3} = 84$, halved", answer="504", gold="42")

    assert DETECTOR.detect(case) is None


def test_the_right_option_may_be_chosen_in_spite_of_the_working() -> None:
    prompt = "What is it?\nA. 900\nB. 800\nC. 700"
    output = "$30^2 = 800$. The answer is (A)."
    case = a_case(output, prompt=prompt, correct="$30^2 = 900$", answer="A", gold="A")

    assert DETECTOR.detect(case) is None
