"""Method and limits of a report: each line depends on the run that it is about."""

from error_map._version import __version__
from error_map.outputs.report.method import facts, limits, warnings
from error_map.store import BaseRateEntry, Manifest
from tests.pictured import a_manifest

A_MANIFEST = a_manifest(("a", "b"), 10)


def changed(**values: object) -> Manifest:
    return A_MANIFEST.model_copy(update=values)


def test_limits_depend_on_the_run() -> None:
    known, unknown = changed(), changed(attempts_known=False)

    assert "Models are compared by their failures per 100 answers." in limits(known, sampled=False)
    assert not any("per 100 answers" in one for one in limits(unknown, sampled=False))
    assert any("Failures were sampled" in one for one in limits(known, sampled=True))
    assert not any("Failures were sampled" in one for one in limits(known, sampled=False))


def test_the_limits_are_those_of_the_analyst() -> None:
    offline, judged = " ".join(limits(changed(), sampled=False)), changed(analyst="judge")

    assert "finds only what its detectors look for" in offline
    assert "judgement of a model" not in offline
    assert "judgement of a model" in " ".join(limits(judged, sampled=False))


def test_another_version_than_the_one_that_measured_is_named() -> None:
    older, same = (changed(versions={"error-map": v}) for v in ("0.0.1", __version__))

    assert any("version 0.0.1 made the run" in one for one in limits(older, sampled=False))
    assert not any("made the run" in one for one in limits(same, sampled=False))


def test_warnings_are_silent_about_a_whole_run() -> None:
    assert list(warnings(changed())) == []
    assert len(list(warnings(changed(mock=True, whole=False, attempts_known=False)))) == 3


def test_models_that_were_left_out_are_counted() -> None:
    asked = {fact.name: fact.value for fact in facts(changed(asked=("a",)), redact=False)}

    assert asked["Requested models"] == "1 of 2"
    assert "Requested models" not in {fact.name for fact in facts(changed(), redact=False)}
    assert asked["Cost"] == "none: no model was called and nothing was sent"


def test_there_is_no_share_of_no_answers() -> None:
    rates = BaseRateEntry(wrong_hits=3, wrong=40, right_hits=0, right=0)
    manifest = changed(base_rates={"bare_letter": rates})

    told = {fact.name: fact.value for fact in facts(manifest, redact=False)}

    assert told["Way of answering"] == (
        "bare_letter: in 3 of 40 wrong answers compared (7.5 %) and 0 of 0 right ones"
    )
