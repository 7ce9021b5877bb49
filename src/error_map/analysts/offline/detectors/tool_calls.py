"""Detectors for tool calls that differ from the calls a task expects, one per kind of error."""

from collections.abc import Callable
from functools import partial
from typing import Final

from ..detector import Case, Detection, Detector, Measured
from ..tool_calls.differences import FaultKind
from ..tool_calls.reporting import detect_fault


def _detect(fault: FaultKind, confidence: float) -> Callable[[Case], Detection | None]:
    return partial(detect_fault, kind=fault, confidence=confidence)


# Confidences: 0.8, about the mean of all detectors, where no findings were read; 0.6 for
# differences that many scorers accept (order, spelling, text around the call). The others follow
# from the findings that were read, see `Measured`.
DETECTORS: Final = (
    Detector(
        name="tool_call_broken",
        finding="Tool call does not parse",
        description="The output begins a call that is not well-formed.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("broken", 0.8),
    ),
    Detector(
        name="tool_call_none",
        finding="No tool call made",
        description="The task expects a call, and the output makes none.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("none", 0.8),
    ),
    Detector(
        name="tool_call_needless",
        finding="Unexpected tool call",
        description="The task expects no call, and the output makes one.",
        category="tool_api_usage_error",
        kind="cause",
        rank=25,
        detect=_detect("needless", 0.9),
        measured=Measured(right=3, read=3),
    ),
    Detector(
        name="tool_call_name",
        finding="Wrong function called",
        description="The output calls another function than expected, or one that does not exist.",
        category="tool_api_usage_error",
        kind="cause",
        rank=26,
        detect=_detect("name", 0.8),
    ),
    Detector(
        name="tool_call_count",
        finding="Wrong number of tool calls",
        description="The output makes more or fewer calls than the task expects.",
        category="tool_api_usage_error",
        kind="cause",
        rank=26,
        detect=_detect("count", 0.7),
        measured=Measured(right=3, read=5),
    ),
    Detector(
        name="tool_call_missing_argument",
        finding="Tool argument missing",
        description="A required or expected argument is missing.",
        category="tool_api_usage_error",
        kind="cause",
        rank=27,
        detect=_detect("missing", 0.8),
    ),
    Detector(
        name="tool_call_extra_argument",
        finding="Unexpected tool argument",
        description="An argument that the function lacks, or that the task does not ask for.",
        category="tool_api_usage_error",
        kind="cause",
        rank=27,
        detect=_detect("extra", 0.8),
    ),
    Detector(
        name="tool_call_argument_type",
        finding="Tool argument of wrong type",
        description="The type of an argument differs from its schema or from the reference.",
        category="tool_api_usage_error",
        kind="cause",
        rank=28,
        detect=_detect("type", 0.8),
    ),
    Detector(
        name="tool_call_argument_value",
        finding="Tool argument with wrong value",
        description="An argument has none of the accepted values.",
        category="tool_api_usage_error",
        kind="cause",
        rank=28,
        detect=_detect("value", 0.9),
        measured=Measured(right=3, read=3),
    ),
    Detector(
        name="tool_call_order",
        finding="Tool calls in wrong order",
        description="The calls are right, but in another order than the task requires.",
        category="tool_api_usage_error",
        kind="cause",
        rank=29,
        detect=_detect("order", 0.6),
    ),
    Detector(
        name="tool_call_spelling",
        finding="Tool argument spelled differently",
        description="An argument differs only in case, spaces or punctuation.",
        category="tool_api_usage_error",
        kind="cause",
        rank=29,
        detect=_detect("spelling", 0.6),
    ),
    Detector(
        name="tool_call_form",
        finding="Tool call in a form that never passes",
        description="The call has a form in which no right call of the dataset passed.",
        category="output_format_error",
        kind="cause",
        rank=25,
        detect=_detect("form", 0.8),
    ),
    Detector(
        name="tool_call_wrapped",
        finding="Tool call mixed with other text",
        description="The calls are right, but mixed with other text without delimiters.",
        category="output_format_error",
        kind="cause",
        rank=29,
        detect=_detect("wrapped", 0.6),
    ),
)
