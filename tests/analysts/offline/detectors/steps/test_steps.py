"""The detectors that hold a working against right ones."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from error_map.analysts.offline.detector import Detector
from error_map.analysts.offline.detectors.answer import not_rounded, unit_factor
from error_map.analysts.offline.detectors.steps import (
    first_departure,
    last_step_missing,
    missing_step,
    needless_step,
    overran_result,
    step_skipped,
    term_left_out,
    unused_quantity,
    wrong_operation,
    wrong_quantity,
)
from tests.working_cases import REFERENCE, a_case, quote_of, title_of

ALL = [
    module.DETECTOR
    for module in (
        first_departure,
        last_step_missing,
        missing_step,
        needless_step,
        not_rounded,
        wrong_operation,
        wrong_quantity,
        step_skipped,
        term_left_out,
        unit_factor,
        unused_quantity,
        overran_result,
    )
]
RIGHT_ANSWERS = [
    REFERENCE,
    "14 * 25 = 350 seats, 350 - 36 = 314. 314 * 8 - 900 = 1612",
    "350 * 8 = 2800, 36 * 8 = 288, so 2800 - 288 - 900 = 1612",
    "The answer is 1612.",
    "1,612",
]


@pytest.mark.parametrize("output", RIGHT_ANSWERS)
@pytest.mark.parametrize("detector", ALL, ids=lambda detector: detector.name)
def test_right_answers_are_passed_over(detector: Detector, output: str) -> None:
    assert detector.detect(a_case(output)) is None


class TestWentOn:
    def test_a_step_from_the_right_result_is_quoted(self) -> None:
        case = a_case(f"{REFERENCE[:-10]} So 1612 / 2 = 806 each.")

        assert title_of(overran_result.DETECTOR, case) == "Continued past the right result"
        assert quote_of(overran_result.DETECTOR, case) == "1612 / 2 = 806"

    def test_the_right_number_met_by_chance_is_not_the_right_result(self) -> None:
        case = a_case("1600 + 12 = 1612. 1612 * 8 = 12896.")

        assert overran_result.DETECTOR.detect(case) is None

    def test_a_small_right_result_needs_the_right_step(self) -> None:
        reference = "40 / 8 = 5 and 5 + 3 = 8"
        task = "Forty figs are shared by as many children as it takes for five each."

        def after(output: str) -> str | None:
            case = a_case(output, task=task, reference=reference, gold="8")
            return quote_of(overran_result.DETECTOR, case)

        assert after("16 / 2 = 8. 8 * 40 = 320.") is None
        assert after("40 / 8 = 5. 5 + 3 = 8. 8 * 40 = 320.") == "8 * 40 = 320"

    def test_a_result_from_numbers_of_the_task_that_should_be_derived_is_chance(self) -> None:
        task = "She bakes 4 dozen rolls, eats 12, and gives away half a dozen thrice."
        reference = "48 - 12 = 36. 36 / 9 = 4. 4 * 12 = 48."

        def after(output: str) -> str | None:
            case = a_case(output, task=task, reference=reference, gold="48")
            return quote_of(overran_result.DETECTOR, case)

        assert after("4 * 12 = 48. 48 - 18 = 30.") is None
        assert after("36 / 9 = 4. 4 * 12 = 48. 48 - 18 = 30.") == "48 - 18 = 30"

    def test_a_result_in_another_unit_is_not_the_right_result(self) -> None:
        task = "A lap takes a while. How many minutes do 60 laps take?"

        def after(output: str) -> str | None:
            case = a_case(output, task=task, reference="57 + 38 = 95", gold="95")
            return quote_of(overran_result.DETECTOR, case)

        assert after("57 + 38 = 95 seconds. 95 * 60 = 5700.") is None
        assert after("57 + 38 = 95 minutes. 95 * 60 = 5700.") == "95 * 60 = 5700"


class TestLastStepMissing:
    def test_an_answer_one_operation_short_is_told_with_the_operation(self) -> None:
        case = a_case("14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2512. They have $2512.")
        detection = last_step_missing.DETECTOR.detect(case)

        assert detection is not None
        assert detection.summary == (
            "The working stops at 2,512; the reference continues with 2,512 - 900 = 1,612."
        )

    def test_a_working_that_departed_before_is_another_error(self) -> None:
        case = a_case("314 + 8 = 322. 2500 + 12 = 2512.")

        assert last_step_missing.DETECTOR.detect(case) is None

    def test_a_small_number_met_by_chance_is_no_step_short(self) -> None:
        reference = "20 - 12 = 8 and 8 * 2 = 16"
        case = a_case("4 * 2 = 8", reference=reference, gold="16")

        assert last_step_missing.DETECTOR.detect(case) is None

    def test_the_same_number_come_by_in_another_way_means_something_else(self) -> None:
        task = "Of 640 birds a quarter are owls, 80 of them and half of the rest young. And old?"
        reference = (
            "640 / 4 = 160. 640 - 160 = 480. 240 + 80 = 320. 640 - 320 = 320. 320 - 80 = 240."
        )
        case = a_case("640 / 2 = 320.", task=task, reference=reference, gold="280")

        assert last_step_missing.DETECTOR.detect(case) is None

    def test_a_number_that_is_come_by_once_more_is_the_same(self) -> None:
        output = "14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2512. 2512 - 0 = 2512."

        assert last_step_missing.DETECTOR.detect(a_case(output))

    def test_the_step_is_quoted_from_a_working_that_comes_by_the_number_alike(self) -> None:
        task = "Of 640 birds a quarter are owls, 80 of them and half of the rest young. And old?"
        reference = "240 + 80 = 320. 640 - 320 = 320. 560 - 320 = 240."
        another = "640 / 2 = 320. 320 - 80 = 240."
        case = a_case(
            "640 / 2 = 320.", task=task, reference=reference, gold="240", correct=(another,)
        )
        detection = last_step_missing.DETECTOR.detect(case)

        assert detection is not None
        assert "a right answer continues with 320 - 80 = 240" in detection.summary


class TestStepSkipped:
    def test_the_step_left_out_is_named(self) -> None:
        case = a_case("14 * 25 = 350. 350 * 8 = 2800. 2800 - 900 = 1900.")
        detection = step_skipped.DETECTOR.detect(case)

        assert detection is not None
        assert "first computes 350 - 36 = 314" in detection.summary
        assert quote_of(step_skipped.DETECTOR, case) == "350 * 8 = 2800"

    def test_the_same_number_in_another_role_is_no_skipped_step(self) -> None:
        case = a_case("8 / 350 = 0.023. 14 * 25 = 350.")

        assert step_skipped.DETECTOR.detect(case) is None

    def test_common_numbers_alone_prove_nothing(self) -> None:
        case = a_case("10 - 4 = 6", reference="4 * 10 = 40 and 40 - 4 = 36", gold="36")

        assert step_skipped.DETECTOR.detect(case) is None

    def test_a_step_that_nothing_comes_of_is_no_cause(self) -> None:
        skipping = "14 * 25 = 350. 350 * 8 = 2800."

        assert step_skipped.DETECTOR.detect(a_case(f"{skipping} 2800 - 900 = 1900."))
        assert step_skipped.DETECTOR.detect(a_case(f"{skipping} 900 - 36 = 864.")) is None

    def test_a_number_that_the_working_comes_by_in_another_way_is_another_one(self) -> None:
        task = "A pen of 40 by 15 yards, 12 high, has a gate of 50. What is to be painted?"
        reference = "2 * 40 * 12 = 960. 2 * 15 * 12 = 360. 960 + 360 = 1320. 1320 - 50 = 1270."
        case = a_case("40 * 24 = 960. 960 - 50 = 910.", task=task, reference=reference, gold="1270")

        assert step_skipped.DETECTOR.detect(case) is None

    def test_a_difference_that_is_due_is_told_by_what_it_takes_off(self) -> None:
        task = "A plank of 30 feet is sawn off at 18 feet, at $14 a foot and $5. What is the bill?"
        reference = "30 - 18 = 12. 12 * 14 = 168. 168 + 5 = 173."
        case = a_case("18 * 14 = 252. 252 + 5 = 257.", task=task, reference=reference, gold="173")

        assert quote_of(step_skipped.DETECTOR, case) == "18 * 14 = 252"

    def test_one_of_many_that_the_right_step_takes_off_is_not_worked_on_by_it(self) -> None:
        reference = "14 * 25 = 350. 350 - 36 - 25 = 289. 289 * 8 = 2312."
        case = a_case("14 * 25 = 350. 36 * 8 = 288.", reference=reference, gold="2312")

        assert step_skipped.DETECTOR.detect(case) is None


class TestNeedlessStep:
    def test_the_step_that_right_workings_do_without_is_quoted(self) -> None:
        case = a_case(
            "14 * 25 = 350. 350 - 36 = 314. 314 * 8 = 2512. 900 * 2 = 1800. 2512 - 1800 = 712."
        )

        assert title_of(needless_step.DETECTOR, case) == "Unnecessary extra step"
        assert quote_of(needless_step.DETECTOR, case) == "900 * 2 = 1800"

    def test_two_ways_to_the_same_result_have_no_needless_step(self) -> None:
        case = a_case("7 * 25 = 175. 175 * 2 = 350. 350 - 30 = 320.")

        assert needless_step.DETECTOR.detect(case) is None

    def test_a_wrong_number_that_is_added_was_wrong_before(self) -> None:
        task = "One eats 13 figs, the next 18 half as big, the last 44. How many are gone?"
        reference = "18 * 1 = 18. 44 + 18 + 13 = 75."
        case = a_case(
            "18 * 0.5 = 9. 13 + 9 = 22. 44 + 22 + 18 = 84.",
            task=task,
            reference=reference,
            gold="75",
        )

        assert needless_step.DETECTOR.detect(case) is None

    def test_a_needless_step_may_follow_another_from_the_task(self) -> None:
        task = "A tub takes 14 pails of 120 cups, 3 stay empty, and is filled 7 times. How much?"
        reference = "14 - 3 = 11. 11 * 120 = 1320. 1320 * 7 = 9240."
        output = "120 * 14 = 1680. 120 * 11 = 1320. 1680 - 1320 = 360. 360 * 7 = 2520."
        case = a_case(output, task=task, reference=reference, gold="9240")

        assert quote_of(needless_step.DETECTOR, case) == "1680 - 1320 = 360"


class TestOtherOperation:
    @pytest.mark.parametrize(
        ("step", "title"),
        [
            ("14 + 25 = 39", "Adds instead of multiplying"),
            ("14 * 25 = 350. 350 + 36 = 386", "Adds instead of subtracting"),
            ("14 * 25 = 350. 350 - 36 = 314. 314 / 8 = 39.25", "Divides instead of multiplying"),
            ("2512 - 900 = 1612. 900 - 2512 = -1612. 5 * 25 = 125", None),
        ],
    )
    def test_the_title_says_what_is_done_and_what_is_due(
        self, step: str, title: str | None
    ) -> None:
        assert title_of(wrong_operation.DETECTOR, a_case(f"{step}.")) == title

    def test_a_subtraction_turned_round_is_told(self) -> None:
        reference = "90 - 30 = 60 and 60 * 2 + 200 = 320"
        case = a_case("30 - 90 = -60. -60 * 2 + 200 = 80", reference=reference, gold="320")

        assert title_of(wrong_operation.DETECTOR, case) == "Subtracts the wrong way round"

    def test_an_operation_that_the_working_does_rightly_elsewhere_is_no_error(self) -> None:
        case = a_case("14 * 25 = 350. 14 + 25 = 39. 350 - 36 = 314. 314 + 39 = 353.")

        assert wrong_operation.DETECTOR.detect(case) is None

    def test_a_number_that_the_task_has_of_two_things_may_be_the_other_one(self) -> None:
        task = "A $12 bag yields 12 mugs. How many bags do 60 mugs take, with 9 bags to spare?"
        reference = "60 / 12 = 5. 5 + 9 = 14."
        case = a_case("60 * 12 = 720. 720 + 9 = 729.", task=task, reference=reference, gold="14")

        assert wrong_operation.DETECTOR.detect(case) is None


class TestTermLeftOut:
    REFERENCE = "15 + 22 + 31 = 68 and 68 * 3 = 204"

    def test_the_terms_that_a_sum_lacks_are_named(self) -> None:
        task = "Shelves hold 15, 22 and 31 books. What do 3 such sets hold?"
        case = a_case(
            "15 + 22 = 37. 37 * 3 = 111.", task=task, reference=self.REFERENCE, gold="204"
        )
        detection = term_left_out.DETECTOR.detect(case)

        assert detection is not None
        assert detection.title == "Term left out of a sum"
        assert "without 31" in detection.summary

    def test_a_sum_that_is_finished_in_a_later_step_lacks_nothing(self) -> None:
        task = "Shelves hold 15, 22 and 31 books. What do 3 such sets hold?"
        output = "15 + 22 = 37. 37 + 31 = 68. 68 + 3 = 71."
        case = a_case(output, task=task, reference=self.REFERENCE, gold="204")

        assert term_left_out.DETECTOR.detect(case) is None

    def test_a_common_factor_proves_nothing(self) -> None:
        reference = "28 * 3 / 4 = 21 and 21 - 8 = 13"
        case = a_case("28 / 4 = 7. 28 - 7 = 21. 28 - 8 = 20", reference=reference, gold="13")

        assert term_left_out.DETECTOR.detect(case) is None

    def test_a_sum_that_more_is_added_to_is_a_subtotal(self) -> None:
        task = "Shelves hold 15, 22 and 31 books. What do 3 such sets hold?"
        output = "15 + 22 = 37. 37 + 60 = 97."
        case = a_case(output, task=task, reference=self.REFERENCE, gold="204")

        assert term_left_out.DETECTOR.detect(case) is None

    def test_a_rest_that_more_is_taken_off_is_not_the_last_one(self) -> None:
        task = "Of 80 pens 15 are sold whole, and 26 half pens. How many are left?"
        reference = "26 / 2 = 13. 15 + 13 = 28. 80 - 28 = 52."
        output = "80 - 15 = 65. 26 / 2 = 13. 15 + 13 = 28. 65 - 28 = 37."
        case = a_case(output, task=task, reference=reference, gold="52")

        assert term_left_out.DETECTOR.detect(case) is None


class TestUnusedQuantity:
    def test_the_quantity_is_quoted_with_its_use_in_the_reference(self) -> None:
        case = a_case("14 * 25 = 350. 350 + 8 = 358. 358 + 900 = 1258.")
        detection = unused_quantity.DETECTOR.detect(case)

        assert detection is not None
        assert detection.title == "Quantity of the task not used"
        assert "\u201c36 seats" in detection.summary
        assert "the reference uses it in 350 - 36 = 314" in detection.summary

    def test_a_quantity_in_an_equation_that_cannot_be_read_is_used(self) -> None:
        output = (
            "14 * 25 = 350. So 350 seats - 36 seats/hall is 314. 314 + 8 = 322. 900 - 322 = 578."
        )

        assert unused_quantity.DETECTOR.detect(a_case(output)) is None

    def test_a_quantity_that_few_right_workings_use_may_be_left_out(self) -> None:
        others = ("14 * 25 = 350. 2512 - 900 = 1612.",) * 3
        case = a_case("14 * 25 = 350. 350 * 8 = 2800. 2800 - 900 = 1900.", correct=others)

        assert unused_quantity.DETECTOR.detect(case) is None

    def test_a_percentage_used_as_what_is_left_is_used(self) -> None:
        task = "A coat of $80 is sold with 20% off and $9 for the parcel. What is paid?"
        reference = "80 * 20 / 100 = 16. 80 - 16 = 64. 64 + 9 = 73."
        case = a_case("80 * 0.8 = 64. 64 - 9 = 55.", task=task, reference=reference, gold="73")

        assert unused_quantity.DETECTOR.detect(case) is None

    @pytest.mark.parametrize(
        "output",
        [
            "Half of 700 is 350. 350 / 14 = 25. 90 + 14 = 104. 104 - 25 = 79.",
            "The 700, halved, make 350. 350 / 14 = 25. 90 + 14 = 104. 104 - 25 = 79.",
        ],
    )
    def test_a_quantity_used_in_words_is_used(self, output: str) -> None:
        task = "She changes half of her purse, 700, into crowns at 14. With 90 more, how many?"
        working = "700 / 2 = 350. 350 / 14 = 25. 25 + 90 = 115."
        beside_reference = a_case(output, task=task, reference=working, gold="115")
        beside_answer = a_case(output, task=task, reference="115", gold="115", correct=(working,))

        assert unused_quantity.DETECTOR.detect(beside_reference) is None
        assert unused_quantity.DETECTOR.detect(beside_answer) is None

    def test_a_quantity_of_a_sentence_that_comes_to_a_new_number_is_used(self) -> None:
        sentence = "With the 36 seats that are blocked 320 are sold."
        case = a_case(f"14 * 25 = 350. {sentence} 350 + 8 = 358. 358 + 900 = 1258.")

        assert unused_quantity.DETECTOR.detect(case) is None

    def test_a_quantity_that_is_only_repeated_is_not_used(self) -> None:
        case = a_case("There are 36 seats blocked. 14 * 25 = 350. 350 + 8 = 358. 358 + 900 = 1258.")

        assert unused_quantity.DETECTOR.detect(case)


class TestUnitFactor:
    TASK = "A pump moves 45 litres a minute. How much in 3 hours with 2 pumps?"
    REFERENCE = "3 * 60 = 180. 180 * 45 = 8100. 8100 * 2 = 16200."

    def test_a_conversion_left_out_is_told(self) -> None:
        case = a_case(
            "3 * 45 = 135. 135 * 2 = 270.", task=self.TASK, reference=self.REFERENCE, gold="16200"
        )

        assert title_of(unit_factor.DETECTOR, case) == "Unit conversion missing"

    def test_a_conversion_too_many_is_told(self) -> None:
        case = a_case(
            "45 * 60 = 2700. 2700 * 6 = 16200.",
            task="A pump moves 45 litres a minute. How much in 6 minutes?",
            reference="45 * 6 = 270",
            gold="270",
        )

        assert title_of(unit_factor.DETECTOR, case) == "Unnecessary unit conversion"

    def test_the_ratio_alone_proves_nothing(self) -> None:
        case = a_case("180 * 45 = 8100. 60 * 2 = 120. 150 + 120 = 270.", gold="16200")

        assert unit_factor.DETECTOR.detect(case) is None

    def test_a_conversion_made_in_words_is_made(self) -> None:
        task = "A cask holds 9 kg of salt; 40 boxes of 150 grams are filled. How many grams remain?"
        reference = "9 * 1000 = 9000. 40 * 150 = 6000. 9000 - 6000 = 3000."
        output = "40 * 150 = 6000 grams, which is 6 kg. 9 - 6 = 3 kg."
        case = a_case(output, task=task, reference=reference, gold="3000")

        assert unit_factor.DETECTOR.detect(case) is None

    def test_a_number_that_the_working_came_to_is_no_conversion(self) -> None:
        case = a_case(
            "32 / 2 = 16 cups. 16 * 2 = 32.",
            task="Of 32 ounces of tea 30 are drunk. How much is left?",
            reference="32 - 30 = 2",
            gold="2",
        )

        assert unit_factor.DETECTOR.detect(case) is None


class TestNotRounded:
    REFERENCE = "54 / 8 = 6.75, so 7 packs are needed, and 7 is the answer"

    @pytest.mark.parametrize(
        ("output", "title"),
        [
            ("27 * 2 = 54. 54 / 8 = 6.75", "Result not rounded"),
            ("54 / 8 = 6.75, so it takes 6", "Rounded the wrong way"),
            ("54 / 9 = 6", None),
            ("54 / 4 = 13.5", None),
        ],
    )
    def test_the_value_before_rounding_is_told_from_other_numbers(
        self, output: str, title: str | None
    ) -> None:
        task = "27 children get 2 pens each; pens come in packs of 8. How many packs are needed?"
        case = a_case(output, task=task, reference=self.REFERENCE, gold="7")

        assert title_of(not_rounded.DETECTOR, case) == title


class TestPlaces:
    def test_the_first_missing_step_of_the_reference_is_named(self) -> None:
        detection = missing_step.DETECTOR.detect(a_case("14 * 25 = 350. 350 - 30 = 320."))

        assert detection is not None
        assert "computes 350 - 36 = 314" in detection.summary
        assert missing_step.DETECTOR.kind == "place"

    def test_steps_that_the_working_got_round_are_not_missing(self) -> None:
        case = a_case("350 * 8 = 2800. 36 * 8 = 288. 2800 - 288 = 2512. 2512 + 900 = 3412.")
        detection = missing_step.DETECTOR.detect(case)

        assert detection is not None
        assert "2,512 - 900 = 1,612" in detection.summary

    def test_a_step_that_another_right_answer_does_without_is_not_missing(self) -> None:
        output = "14 * 25 = 350. 350 - 30 = 320."
        another = "350 * 8 - 36 * 8 = 2512. 2512 - 900 = 1612"

        assert missing_step.DETECTOR.detect(a_case(output, correct=(another,))) is None
        assert missing_step.DETECTOR.detect(a_case(output, correct=(REFERENCE,)))

    def test_a_step_that_is_part_of_a_longer_one_is_not_missing(self) -> None:
        case = a_case("14 * 25 = 350. 350 - 36 - 8 = 306.")

        assert missing_step.DETECTOR.detect(case) is None

    def test_a_result_in_another_unit_is_not_missing(self) -> None:
        task = "A tour takes 2 hours and a break 15 minutes. How many minutes do 3 tours take?"
        reference = "2 * 60 = 120. 120 + 15 = 135. 135 * 3 = 405."
        output = "15 / 60 = 0.25. 2 + 0.25 = 2.25. 2.25 * 2 = 4.5."
        case = a_case(output, task=task, reference=reference, gold="405")

        assert missing_step.DETECTOR.detect(case) is None

    def test_a_quantity_exchanged_beside_a_right_result_is_a_place(self) -> None:
        case = a_case("14 * 25 = 350. 350 - 36 = 314. 314 * 36 = 11304.")

        assert title_of(wrong_quantity.DETECTOR, case) == "Wrong quantity used"
        assert wrong_quantity.DETECTOR.kind == "place"

    def test_a_quantity_exchanged_beside_a_number_of_the_task_says_nothing(self) -> None:
        assert wrong_quantity.DETECTOR.detect(a_case("25 * 9 = 225. 225 * 8 = 1800.")) is None


def numbers() -> st.SearchStrategy[str]:
    return st.text("0123456789=+-*/.,()%$ \nabQ:\x00", max_size=200)


@given(numbers(), numbers())
def test_any_texts_give_places_inside_the_output_or_nothing(output: str, reference: str) -> None:
    case = a_case(output, reference=reference, gold=None)
    for detector in ALL:
        detection = detector.detect(case)
        for start, end in detection.spans if detection else ():
            assert 0 <= start < end <= len(output)


UNITS = ("=", "(", "7", "1=1 ", "3 + 4 = 7 ", "\n", "5x", "5-", " ", "((1+2)=3 ", "$7 ")


@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_one_thing_costs_bounded_work(unit: str) -> None:
    much = unit * (1_000_000 // len(unit))
    case = a_case(f"14 * 25 = 350. 350 * 8 = 2800. {much}")

    began = process_time()
    for detector in ALL:
        detector.detect(case)

    assert process_time() - began < 1


def test_digits_in_the_name_of_a_variable_are_no_step() -> None:
    task = "He has $24. A 2 x 4 costs $4 and gives 200 sticks. How many sticks can he make?"
    reference = "24 / 4 = 6. 200 * 6 = 1200."
    output = "cost_2x4 = 4\nsticks_2x4 = 200\n24 / 4 = 6\n200 * 4 = 800"
    detection = first_departure.DETECTOR.detect(a_case(output, task=task, reference=reference))

    assert detection is None or "2x4" not in detection.summary


def test_more_than_one_missing_step_is_not_the_last_one() -> None:
    task = "He spent $43, used $4 and a coupon of twice that. What did he pay?"
    reference = "43 - 4 = 39. 4 * 2 = 8. 39 - 8 = 31."
    case = a_case("43 - 4 = 39.", task=task, reference=reference, gold="31")
    with_coupon = a_case("4 * 2 = 8. 43 - 4 = 39.", task=task, reference=reference, gold="31")

    assert last_step_missing.DETECTOR.detect(case) is None
    assert last_step_missing.DETECTOR.detect(with_coupon) is not None


def test_a_quantity_that_is_counted_in_parts_is_used() -> None:
    task = "It is 49 degrees. He opens a window for 30 minutes, which cools it 2 degrees for every"
    task += " 10 minutes. How warm is it?"
    reference = "30 / 10 = 3. 3 * 2 = 6. 49 - 6 = 43."
    counted = "It cools down in three intervals of 10 minutes, by 2 each. 49 - 5 = 44."
    left_out = "It cools down by 2. 49 - 2 = 47."

    def found(output: str) -> bool:
        case = a_case(output, task=task, reference=reference, gold="43")
        return unused_quantity.DETECTOR.detect(case) is not None

    assert (found(counted), found(left_out)) == (False, True)
