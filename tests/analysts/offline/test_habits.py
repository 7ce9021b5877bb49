"""Ways of answering: causes where wrong answers have them more often, facts elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from error_map.analysts.offline.detector import Case, Detection, Detector, Habit, title_of
from error_map.analysts.offline.habits import Group, Habits
from error_map.analysts.offline.lift import Rates
from error_map.records import Diagnosis, Finding, Kind

GROUP = Group("d", "m")
FORM = ("curt", "Curt answer")


def never(case: Case) -> Detection | None:
    del case
    return None


def detector(*, presumed: bool = True) -> Detector:
    return Detector(
        name="curt",
        finding="Curt answer",
        description="",
        category="incomplete_reasoning",
        kind="cause",
        rank=1,
        detect=never,
        habit=Habit(form=title_of(never), presumed=presumed),
    )


OTHER = replace(detector(), name="sum", finding="Wrong sum", habit=None, rank=2)
PLACE = replace(OTHER, name="spot", finding="Spot", kind="place", category="hard_to_analyze")


def finding(name: str = "curt", kind: Kind = "cause", title: str = "Curt answer") -> Finding:
    return Finding(detector=name, kind=kind, title=title, summary="It is curt.", confidence=0.8)


def diagnosed(*findings: Finding) -> Diagnosis:
    lead = findings[0]
    return Diagnosis(
        verdict="error", title=lead.title, summary=lead.summary, findings=findings, answer="7"
    )


def habits(rates: Rates, *, presumed: bool = True, others: Sequence[Rates] = ()) -> Habits:
    known = Habits([detector(presumed=presumed), OTHER, PLACE])
    for number, one in enumerate([rates, *others]):
        group = GROUP if not number else Group("d", f"other{number}")
        for passed, hits, answers in (
            (False, one.wrong_hits, one.wrong),
            (True, one.right_hits, one.right),
        ):
            for place in range(answers):
                known.add(group, [FORM] if place < hits else [], passed=passed)
    return known


@pytest.mark.parametrize(
    ("rates", "kind"),
    [
        (Rates(40, 100, 10, 100), "cause"),
        (Rates(36, 100, 32, 100), "fact"),
        (Rates(10, 100, 40, 100), "fact"),
        (Rates(20, 100, 0, 100), "cause"),
        (Rates(1, 100, 0, 100), "fact"),
        (Rates(5, 5, 0, 0), "fact"),
    ],
)
def test_a_way_of_answering_is_a_cause_only_if_wrong_answers_have_it_more_often(
    rates: Rates, kind: str
) -> None:
    settled = habits(rates).settled(diagnosed(finding()), GROUP)

    assert settled.findings[0].kind == kind
    assert settled.verdict == ("error" if kind == "cause" else "unexplained")


@pytest.mark.parametrize(
    ("rates", "kind"),
    [(Rates(1, 5, 0, 15), "cause"), (Rates(5, 5, 0, 0), "cause"), (Rates(5, 9, 5, 9), "fact")],
)
def test_an_answer_that_can_hardly_be_right_is_a_habit_only_if_right_answers_have_it(
    rates: Rates, kind: str
) -> None:
    settled = habits(rates, presumed=False).settled(diagnosed(finding()), GROUP)

    assert settled.findings[0].kind == kind


def test_a_model_with_too_few_findings_is_judged_by_all_models_each_compared_with_itself() -> None:
    few, clear, habit = Rates(3, 100, 1, 100), Rates(30, 100, 5, 100), Rates(50, 100, 50, 100)

    assert habits(few).settled(diagnosed(finding()), GROUP).verdict == "unexplained"
    assert habits(few, others=[clear]).settled(diagnosed(finding()), GROUP).verdict == "error"
    assert habits(few, others=[habit]).settled(diagnosed(finding()), GROUP).verdict == "unexplained"
    assert habits(habit, others=[clear] * 9).settled(diagnosed(finding()), GROUP).verdict == (
        "unexplained"
    )


def test_the_rates_are_told_with_their_counts() -> None:
    settled = habits(Rates(36, 100, 32, 100)).settled(diagnosed(finding()), GROUP)

    assert settled.findings[0].summary == (
        "It is curt. Of this model's compared answers, 36 % of the wrong ones (36 of 100) and 32 %"
        " of the right ones (32 of 100) are like this, so it is not counted as the cause."
    )
    settled = habits(Rates(1, 100, 1, 400)).settled(diagnosed(finding()), GROUP)
    assert "0.2 % of the right ones (1 of 400) are like this" in settled.findings[0].summary
    settled = habits(Rates(399, 400, 400, 400)).settled(diagnosed(finding()), GROUP)
    assert ">99 % of the wrong ones (399 of 400) and 100 % of the right" in (
        settled.findings[0].summary
    )
    settled = habits(Rates(1, 3_000, 1, 3_000)).settled(diagnosed(finding()), GROUP)
    assert "<0.1 % of the wrong ones (1 of 3,000) and <0.1 %" in settled.findings[0].summary
    cause = diagnosed(finding())
    assert habits(Rates(40, 100, 1, 400)).settled(cause, GROUP) is cause
    settled = habits(Rates(4, 5, 0, 0)).settled(diagnosed(finding()), GROUP)
    assert "none is right" in settled.findings[0].summary


def test_the_next_cause_or_place_decides_instead() -> None:
    known = habits(Rates(36, 100, 32, 100))
    both = diagnosed(finding(), finding("sum", title="Wrong sum"))
    assert known.settled(both, GROUP).title == "Wrong sum"

    located = known.settled(diagnosed(finding(), finding("spot", "place", "Spot")), GROUP)

    assert (located.verdict, located.title) == ("located", "Spot")
    assert [one.criterion for one in located.criteria] == ["free of: spot", "free of: curt answer"]
    assert located.answer == "7"


def test_other_findings_and_groups_without_compared_answers_stay_as_they_are() -> None:
    known = habits(Rates(36, 100, 32, 100))
    other, own = diagnosed(finding("sum", title="Wrong sum")), diagnosed(finding())

    assert known.settled(other, GROUP) is other
    assert known.settled(own, Group("d", "unknown")) is own
    assert known.settled(own, Group("e", "m")) is own


def test_totals_add_the_titles_of_a_detector_and_all_models() -> None:
    known = habits(Rates(3, 10, 1, 20), others=[Rates(2, 5, 0, 5)])
    known.add(GROUP, [("curt", "Curt value")], passed=False)

    assert known.totals() == {"curt": Rates(6, 16, 1, 25)}
