"""Names and colours of transitions, in the order of legends, and the flows of a picture."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..analysis import NOT_STUDIED, PASSED, Stream, Transition, Transitions

LABELS: Final[Mapping[Transition, str]] = {
    "fixed": "fixed",
    "broken": "newly broken",
    "same": "still wrong for the same reason",
    "other": "still wrong for another reason",
    "unknown": "still wrong, reason unknown",
    "passed": "passed both times",
}
"""In the order of every legend and table."""
COLOURS: Final[Mapping[Transition, str]] = {
    "fixed": "#009E73",
    "broken": "#D55E00",
    "same": "#767676",
    "other": "#E69F00",
    "unknown": "#C6C6C6",
    "passed": "#DBE5EC",
}
"""The hues are Okabe and Ito's (2008); the two greys stand out on white and on near-black."""
REST: Final = "rest"
"""Name of the merged categories for which a picture has no room."""


def merged_streams(compared: Transitions, *, most: int) -> tuple[list[Stream], int]:
    """The flows of a picture with rare categories merged, and the number of merged categories.

    Examples that passed both times are left out.

    Args:
        compared: Two models compared.
        most: Categories for which the picture has room, the merged ones counting as one.
    """
    drawn = [flow for flow in compared.flows if compared.transition(flow) != "passed"]
    sizes = Counter[str]()
    for flow in drawn:
        sizes.update({flow.before: flow.examples})
        sizes.update({flow.after: flow.examples})
    fixed = {PASSED, NOT_STUDIED}
    common = [name for name, _ in sizes.most_common() if name not in fixed]
    retained = fixed | set(common if len(common) <= most else common[: most - 1])
    merged = replace(compared, flows=tuple(drawn)).merged(retained, rest=REST)
    return list(merged), len(fixed | set(common)) - len(retained)


def end_name(end: str, names: Mapping[str, str]) -> str:
    """Displayed name of one end of a flow.

    Args:
        end: Result at one end.
        names: Names of categories by id, and of any other ends that a picture has.

    Example:
        >>> end_name("passed", {}), end_name("form", {"form": "Form"})
        ('passed', 'Form')
    """
    return end if end in {PASSED, NOT_STUDIED} else names[end]
