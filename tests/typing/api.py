"""Type-checked, never run: the public interface as callers write it."""

from typing import assert_type

from error_map import Category, ErrorMap, RunConfig, RunResult, run, run_config, run_sync


async def callers() -> None:
    """The README's calls."""
    one = ErrorMap(
        inference_type="offline",
        exp_id="my_experiment",
        data_path="results",
        datasets=["dataset1"],
        dataset_params={"dataset1": {"success_threshold": 0.8}},
        max_workers=200,
        models=["gpt-4"],
        ratio=0.05,
        use_correct_predictions=False,
    )
    assert_type(await one.run(), RunResult)
    assert_type(await run(data=[{"example_id": 1}], ratio=1.0), RunResult)
    assert_type(run_sync(data_path="results", max_cost=2.5, columns={"score": "acc"}), RunResult)
    result = await run_config(RunConfig(exp_id="e"))
    assert_type(result.total_records, int)
    assert_type(result["total_records"], object)
    for rate in result.summary.overall.categories if result.summary.overall else ():
        assert_type(rate.category, Category)
