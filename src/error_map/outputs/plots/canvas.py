"""A page that is drawn on in inches, from its upper left corner."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from .lettering import POINTS, font, width, wrapped

INK: Final = "#1a1a1a"
FAINT: Final = "#5c5c5c"
"""Of text beside the matter; 4.5 to 1 on white and more."""
RULE: Final = "#dcdcdc"
BLUE: Final = "#0072b2"
GREY: Final = "#8f8f8f"
"""Of what explains nothing: the reserved categories."""
Align: TypeAlias = Literal["left", "center", "right"]
_CAPITAL: Final = 0.73
"""Height of a capital letter, as a part of the size."""
_SMALLEST, _LARGEST = 6.5, 13.0


def letter_size(width: float) -> float:
    """Points that suit a picture of this width in inches: 7 in a column, 11.5 on a slide.

    Example:
        >>> letter_size(3.5), letter_size(10)
        (7.0, 11.5)
    """
    return round(min(_LARGEST, max(_SMALLEST, 7 + (width - 3.5) * 4.5 / 6.5)), 2)


class Sheet:
    """What a picture is drawn on; its height is known once it is `finished`.

    Args:
        inches: Its width.
    """

    def __init__(self, inches: float) -> None:
        self.width = inches
        self.size = letter_size(inches)
        """Points of the text."""
        self.line = 1.5 * self.size / POINTS
        """Inches from one line of text to the next."""
        self._figure = Figure(figsize=(inches, inches), facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()

    def finished(self, height: float) -> Figure:
        """The picture.

        Args:
            height: Inches.
        """
        self._figure.set_size_inches(self.width, height)
        self._axes.set_xlim(0, self.width)
        self._axes.set_ylim(height, 0)
        return self._figure

    def text(  # noqa: PLR0913 - how a text looks
        self,
        at: tuple[float, float],
        text: str,
        *,
        align: Align = "left",
        colour: str = INK,
        scale: float = 1.0,
        bold: bool = False,
        rotation: float = 0.0,
    ) -> None:
        """Draws a line of text; its capitals are centred on the height given.

        Args:
            at: Inches from the left and from above.
            text: As `lettered` gives it; no character of it is markup.
            align: Which part of it stands there.
            colour: A colour.
            scale: Of the page's letter size.
            bold: The bold face.
            rotation: Degrees, against the clock; turned about the middle of its beginning.
        """
        size = self.size * scale
        self._axes.text(
            at[0],
            at[1] + (0 if rotation else _CAPITAL / 2 * size / POINTS),
            text,
            ha=align,
            va="center_baseline" if rotation else "baseline",
            color=colour,
            fontproperties=font(size, bold=bold),
            rotation=rotation,
            rotation_mode="anchor",
            parse_math=False,
            clip_on=False,
        )

    def words(self, at: tuple[float, float], text: str, *, scale: float) -> None:
        """Draws a text that hides the lines behind it."""
        letter = self.size * scale / POINTS
        wide = width(text, self.size * scale)
        self.box((at[0] - 0.1 * letter, at[1] - 0.6 * letter), (wide, 1.2 * letter), "white")
        self.text(at, text, scale=scale)

    def lines(
        self,
        at: tuple[float, float],
        texts: Sequence[str],
        *,
        align: Align = "left",
        colour: str = INK,
        scale: float = 1.0,
        bold: bool = False,
    ) -> None:
        """Draws lines of text that are centred on the height given."""
        step = 1.2 * self.size * scale / POINTS
        top = at[1] - step * (len(texts) - 1) / 2
        for number, text in enumerate(texts):
            where = (at[0], top + number * step)
            self.text(where, text, align=align, colour=colour, scale=scale, bold=bold)

    def note(self, top: float, text: str) -> float:
        """Draws a faint text over the whole width, in three lines at most.

        Args:
            top: Where it begins.
            text: As `lettered` gives it.

        Returns:
            Where the next thing may begin.
        """
        scale = 0.88
        room = self.width - 2 * self.margin
        told = wrapped(text, room, self.size * scale, lines=3)
        high = self.line * (0.2 + 0.8 * len(told))
        self.lines((self.margin, top + high / 2), told, colour=FAINT, scale=scale)
        return top + high

    @property
    def margin(self) -> float:
        """Inches round everything."""
        return 0.5 * self.line

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], colour: str, *, edge: str = ""
    ) -> None:
        """Draws a rectangle.

        Args:
            corner: Its upper left corner.
            size: Its width and height.
            colour: What it is filled with.
            edge: Colour of its edge; empty for none.
        """
        self._axes.add_patch(
            Rectangle(
                corner,
                *size,
                facecolor=colour,
                edgecolor=edge or "none",
                linewidth=0.6 if edge else 0,
                clip_on=False,
            )
        )

    def stroke(
        self, points: Sequence[tuple[float, float]], colour: str = INK, *, weight: float = 0.8
    ) -> None:
        """Draws straight lines from point to point; `weight` in points."""
        path = Outline(points)
        self._axes.add_patch(
            PathPatch(
                path,
                facecolor="none",
                edgecolor=colour,
                linewidth=weight,
                capstyle="butt",
                clip_on=False,
            )
        )

    def whisker(self, low: float, high: float, *, y: float) -> None:
        """Draws an interval from `low` to `high`, in inches from the left."""
        cap = 0.16 * self.line
        weight = self.size / 9
        self.stroke([(low, y), (high, y)], weight=weight)
        for end in (low, high):
            self.stroke([(end, y - cap), (end, y + cap)], weight=weight)

    def ribbon(
        self,
        left: tuple[float, float],
        right: tuple[float, float],
        *,
        height: float,
        colour: str,
    ) -> None:
        """Draws a band between two places.

        Args:
            left: Upper end of its left side.
            right: Upper end of its right side.
            height: Of both sides.
            colour: What it is filled with.
        """
        (x0, y0), (x1, y1) = left, right
        middle = (x0 + x1) / 2
        above = [(x0, y0), (middle, y0), (middle, y1), (x1, y1)]
        below = [(x, y + height) for x, y in reversed(above)]
        codes = [Outline.MOVETO, *[Outline.CURVE4] * 3, Outline.LINETO, *[Outline.CURVE4] * 3]
        outline = Outline([*above, *below, (x0, y0)], [*codes, Outline.CLOSEPOLY])
        self._axes.add_patch(
            PathPatch(outline, facecolor=colour, linewidth=0, alpha=0.8, clip_on=False)
        )
