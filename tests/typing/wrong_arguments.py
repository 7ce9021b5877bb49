"""Type-checked, never run: mypy refuses wrong arguments of the public interface.

`strict` has mypy complain about an ignore that is not needed, which is one whose line it accepts.
"""

from error_map import ErrorMap, run, run_sync


async def callers() -> None:
    """Calls that each have one wrong argument."""
    ErrorMap(ratio="all")  # type: ignore[arg-type]  # a share is a number
    ErrorMap(max_cots=2.5)  # type: ignore[call-arg]  # a misspelt option
    ErrorMap(score_direction="up")  # type: ignore[arg-type]  # "high" or "low"
    rule = {"d": {"threshold": 0.5}}
    await run(dataset_params=rule)  # type: ignore[arg-type]  # there is no such rule
    run_sync(max_calls="many")  # type: ignore[arg-type]  # a count is a number
    run_sync(judges=["m"])  # type: ignore[call-arg]  # the option is `judge`
