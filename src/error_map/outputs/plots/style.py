"""Matplotlib settings for all plots, independent of the user's own."""

from typing import TYPE_CHECKING, Final, cast

from matplotlib import rcParamsDefault

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

_OWN: Final = {
    "font.sans-serif": [
        "DejaVu Sans",
        "Verdana",
    ],  # Verdana has the same widths where an SVG viewer lacks DejaVu
    "path.simplify": False,
    "pdf.fonttype": 42,  # TrueType, as publishers ask
    "svg.fonttype": "none",  # text remains searchable, accessible and editable
    "svg.hashsalt": "error-map",
    "text.parse_math": False,
}
_UNCHANGED: Final = ("backend", "toolbar", "interactive")
STYLE: Final = cast(
    "dict[RcKeyType, object]",
    {k: v for k, v in rcParamsDefault.items() if not k.startswith(_UNCHANGED)} | _OWN,
)
