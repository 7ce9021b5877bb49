"""Settings under which pictures are drawn and written, whatever the user's own are."""

from typing import TYPE_CHECKING, Final, cast

from matplotlib import rcParamsDefault

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

_OWN: Final = {
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # of one width: Verdana is where DejaVu is not
    "path.simplify": False,
    "pdf.fonttype": 42,  # TrueType, whole letters, as publishers ask
    "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
    "svg.hashsalt": "error-map",
    "text.parse_math": False,
}
_LEFT_ALONE: Final = ("backend", "toolbar", "interactive")
STYLE: Final = cast(
    "dict[RcKeyType, object]",
    {k: v for k, v in rcParamsDefault.items() if not k.startswith(_LEFT_ALONE)} | _OWN,
)
