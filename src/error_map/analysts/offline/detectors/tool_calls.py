"""Detectors of tool calls that differ from the calls a task expects, one per kind of fault."""

from collections.abc import Callable
from functools import partial
from typing import Final

from ..detector import Case, Detector, Measured, Sign
from ..tool_calls.differences import FaultKind
from ..tool_calls.reporting import detect_fault


def _detect(fault: FaultKind, confidence: float) -> Callable[[Case], Sign | None]:
    return partial(detect_fault, kind=fault, confidence=confidence)


DETECTORS: Final = (
    Detector(
        name="tool_call_broken",
        finding="Tool call does not parse",
        description="A call is begun that is not well formed.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("broken", 0.8),
    ),
    Detector(
        name="tool_call_none",
        finding="No tool call made",
        description="A call is wanted, and the output makes none.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("none", 0.8),
    ),
    Detector(
        name="tool_call_needless",
        finding="Tool called where none fits",
        description="No call is wanted, and the output makes one.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("needless", 0.9),
        measured=Measured(right=3, read=3),
    ),
    Detector(
        name="tool_call_name",
        finding="Wrong function called",
        description="Another function is called than the one wanted, or one that is not offered.",
        category="tool_api_usage_error",
        kind="cause",
        rank=26,
        detect=_detect("name", 0.8),
    ),
    Detector(
        name="tool_call_count",
        finding="Wrong number of tool calls",
        description="More or fewer calls are made than the task wants.",
        category="tool_api_usage_error",
        kind="cause",
        rank=26,
        detect=_detect("count", 0.7),
        measured=Measured(right=3, read=5),
    ),
    Detector(
        name="tool_call_missing_argument",
        finding="Tool argument missing",
        description="An argument that is required, or expected, is not given.",
        category="tool_api_usage_error",
        kind="cause",
        rank=27,
        detect=_detect("missing", 0.8),
    ),
    Detector(
        name="tool_call_extra_argument",
        finding="Tool argument too many",
        description="An argument is given that the function lacks, or that nothing asks for.",
        category="tool_api_usage_error",
        kind="cause",
        rank=27,
        detect=_detect("extra", 0.8),
    ),
    Detector(
        name="tool_call_argument_type",
        finding="Tool argument of wrong type",
        description="An argument is of another type than its schema says, or the reference has.",
        category="tool_api_usage_error",
        kind="cause",
        rank=28,
        detect=_detect("type", 0.8),
    ),
    Detector(
        name="tool_call_argument_value",
        finding="Tool argument with wrong value",
        description="An argument has none of the values that count as right.",
        category="tool_api_usage_error",
        kind="cause",
        rank=28,
        detect=_detect("value", 0.9),
        measured=Measured(right=3, read=3),
    ),
    Detector(
        name="tool_call_order",
        finding="Tool calls in wrong order",
        description="The calls are right, and made in another order than the task's.",
        category="tool_api_usage_error",
        kind="cause",
        rank=29,
        detect=_detect("order", 0.6),
    ),
    Detector(
        name="tool_call_spelling",
        finding="Tool argument spelled otherwise",
        description="An argument differs in nothing but case, spaces or punctuation.",
        category="tool_api_usage_error",
        kind="cause",
        rank=29,
        detect=_detect("spelling", 0.6),
    ),
    Detector(
        name="tool_call_wrapped",
        finding="Tool call among other text",
        description="The calls are right, and stand unmarked among other text.",
        category="output_format_error",
        kind="cause",
        rank=29,
        detect=_detect("wrapped", 0.6),
    ),
)
