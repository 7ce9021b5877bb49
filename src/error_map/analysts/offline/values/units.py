"""Units of measure: one table of their names, their sizes and the factors between them."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

_TABLE: Final = """
length     m=1 metre meter metres meters | km=1000 kilometre kilometer kilometres kilometers kms
length     cm=1/100 centimetre centimeter centimetres centimeters
length     mm=1/1000 millimetre millimeter millimetres millimeters
length     in=127/5000 inch inches | ft=381/1250 foot feet | yd=1143/1250 yard yards yds
length     mi=201168/125 mile miles
mass       kg=1 kilogram kilograms kilo kilos kgs | g=1/1000 gram grams gramme grammes
mass       mg=1/1000000 milligram milligrams | t=1000 tonne tonnes
mass       lb=45359237/100000000 lbs pound pounds
time       month months year years decade decades
time       s=1 sec secs second seconds | min=60 mins minute minutes | h=3600 hr hrs hour hours
time       day=86400 days | week=604800 weeks wk wks | ms=1/1000 millisecond milliseconds
volume     l=1 litre liter litres liters | ml=1/1000 millilitre milliliter millilitres milliliters
mass       oz ounce ounces ton tons
speed      km/h=5/18 kph kmh kmph kilometers/hour kilometres/hour
speed      mph=1397/3125 miles/hour mi/h mi/hr | m/s=1 meters/second metres/second m/sec
volume     cl=1/100 | cup cups pint pints quart quarts gallon gallons
temperature °c=1 celsius | °f=1 fahrenheit
angle      °=1 degree degrees deg
money      $=1 dollar dollars usd | cent=1/100 cents ¢
money      penny pennies nickel nickels dime dimes quarter quarters
euro       €=1 euro euros eur
sterling   £=1 gbp
energy     j=1 joule joules | kj=1000 kilojoule kilojoules | cal kcal ev mev btu
power      w=1 watt watts | kw=1000 kilowatt kilowatts | hp
pressure   pa=1 pascal pascals | kpa=1000 kilopascal kilopascals | atm
frequency  hz=1 hertz | khz=1000 kilohertz | mhz=1000000 megahertz
amount     mol
wavelength nm
"""


def _read() -> tuple[Mapping[str, str], Mapping[str, tuple[str, Fraction]]]:
    """By name, the dimension of each unit of the table, and its measure where it has a size."""
    dimensions: dict[str, str] = {}
    measures: dict[str, tuple[str, Fraction]] = {}
    for line in _TABLE.strip().splitlines():
        dimension, _, entries = line.partition(" ")
        for entry in entries.split("|"):
            first, *names = entry.split()
            name, _, size = first.partition("=")
            dimensions |= dict.fromkeys((name, *names), dimension)
            if size:
                own = f"{dimension} {name}" if dimension == "temperature" else dimension
                measures |= dict.fromkeys((name, *names), (own, Fraction(size)))
    return MappingProxyType(dimensions), MappingProxyType(measures)


DIMENSIONS, MEASURES = _read()
"""What each unit measures; and in how many of that dimension's first unit, where that is exact."""

FACTORS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "time": (60, 24, 7, 12, 30, 365, 52, 3600, 1440, 168),
        "length": (12, 3, 36, 5280, 1760, 9, 144),
        "mass": (16, 2000),
        "volume": (2, 4, 8, 16),
        "money": (4, 5, 10, 20, 25, 100),
    }
)
"""What people convert by within a dimension, squares of lengths included, powers of ten not."""

GLUED: Final = frozenset(
    "mm cm dm km in ft yd mi mg kg lb lbs oz ml mL cl dl min mins sec secs hr hrs ms kb mb gb"  # noqa: SIM905 - a long list reads best as text
    " mph kph rpm Hz kHz MHz kJ kW kWh Pa kPa atm mol th st nd rd".split()
)
"""Symbols, as they are spelt, that directly follow a numeral, `5km`, and endings of ordinals."""

LETTERS: Final = frozenset("gshLJNVWAKCF")
"""Symbols of one letter that follow a number and a blank: any other letter may be a variable."""


def same_unit(left: str, right: str) -> bool:
    """Whether two units are one, in different spelling."""
    first = MEASURES.get(_spelt(left))
    return left == right or (first is not None and first == MEASURES.get(_spelt(right)))


def same_measure(left: tuple[Fraction, str], right: tuple[Fraction, str]) -> bool:
    """Whether two numbers with their units are one measure, exactly: 1.5 km and 1,500 m.

    Example:
        >>> same_measure((Fraction(3, 2), "hours"), (Fraction(90), "min"))
        True
    """
    first, second = MEASURES.get(_spelt(left[1])), MEASURES.get(_spelt(right[1]))
    if not first or not second or first[0] != second[0]:
        return False
    return left[0] * first[1] == right[0] * second[1]


def _spelt(unit: str) -> str:
    return unit.replace(" per ", "/").replace(" / ", "/").strip(" .")
