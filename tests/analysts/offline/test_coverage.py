"""Which detectors run on which kinds of task, and what a dataset's coverage says."""

import pytest

from error_map.analysts.offline.analyst import OfflineAnalyst
from error_map.analysts.offline.answers.profiles import Profile, TaskKind
from error_map.analysts.offline.coverage import FAMILIES, applies, coverage_of
from error_map.analysts.offline.detector import Case, Detection, Detector
from error_map.analysts.offline.examine import examine
from error_map.analysts.offline.registry import families, own_detector, own_detectors
from error_map.analysts.offline.workers.pool import Pool
from error_map.analysts.studied_row import StudiedRow

from ...support import a_failure

FALSE = "We add them: 12 + 12 = 14. There are 14 eggs."


def a_detector(tasks: frozenset[TaskKind] | None = None) -> Detector:
    """A detector of another distribution."""

    def detect(case: Case) -> Detection | None:
        return Detection(title="Long", summary=f"{len(case.output)} characters.", confidence=0.5)

    return Detector(
        name="acme_long",
        finding="Long output",
        description="The output is long.",
        category="degenerate_output",
        kind="cause",
        rank=5,
        detect=detect,
        tasks=tasks,
    )


def test_every_folder_of_detectors_is_a_family() -> None:
    assert set(families().values()) == set(FAMILIES)
    assert set(families()) == {detector.name for detector in own_detectors()}


@pytest.mark.parametrize("task", ["free text", "code", "agent traces"])
def test_on_uncovered_tasks_only_the_form_of_the_output_is_checked(task: TaskKind) -> None:
    running = [one.name for one in own_detectors() if applies(one, task)]

    assert {families()[name] for name in running} == {"form"}
    assert {"empty_output", "refusal", "truncated", "repetition_loop"} <= set(running)


def test_on_an_unknown_kind_of_task_all_detectors_run() -> None:
    assert all(applies(one, "") for one in own_detectors())


def test_a_detector_that_does_not_apply_finds_nothing() -> None:
    failure = a_failure(FALSE, prompt="How many eggs?", reference="24")

    numbers = examine(failure, Profile(task="numbers")).findings

    assert "false_equation" in {one.detector for one in numbers}
    assert examine(failure, Profile(task="free text")).findings == ()


def test_a_detector_of_another_package_runs_on_all_tasks_or_on_those_it_declares() -> None:
    numbers = frozenset[TaskKind]({"numbers"})
    failure = a_failure("Some words about rain.")

    text, sums, unknown = Profile(task="free text"), Profile(task="numbers"), Profile()
    for profile, declared, hits in [
        (text, None, 1),
        (text, numbers, 0),
        (sums, numbers, 1),
        (unknown, numbers, 1),
    ]:
        assert len(examine(failure, profile, [a_detector(declared)]).findings) == hits


def test_coverage_names_what_the_detectors_look_at() -> None:
    covered = coverage_of(Profile(task="literals"), [], own_detectors())

    assert covered.task == "literals"
    assert covered.families == ("form of the output", "final answer", "arithmetic")
    assert covered.is_covered


@pytest.mark.parametrize(
    ("task", "is_covered"),
    [("numbers", True), ("instructions", True), ("", True), ("code", False), ("free text", False)],
)
def test_a_task_is_covered_if_its_content_or_its_rules_are_checked(
    task: TaskKind,
    is_covered: bool,  # noqa: FBT001 - a parameter of the cases
) -> None:
    assert coverage_of(Profile(task=task), [], own_detectors()).is_covered == is_covered


def test_a_detector_of_another_package_covers_what_it_runs_on() -> None:
    covered = coverage_of(Profile(task="code"), [], [*own_detectors(), a_detector()])

    assert covered.is_covered
    assert covered.families == ("form of the output", "acme_long")


def test_facts_cover_nothing() -> None:
    fact = own_detector("other_answer")
    assert fact is not None

    assert coverage_of(Profile(task="numbers"), [], [fact]).families == ()


def test_the_share_with_right_answers_of_others_counts_studied_failures() -> None:
    rows = [
        StudiedRow("p", "o", "r", passed=False, has_peers=has_peers)
        for has_peers in (True, False, False, False)
    ]
    passed = [StudiedRow("p", "o", "r", passed=True)] * 9

    assert coverage_of(Profile(), [*rows, *passed], own_detectors()).peers == 0.25
    assert coverage_of(Profile(), passed, own_detectors()).peers is None


def test_the_analyst_describes_the_coverage_of_each_dataset_after_it_has_prepared() -> None:
    analyst = OfflineAnalyst(Pool(1, {}))
    assert dict(analyst.describe().coverage) == {}

    sums = [StudiedRow("How many?", f"There are {n}.", str(n), n % 2 == 0) for n in range(40)]
    talks = [StudiedRow("How do I rest?", "Sleep, and then walk.", None, n == 1) for n in range(9)]
    analyst.prepare({"sums": sums, "talks": talks, "empty": []})

    found = analyst.describe().coverage
    assert {name: one.task for name, one in found.items()} == {
        "sums": "numbers",
        "talks": "free text",
        "empty": "",
    }
    assert not found["talks"].is_covered


def test_a_fact_is_the_summary_of_a_failure_that_nothing_explains() -> None:
    profile = Profile(
        route="answer line", agreement=1.0, recall=1.0, found=1.0, rows=100, task="numbers"
    )
    diagnosis = examine(a_failure("So.\nAnswer: 42", reference="48"), profile)

    assert (diagnosis.verdict, diagnosis.title) == ("unexplained", "Unexplained failure")
    assert diagnosis.summary == "The answer is 42, smaller than the reference, 48."
    assert diagnosis.rests_on == ""


def test_instructions_are_covered_if_some_of_their_rules_are_read() -> None:
    english = StudiedRow("Describe rain. Do not use any commas.", "Rain, rain.", None, passed=False)
    spanish = StudiedRow("Describe la lluvia en tres frases.", "Si, llueve.", None, passed=False)
    profile = Profile(task="instructions")

    assert coverage_of(profile, [english] * 3, own_detectors()).is_covered
    assert not coverage_of(profile, [spanish] * 3, own_detectors()).is_covered
