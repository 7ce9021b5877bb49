"""Instructions: data to extract as JSON, and answers with a prescribed form."""

import json
from collections.abc import Mapping
from decimal import Decimal
from random import Random

from . import rules
from .graders import Follows, JsonIs
from .question import Draft, Template

PEOPLE = ("Maria Lopez", "James Carter", "Yuki Tanaka", "Omar Haddad", "Anna Novak", "Paul Meyer")
CITIES = ("Lisbon", "Oslo", "Chicago", "Nairobi", "Lima", "Dublin", "Prague", "Hanoi")
JOBS = ("nurse", "teacher", "pilot", "baker", "lawyer", "farmer")
PRODUCTS = ("notebook", "mug", "backpack", "keyboard", "umbrella", "candle")
FOODS = ("flour", "sugar", "eggs", "butter", "milk", "salt", "rice", "onions")
SUBJECTS = ("the sea", "winter", "cats", "trains", "music", "gardens", "coffee", "the moon", "rain")
GROUPS = ("fruits", "colors", "animals", "sports", "tools", "vegetables", "countries", "drinks")
PHRASES = ("as a matter of fact", "every single day", "in my opinion", "for the first time")
LAST_WORDS = ("today", "home", "together", "forever", "always")
SAYINGS = (
    *("the door is open", "we like green tea", "birds can fly", "my name is sam"),
    *("the sun is warm", "it is time to go", "she reads a book", "dogs run fast"),
)
COUNTS = (
    *(("How many days are there in a week?", 7), ("How many months are there in a year?", 12)),
    *(("How many legs does a cat have?", 4), ("What is 6 plus 3?", 9), ("What is 5 times 4?", 20)),
    *(("How many minutes are there in an hour?", 60), ("What is 15 minus 8?", 7)),
    *(("How many sides does a square have?", 4), ("How many wheels does a car have?", 4)),
)


def person(rng: Random) -> Draft:
    """Three fields of a person."""
    name, years, city = rng.choice(PEOPLE), rng.randint(19, 78), rng.choice(CITIES)
    text = f"{name} is {years} years old and lives in {city}."
    keys = {"name": "string", "age": "number", "city": "string"}
    return _extraction(text, keys, {"name": name, "age": years, "city": city})


def worker(rng: Random) -> Draft:
    """Two fields of a person, in a sentence with a third one."""
    name, job, city = rng.choice(PEOPLE), rng.choice(JOBS), rng.choice(CITIES)
    text = f"After six years in {city}, {name} still works as a {job}."
    return _extraction(text, {"name": "string", "job": "string"}, {"name": name, "job": job})


def order(rng: Random) -> Draft:
    """Numbers of an order, whole and broken."""
    item, count, cents = rng.choice(PRODUCTS), rng.randint(2, 9), rng.choice((25, 50, 75))
    price = rng.randint(2, 20) + cents / 100
    text = f"Please send us {count} pieces of the {item} at ${price:.2f} each."
    keys = {"item": "string", "quantity": "number", "price": "number"}
    return _extraction(text, keys, {"item": item, "quantity": count, "price": price})


def stock(rng: Random) -> Draft:
    """A truth value."""
    item, there, price = rng.choice(PRODUCTS), rng.random() < 1 / 2, rng.randint(3, 40)
    state = "is in stock" if there else "is sold out"
    text = f"The {item} costs {price} dollars and {state}."
    keys = {"item": "string", "price": "number", "in_stock": "true or false"}
    return _extraction(text, keys, {"item": item, "price": price, "in_stock": there})


def recipe(rng: Random) -> Draft:
    """A list."""
    foods = rng.sample(FOODS, 3)
    minutes = rng.choice((10, 20, 30, 45))
    text = (
        f"For this dish you need {foods[0]}, {foods[1]} and {foods[2]}. It takes {minutes} minutes."
    )
    keys = {"ingredients": "list of strings", "minutes": "number"}
    return _extraction(text, keys, {"ingredients": foods, "minutes": minutes})


