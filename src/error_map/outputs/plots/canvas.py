"""Drawing surface with coordinates in inches from its upper left corner."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline

from .lettering import POINTS, font, width, wrapped

INK: Final = "#1a1a1a"
FAINT: Final = "#5c5c5c"
"""Colour of secondary text; its contrast on white exceeds 4.5 to 1, the minimum of WCAG 2.2."""
RULE: Final = "#dcdcdc"
BLUE: Final = "#0072b2"
GREY: Final = "#8f8f8f"
"""Colour of the reserved categories, which explain nothing."""
Align: TypeAlias = Literal["left", "center", "right"]
_CAPITAL: Final = 0.73
"""Height of a capital letter of DejaVu Sans, as a fraction of the letter size."""
_MIN_SIZE, _MAX_SIZE = 6.5, 13.0
"""Points: journals ask for at least 6 to 7 in figures; beyond 13 labels crowd out the data."""


def letter_size(width: float) -> float:
    """Letter size in points for a plot of this width in inches: 7 in a column, 11.5 on a slide.

    Example:
        >>> letter_size(3.5), letter_size(10)
        (7.0, 11.5)
    """
    # linear between 7 points in a column of 3.5 inches and 11.5 points on a slide of 10 inches
    return round(min(_MAX_SIZE, max(_MIN_SIZE, 7 + (width - 3.5) * 4.5 / 6.5)), 2)


class Sheet:
    """The drawing surface of one plot; its height is set when it is `finished`.

    Args:
        inches: Width of the plot.
    """

    def __init__(self, inches: float) -> None:
        self.width = inches
        self.size = letter_size(inches)
        """Letter size in points."""
        self.line = 1.5 * self.size / POINTS
        """Line height in inches."""
        self._figure = Figure(figsize=(inches, inches), facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()

    def finished(self, height: float) -> Figure:
        """The finished figure.

        Args:
            height: Height in inches.
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
        """Draws a line of text, its capitals centred vertically on the position.

        Args:
            at: Inches from the left and from the top.
            text: A result of `lettered`; it is never read as markup.
            align: Which part of the text is at the position.
            colour: Colour of the letters.
            scale: Factor of the letter size.
            bold: Whether to use the bold face.
            rotation: Degrees counter-clockwise, about the middle of its left edge.
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
        """Draws a text on a white box that hides the lines behind it."""
        letter = self.size * scale / POINTS
        # a tenth of a letter around the text, so that grid lines do not touch it
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
        """Draws lines of text, centred vertically on the position."""
        step = 1.2 * self.size * scale / POINTS
        top = at[1] - step * (len(texts) - 1) / 2
        for number, text in enumerate(texts):
            where = (at[0], top + number * step)
            self.text(where, text, align=align, colour=colour, scale=scale, bold=bold)

    def note(self, top: float, text: str) -> float:
        """Draws a note over the whole width, in at most three lines.

        Args:
            top: Top of the note in inches.
            text: A result of `lettered`.

        Returns:
            The bottom of the note in inches.
        """
        scale = 0.88
        room = self.width - 2 * self.margin
        # three lines: a longer note would compete with the picture
        lines = wrapped(text, room, self.size * scale, lines=3)
        high = self.line * (0.2 + 0.8 * len(lines))
        self.lines((self.margin, top + high / 2), lines, colour=FAINT, scale=scale)
        return top + high

    @property
    def margin(self) -> float:
        """Margin on all sides in inches."""
        return 0.5 * self.line

    def box(
        self, corner: tuple[float, float], size: tuple[float, float], colour: str, *, edge: str = ""
    ) -> None:
        """Draws a rectangle.

        Args:
            corner: Upper left corner.
            size: Width and height.
            colour: Fill colour.
            edge: Colour of the edge; empty for none.
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
        """Draws a polyline; `weight` is in points."""
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
        """Draws a band between two vertical edges.

        Args:
            left: Upper end of the left edge.
            right: Upper end of the right edge.
            height: Height of both edges.
            colour: Fill colour.
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
