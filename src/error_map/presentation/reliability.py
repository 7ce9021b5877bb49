"""How often findings of a detector are right, in words."""

from ..analysts.builtin_detectors import builtin_detectors
from .formatting import whole_percent


def reliability(detector: str, confidence: float) -> str:
    """How often findings of a detector are right, and how that is known.

    Args:
        detector: Name of the detector.
        confidence: What the detector states of itself; used for detectors of other packages only,
            as it is smoothed for ours.

    Example:
        >>> reliability("mine", 0.8)
        'its detector states that 80 % of such findings are right'
    """
    own = builtin_detectors().get(detector)
    if own and own.read:
        how_often = "how often findings of this detector were right when people read them"
        return f"{how_often}: {own.correct:,} of {own.read:,}"
    if own:
        return "how often findings of this detector are right has not been measured"
    return f"its detector states that {whole_percent(confidence)} of such findings are right"