def contact(rng: Random) -> Draft:
    """A field that the text does not give."""
    name, city = rng.choice(PEOPLE), rng.choice(CITIES)
    phone = f"555-{rng.randint(1000, 9999)}"
    text = f"You can reach {name} in {city} at {phone}."
    keys = {"name": "string", "phone": "string", "email": "string, or null if it is not given"}
    return _extraction(text, keys, {"name": name, "phone": phone, "email": None})


def bullets(rng: Random) -> Draft:
    """A list of bullet points."""
    return _formatted(
        "bullet_points", f"Name {rng.choice(GROUPS)}.", rules.Bullets(rng.randint(2, 4))
    )


def numbered(rng: Random) -> Draft:
    """A numbered list."""
    rule = rules.Numbered(rng.randint(3, 5))
    return _formatted("numbered_list", f"Name {rng.choice(GROUPS)}.", rule)


def capitals(rng: Random) -> Draft:
    """One sentence in capitals."""
    task = f"Write one sentence about {rng.choice(SUBJECTS)}."
    return _formatted("letter_case", task, rules.Capitals())


def capitals_of(rng: Random) -> Draft:
    """A given sentence in capitals."""
    saying = rng.choice(SAYINGS)
    rule = rules.Exactly(saying.upper(), "Write the sentence in capital letters and nothing else.")
    return _formatted("letter_case", f"Sentence: {saying}.", rule, reference=saying.upper())


def number_only(rng: Random) -> Draft:
    """A number without words."""
    task, value = rng.choice(COUNTS)
    return _formatted("number_only", task, rules.NumberOnly(Decimal(value)), reference=str(value))


def phrase(rng: Random) -> Draft:
    """A phrase to use."""
    task = f"Write two sentences about {rng.choice(SUBJECTS)}."
    return _formatted("required_phrase", task, rules.Includes(rng.choice(PHRASES)))


def last_word(rng: Random) -> Draft:
    """A word to end with."""
    task = f"Write one sentence about {rng.choice(SUBJECTS)}."
    return _formatted("last_word", task, rules.EndsWith(rng.choice(LAST_WORDS)))


def short(rng: Random) -> Draft:
    """A limit of words and a word to avoid."""
    subject = rng.choice(SUBJECTS)
    limit, word = rules.AtMostWords(rng.choice((8, 10, 12, 15))), rules.Avoids(subject.split()[-1])
    return _formatted("word_limit", f"Write one sentence about {subject}.", limit, word)


def small_bullets(rng: Random) -> Draft:
    """Bullet points in small letters."""
    rule = rules.Bullets(rng.randint(2, 4))
    task = f"Name {rng.choice(GROUPS)}."
    return _formatted("combined_rules", task, rule, rules.SmallLetters())


def phrase_and_end(rng: Random) -> Draft:
    """A phrase to use and a word to end with."""
    task = f"Write two sentences about {rng.choice(SUBJECTS)}."
    used, last = rules.Includes(rng.choice(PHRASES)), rules.EndsWith(rng.choice(LAST_WORDS))
    return _formatted("combined_rules", task, used, last)


def _extraction(text: str, keys: Mapping[str, str], value: Mapping[str, object]) -> Draft:
    listed = ", ".join(f'"{key}" ({kind})' for key, kind in keys.items())
    answer = json.dumps(value)
    return Draft(
        kind="json",
        topic="json_extraction",
        text=(
            "Extract the data from the text as one JSON object with exactly these keys: "
            f"{listed}. Copy words as they stand in the text. Write the JSON object only.\n"
            f"Text: {text}"
        ),
        reference=answer,
        check=JsonIs(answer),
    )


def _formatted(topic: str, task: str, *asked: rules.Rule, reference: str = "") -> Draft:
    text = " ".join((task, *(rule.wording for rule in asked)))
    return Draft(kind="format", topic=topic, text=text, reference=reference, check=Follows(asked))


TEMPLATES: tuple[Template, ...] = (
    *(person, bullets, stock, capitals, order, number_only, worker, phrase),
    *(recipe, last_word, contact, capitals_of, person, numbered, order, short),
    *(stock, small_bullets, recipe, phrase_and_end),
)
