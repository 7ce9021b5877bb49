from fractions import Fraction

import pytest

from error_map.analysts.offline.arithmetic.sentences import concluded, near, sentences
from error_map.analysts.offline.text.word_overlap import coverage, denies, spaced_words


def test_sentences_keep_their_places() -> None:
    text = "Rolls cost 2.50 each. We buy 4:\nso we pay 10."

    found = sentences(text)

    assert [each.text for each in found] == ["Rolls cost 2.50 each.", "We buy 4:", "so we pay 10."]
    assert all(text[each.start :].startswith(each.text) for each in found)


@pytest.mark.parametrize(
    ("working", "value"),
    [
        ("Four rolls. So we pay 4 * 2.50 = $10.", 10),
        ("Therefore the share is approximately 27.4%, which is closest to 30%.", Fraction(274, 10)),
        ("We get x = 7. The closest option is 8.", 7),
    ],
)
def test_the_last_step_comes_to_a_value(working: str, value: Fraction | int) -> None:
    found = concluded(working)

    assert found is not None
    assert found[1].value == value


@pytest.mark.parametrize(
    "working",
    [
        "",
        "The mass of a roll is 60 g.",
        "So the reactance is 2 \\pi f L.",
        "So the cost is 5 rolls times 3 days.",
        "Therefore the sum is x = 1 = \\frac{2}{9}.",
        "So there are several of them.",
    ],
)
def test_a_step_that_states_or_goes_on_comes_to_none(working: str) -> None:
    assert concluded(working) is None


def test_rounding_and_powers_of_ten_are_near() -> None:
    assert near(Fraction(2127, 100), [22, 40])
    assert near(Fraction(384, 100), [384_000])
    assert near(Fraction(142, 100), [42])
    assert not near(27, [25, 30])
    assert not near(0, [1])


def test_the_words_of_an_option_are_found_in_a_sentence() -> None:
    said = frozenset({"grebe", "dives", "fish"})

    assert coverage("The grebe dives", said) == 1
    assert coverage("The lark dives", said) == pytest.approx(0.5)
    assert coverage("", said) == 0
    assert spaced_words("A  well-known, bird.") == " a well-known bird "
    assert denies("It is not a lark")
    assert not denies("It is a lark")
