"""Short questions on dates and on counting."""

from datetime import date, timedelta
from random import Random

from .graders import WordIs
from .question import Draft, Template
from .word_problems import numeric

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WORDS = (
    *("banana", "pepper", "cheese", "balloon", "mirror", "coffee", "tomato", "letter", "bottle"),
    *("summer", "rabbit", "butter", "apple", "kitten", "yellow", "puzzle", "carrot", "pillow"),
)
THINGS = ("apple", "boat", "cup", "drum", "egg", "flag", "goat", "hat", "kite", "lamp", "moon")


def weekday_later(rng: Random) -> Draft:
    """A weekday some days on."""
    start, days = rng.randrange(7), rng.randint(2, 12)
    word = WEEKDAYS[(start + days) % 7]
    text = f"Today is {WEEKDAYS[start]}. Which day of the week will it be in {days} days?"
    full = f"{days} - 7 = {days % 7}, as a week has 7 days\n" if days >= len(WEEKDAYS) else ""
    reference = f"{full}{WEEKDAYS[start]} + {days % 7} days is a {word}\nA: {word}"
    check = WordIs(word, WEEKDAYS)
    return Draft(kind="solution", topic="dates", text=text, reference=reference, check=check)


def days_between(rng: Random) -> Draft:
    """Days from one date to another of the same or the next month."""
    start = date(2023, rng.randint(1, 11), rng.randint(1, 25))
    end = start + timedelta(days=rng.randint(4, 30))
    text = f"How many days are there from {_day(start)} to {_day(end)} in the year 2023?"
    days = (end - start).days
    if start.month == end.month:
        return numeric("dates", text, f"{end.day} - {start.day} = {days} days", answer=days)
    rest = days - end.day
    first = f"from {_day(start)} to the end of {MONTHS[start.month - 1]} it is {rest} days"
    return numeric("dates", text, first, f"{rest} + {end.day} = {days} days", answer=days)


def minutes_between(rng: Random) -> Draft:
    """Minutes from one time to another."""
    hour, minute = rng.randint(7, 20), rng.choice((0, 10, 15, 30, 40))
    lasts = rng.randint(3, 20) * 5
    start = hour * 60 + minute
    end_hour, end_minute = divmod(start + lasts, 60)
    text = (
        f"A lesson starts at {hour}:{minute:02} and ends at {end_hour}:{end_minute:02}. "
        "How many minutes does it last?"
    )
    return numeric(
        "dates",
        text,
        f"start: {hour} * 60 = {hour * 60}, {hour * 60} + {minute} = {start} minutes",
        f"end: {end_hour} * 60 = {end_hour * 60}, {end_hour * 60} + {end_minute} = {start + lasts}",
        f"{start + lasts} - {start} = {lasts} minutes",
        answer=lasts,
    )


def age(rng: Random) -> Draft:
    """An age in a year."""
    born, years = rng.randint(1950, 2005), rng.randint(8, 18)
    text = f"Lena was born in {born}. How old is she on her birthday in {born + years}?"
    return numeric("dates", text, f"{born + years} - {born} = {years} years", answer=years)


def letters_in_word(rng: Random) -> Draft:
    """How often a letter stands in a word."""
    word = rng.choice(WORDS)
    letter = rng.choice(sorted(set(word)))
    count = word.count(letter)
    text = f'How many times does the letter "{letter}" appear in the word "{word}"?'
    step = f"{' '.join(word)}: the letter {letter} appears {count} times"
    return numeric("counting", text, step, answer=count)


def words_in_list(rng: Random) -> Draft:
    """How long a list is."""
    things = rng.sample(THINGS, rng.randint(3, 9))
    text = f"How many words are in this list: {', '.join(things)}?"
    step = ", ".join(f"{place} {thing}" for place, thing in enumerate(things, start=1))
    return numeric("counting", text, step, answer=len(things))


def larger_numbers(rng: Random) -> Draft:
    """How many numbers of a list are above a limit."""
    numbers, limit = rng.sample(range(1, 30), rng.randint(5, 7)), rng.choice((8, 10, 15, 20))
    above = [str(number) for number in numbers if number > limit]
    listed = ", ".join(map(str, numbers))
    text = f"How many of these numbers are greater than {limit}: {listed}?"
    step = f"greater than {limit}: {', '.join(above) or 'none'}"
    return numeric("counting", text, step, answer=len(above))


def _day(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}"


TEMPLATES: tuple[Template, ...] = (
    weekday_later,
    letters_in_word,
    days_between,
    words_in_list,
    minutes_between,
    larger_numbers,
    age,
)
