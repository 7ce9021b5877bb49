"""Word problems of one to four steps, with a worked solution."""

from decimal import Decimal
from fractions import Fraction
from random import Random

from .graders import NumberIs
from .question import Draft, Template

NAMES = ("Ada", "Ben", "Carla", "Dan", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jon")
ITEMS = ("apples", "marbles", "stickers", "cards", "shells", "pencils", "coins", "books")
GOODS = ("coat", "bag", "lamp", "chair", "clock", "radio", "rug", "tent")


def shown(value: Fraction | int) -> str:
    """The number in digits, without needless zeros.

    Example:
        >>> shown(Fraction(125, 10)), shown(40)
        ('12.5', '40')
    """
    return f"{_decimal(value).normalize():f}"


def numeric(topic: str, text: str, *steps: str, answer: Fraction | int) -> Draft:
    """A draft whose answer is a number, its reference the steps and a line `A: 62`."""
    reference = "\n".join((*steps, f"A: {shown(answer)}"))
    check = NumberIs(_decimal(answer))
    return Draft(kind="solution", topic=topic, text=text, reference=reference, check=check)


def more(rng: Random) -> Draft:
    """One addition."""
    name, item, a, b = rng.choice(NAMES), rng.choice(ITEMS), rng.randint(2, 20), rng.randint(2, 9)
    text = f"{name} has {a} {item} and gets {b} more. How many {item} does {name} have now?"
    return numeric("one_step", text, f"{a} + {b} = {a + b} {item}", answer=a + b)


def fewer(rng: Random) -> Draft:
    """One subtraction."""
    name, item, b = rng.choice(NAMES), rng.choice(ITEMS), rng.randint(2, 9)
    a = b + rng.randint(2, 12)
    text = f"{name} has {a} {item} and gives away {b} of them. How many {item} are left?"
    return numeric("one_step", text, f"{a} - {b} = {a - b} {item}", answer=a - b)


def packs(rng: Random) -> Draft:
    """One multiplication."""
    item, a, b = rng.choice(ITEMS), rng.randint(2, 6), rng.randint(2, 10)
    text = f"There are {a} boxes with {b} {item} in each box. How many {item} are there in all?"
    return numeric("one_step", text, f"{a} * {b} = {a * b} {item}", answer=a * b)


def shares(rng: Random) -> Draft:
    """One division."""
    item, people, each = rng.choice(ITEMS), rng.randint(2, 5), rng.randint(2, 6)
    total = people * each
    text = f"{people} friends share {total} {item} equally. How many {item} does each friend get?"
    return numeric("one_step", text, f"{total} / {people} = {each} {item}", answer=each)


def percent_of(rng: Random) -> Draft:
    """A share of a group."""
    total, percent = rng.choice((20, 40, 60, 80, 100, 200)), rng.choice((10, 20, 25, 50, 75))
    part = Fraction(total * percent, 100)
    text = f"A school has {total} pupils. {percent}% of them walk to school. How many pupils walk?"
    step = f"{percent}% of {total} is {shown(Fraction(percent, 100))} * {total} = {shown(part)}"
    return numeric("percentage", text, step, answer=part)


def discount(rng: Random) -> Draft:
    """A reduced price."""
    price, off = rng.choice((20, 40, 50, 60, 80, 100, 120)), rng.choice((10, 20, 25, 50))
    text = (
        f"A {rng.choice(GOODS)} costs ${price}. In a sale it is {off}% off. "
        "How many dollars does it cost in the sale?"
    )
    cut = Fraction(price * off, 100)
    return numeric("percentage", text, *_cut(price, off), answer=price - cut)


def discount_then_tax(rng: Random) -> Draft:
    """A reduced price with tax on it."""
    price, off = rng.choice((40, 60, 80, 100, 120, 200)), rng.choice((10, 20, 25, 50))
    tax = rng.choice((5, 10, 20))
    text = (
        f"A {rng.choice(GOODS)} costs ${price}. It is reduced by {off}%, and then {tax}% tax is "
        "added to the reduced price. How many dollars does the customer pay?"
    )
    net = price - Fraction(price * off, 100)
    due = net * tax / 100
    return numeric(
        "percentage",
        text,
        *_cut(price, off),
        f"{tax}% of {shown(net)} is {shown(Fraction(tax, 100))} * {shown(net)} = {shown(due)}",
        f"{shown(net)} + {shown(due)} = {shown(net + due)}",
        answer=net + due,
    )


def hours_to_minutes(rng: Random) -> Draft:
    """Hours and minutes as minutes."""
    hours, minutes = rng.randint(1, 6), rng.choice((5, 10, 15, 20, 30, 45))
    text = f"A film lasts {hours} hours and {minutes} minutes. How many minutes is that in all?"
    total = hours * 60 + minutes
    first = f"{hours} * 60 = {hours * 60} minutes"
    second = f"{hours * 60} + {minutes} = {total} minutes"
    return numeric("unit_conversion", text, first, second, answer=total)


def kilos_to_grams(rng: Random) -> Draft:
    """Kilograms as grams, with some used up."""
    kilos, used = rng.randint(2, 9), rng.choice((150, 200, 250, 400, 500, 750))
    text = (
        f"A baker has {kilos} kilograms of flour and uses {used} grams. "
        "How many grams of flour are left?"
    )
    left = kilos * 1000 - used
    first = f"{kilos} * 1000 = {kilos * 1000} grams"
    second = f"{kilos * 1000} - {used} = {left} grams"
    return numeric("unit_conversion", text, first, second, answer=left)


def simple_unit(rng: Random) -> Draft:
    """One unit turned into another."""
    big, small, factor = rng.choice(
        (
            ("weeks", "days", 7),
            ("feet", "inches", 12),
            ("meters", "centimeters", 100),
            ("hours", "minutes", 60),
            ("kilometers", "meters", 1000),
            ("dozen eggs", "eggs", 12),
        )
    )
    count = rng.randint(2, 6)
    text = f"How many {small} are there in {count} {big}?"
    step = f"{count} * {factor} = {count * factor} {small}"
    return numeric("unit_conversion", text, step, answer=count * factor)


def distance(rng: Random) -> Draft:
    """Two legs of a trip."""
    fast, slow = rng.choice((50, 60, 70, 80)), rng.choice((20, 30, 40))
    first, second = rng.randint(2, 4), rng.randint(1, 3)
    text = (
        f"A bus drives {first} hours at {fast} km per hour and then {second} hours at {slow} km "
        "per hour. How many kilometers does it drive in all?"
    )
    legs = (first * fast, second * slow)
    return numeric(
        "rate",
        text,
        f"{first} * {fast} = {legs[0]} km",
        f"{second} * {slow} = {legs[1]} km",
        f"{legs[0]} + {legs[1]} = {sum(legs)} km",
        answer=sum(legs),
    )


def wages(rng: Random) -> Draft:
    """Pay by the hour, something bought."""
    name, pay, hours = rng.choice(NAMES), rng.randint(8, 15), rng.randint(4, 10)
    spent = rng.randint(5, 30)
    text = (
        f"{name} works {hours} hours for ${pay} an hour and then buys a meal for ${spent}. "
        f"How many dollars does {name} have left?"
    )
    earned = pay * hours
    steps = (
        f"{hours} * {pay} = {earned} dollars",
        f"{earned} - {spent} = {earned - spent} dollars",
    )
    return numeric("rate", text, *steps, answer=earned - spent)


def shopping(rng: Random) -> Draft:
    """Two kinds of goods, and the change."""
    name, pens, books = rng.choice(NAMES), rng.randint(2, 6), rng.randint(2, 5)
    pen, book, note = rng.randint(1, 3), rng.randint(3, 6), 50
    text = (
        f"{name} buys {pens} pens for ${pen} each and {books} books for ${book} each, and pays "
        f"with a ${note} note. How many dollars of change does {name} get?"
    )
    cost = pens * pen + books * book
    return numeric(
        "multi_step",
        text,
        f"{pens} * {pen} = {pens * pen} dollars",
        f"{books} * {book} = {books * book} dollars",
        f"{pens * pen} + {books * book} = {cost} dollars",
        f"{note} - {cost} = {note - cost} dollars",
        answer=note - cost,
    )


def picking(rng: Random) -> Draft:
    """Gather, give away, share out."""
    name, each, rows = rng.choice(NAMES), rng.randint(3, 8), rng.randint(3, 6)
    people, got = rng.randint(2, 5), rng.randint(2, 6)
    spare = each * rows - people * got
    if spare < 1:
        return picking(rng)
    text = (
        f"{name} picks {each} pears from each of {rows} trees. {name} eats {spare} of them and "
        f"shares the rest equally among {people} friends. How many pears does each friend get?"
    )
    return numeric(
        "multi_step",
        text,
        f"{rows} * {each} = {rows * each} pears",
        f"{rows * each} - {spare} = {people * got} pears",
        f"{people * got} / {people} = {got} pears",
        answer=got,
    )


def saving(rng: Random) -> Draft:
    """Weekly saving from a start."""
    name, start, weekly = rng.choice(NAMES), rng.randint(5, 30), rng.randint(2, 9)
    weeks = rng.randint(3, 8)
    text = (
        f"{name} has ${start} and saves ${weekly} every week. "
        f"How many dollars does {name} have after {weeks} weeks?"
    )
    saved = weekly * weeks
    steps = (
        f"{weeks} * {weekly} = {saved} dollars",
        f"{start} + {saved} = {start + saved} dollars",
    )
    return numeric("multi_step", text, *steps, answer=start + saved)


def _cut(price: int, off: int) -> tuple[str, str]:
    cut = Fraction(price * off, 100)
    return (
        f"{off}% of {price} is {shown(Fraction(off, 100))} * {price} = {shown(cut)}",
        f"{price} - {shown(cut)} = {shown(price - cut)}",
    )


def _decimal(value: Fraction | int) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


TEMPLATES: tuple[Template, ...] = (
    *(more, percent_of, packs, simple_unit, saving, fewer, discount, hours_to_minutes, shopping),
    *(packs, shares, discount_then_tax, kilos_to_grams, more, distance, fewer, wages, picking),
)
"""The easiest ones more than once, so that a small model has right answers too."""
