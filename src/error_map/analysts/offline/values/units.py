"""Units of measure: their names, and which of them measure the same thing, exactly."""

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
time       s=1 sec secs second seconds | min=60 mins minute minutes | h=3600 hr hrs hour hours
time       day=86400 days | week=604800 weeks wk wks | ms=1/1000 millisecond milliseconds
volume     l=1 litre liter litres liters | ml=1/1000 millilitre milliliter millilitres milliliters
speed      km/h=5/18 kph kmh kmph kilometers/hour kilometres/hour
speed      mph=1397/3125 miles/hour mi/h mi/hr | m/s=1 meters/second metres/second m/sec
temperature °c=1 celsius | °f=1 fahrenheit
angle      °=1 degree degrees deg
money      $=1 dollar dollars usd | cent=1/100 cents ¢
euro       €=1 euro euros eur
sterling   £=1 gbp
energy     j=1 joule joules | kj=1000 kilojoule kilojoules
power      w=1 watt watts | kw=1000 kilowatt kilowatts
pressure   pa=1 pascal pascals | kpa=1000 kilopascal kilopascals
frequency  hz=1 hertz | khz=1000 kilohertz | mhz=1000000 megahertz
"""


def _measures() -> Mapping[str, tuple[str, Fraction]]:
    measures: dict[str, tuple[str, Fraction]] = {}
    for line in _TABLE.strip().splitlines():
        dimension, _, entries = line.partition(" ")
        for entry in entries.split("|"):
            first, *names = entry.split()
            name, _, factor = first.partition("=")
            own = f"{dimension} {name}" if dimension == "temperature" else dimension
            measures |= dict.fromkeys((name, *names), (own, Fraction(factor)))
    return MappingProxyType(measures)


MEASURES: Final = _measures()
"""What a unit measures, and in how many of that dimension's first unit, by its names."""


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
