"""The permanent ids of the categories that detectors fill."""

from error_map.analysts.offline.registry import own_detectors, split_detectors
from tests.support import ROOT

IDS = ROOT / "tests" / "analysts" / "offline" / "category_ids.txt"


def test_every_id_of_a_detectors_category_is_on_the_list() -> None:
    """A changed id would orphan labels, edits and comparisons of earlier runs: see decision 9."""
    listed = IDS.read_text(encoding="utf-8").split()

    detectors = (*split_detectors(), *own_detectors())
    assert sorted(detector.finding_id for detector in detectors) == listed


def test_a_category_keeps_its_id_when_its_detector_is_renamed() -> None:
    detector = own_detectors()[0]

    assert detector.finding_id == f"{detector.category}.{detector.name}"
    renamed = type(detector)(
        name="another_name",
        finding=detector.finding,
        description=detector.description,
        category=detector.category,
        kind=detector.kind,
        rank=detector.rank,
        detect=detector.detect,
        category_id=detector.finding_id,
    )
    assert renamed.finding_id == detector.finding_id
