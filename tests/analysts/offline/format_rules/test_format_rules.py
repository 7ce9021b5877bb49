"""Format rules: violations are found, and neither obeyed rules nor rules about other texts."""

import time

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.format_broken import DETECTOR
from error_map.analysts.offline.format_rules.instructions import instructions
from error_map.analysts.offline.format_rules.json_rules import requires_json

TALE = "A raft of nine logs goes down the river. The boy on it sings, and the sun is warm."
EIGHTY = " ".join(["word"] * 80)


def title(prompt: str, output: str) -> str | None:
    sign = DETECTOR.detect(Case(prompt=prompt, output=output))
    return None if sign is None else sign.title


CAPITALISED = "Wrong number of capitalised words"
CASING = "Wrong casing"
WORDS = "Length limit broken"
SENTENCES = "Wrong number of sentences"
PARAGRAPHS = "Wrong number of paragraphs"
FREQUENCY = "Word or letter used too often or too rarely"
PHRASE = "Required phrase missing"
FORBIDDEN = "Forbidden phrase used"
RULES = [
    ("Write a tale of a raft with at least 100 words.", EIGHTY, WORDS),
    ("Write a 100+ word tale of a raft.", EIGHTY, WORDS),
    ("Write a tale of a raft using less than 80 words.", EIGHTY, WORDS),
    ("Write a tale with 100 or more words about rafts.", EIGHTY, WORDS),
    ("Describe the raft. Your answer must not exceed 60 words.", EIGHTY, WORDS),
    ("Write exactly 90 words about rafts.", EIGHTY, WORDS),
    ("Can you describe a raft in no more than 60 words?", EIGHTY, WORDS),
    ("Describe a raft in exactly three sentences.", TALE, SENTENCES),
    ("Write five sentences about rafts.", TALE, SENTENCES),
    ("Describe a raft. Your response should contain at least 4 sentences.", TALE, SENTENCES),
    ("Describe a raft in a single sentence.", TALE, SENTENCES),
    ("Write 3 paragraphs about rafts.", TALE, PARAGRAPHS),
    ("Tell a tale. There should be exactly 2 paragraphs, divided by ***.", TALE, PARAGRAPHS),
    ("Write a three paragraph essay on rafts.", TALE, PARAGRAPHS),
    (
        "Write a form letter. Include at least 2 placeholders in square brackets like [name].",
        "Dear [name], the raft is dry.",
        "Wrong number of placeholders",
    ),
    ("Tell a tale. Highlight at least 2 parts with markdown.", TALE, "Wrong number of highlights"),
    (
        "Tell a tale. Use at least 3 exclamation marks.",
        "Ho! Go!",
        "Wrong number of punctuation marks",
    ),
    (
        "Write a post with at least two hashtags.",
        "#raft is dry",
        "Wrong number of punctuation marks",
    ),
    (
        "Write a guide with 3 sections. Mark the beginning of each with SECTION X.",
        "SECTION 1\nWood.\nSECTION 2\nRope.",
        "Wrong number of sections",
    ),
    (
        "Tell a tale. It must have a title wrapped in double angular brackets.",
        TALE,
        "Required title missing",
    ),
    (
        "Tell a tale. At the end, please add a postscript starting with P.S.",
        TALE,
        "Required postscript missing",
    ),
    (
        "Give two different answers. Separate the answers with six stars: ******.",
        "A raft.\n***\nA boat.",
        "Required separator missing",
    ),
    ('Start your response with the phrase "Once upon a river".', TALE, PHRASE),
    ("Begin with 'Dear captain'.", TALE, PHRASE),
    (
        "What floats on the great river?\nFirst repeat the request word for word, then answer.",
        "A raft does.",
        "Required repetition of the request missing",
    ),
    ("Tell a tale. Use the word raft at least 3 times.", TALE, FREQUENCY),
    ('Tell a tale. The word "sun" should appear less than 1 times.', TALE, FREQUENCY),
    ("Tell a tale in which the letter q should appear at least 2 times.", TALE, FREQUENCY),
    ("Tell a tale. The letter q should appear at least twice.", TALE, FREQUENCY),
    (
        "Does a raft float? Answer with one of the following: 'It does.', 'It does not.'",
        "Of course.",
        "Required answer choice missing",
    ),
    ("Tell a tale. Do not include the keywords sun, moon.", TALE, FORBIDDEN),
    ("Tell a tale. Include keywords river and mill in it.", TALE, PHRASE),
    ("Tell a tale. Include the keywords ['river', 'mill'].", TALE, PHRASE),
    ("Tell a tale with the keywords 'river' and 'mill'.", TALE, PHRASE),
    ('Tell a tale. The word "sun" should not appear.', TALE, FORBIDDEN),
    ('Tell a tale without using the words "sun" or "moon".', TALE, FORBIDDEN),
    ("Your whole response should be in English and in all lowercase letters.", "A B C.", CASING),
    ("Tell a tale in all capital letters.", TALE, CASING),
    ("Tell a tale. No capital letters are allowed.", "AND SO.", CASING),
    ("Tell a tale and make sure you don't use any commas.", TALE, "Forbidden character used"),
    ("You are not allowed to use commas in the tale.", TALE, "Forbidden character used"),
    ("Tell a tale. No commas, please.", TALE, "Forbidden character used"),
    ('Finish the tale with this exact phrase: "The end of it"', TALE, PHRASE),
    ('The very last sentence of your answer should be "The end of it".', TALE, PHRASE),
    ('End your whole response with the exact phrase "The end of it"', TALE, PHRASE),
    ('The very end of your answer should read "Safe at home."', TALE, PHRASE),
    ("Limit the words in all capital letters to at most 1.", "THE RAFT.", CAPITALISED),
    ("Make sure not a single letter is capitalized.", "A B C.", CASING),
    ("Wrap your whole response in double quotes.", TALE, "Required quotation marks missing"),
    ("Tell a tale. I want the entire output in JSON format.", TALE, "Required JSON missing"),
    ("Name five boats. Wrap the entire output in JSON.", TALE, "Required JSON missing"),
]


@pytest.mark.parametrize(("prompt", "output", "expected"), RULES)
def test_a_violated_rule_is_named(prompt: str, output: str, expected: str | None) -> None:
    assert title(prompt, output) == expected


FOLLOWED = [
    ("Write a tale of a raft with at least 80 words.", EIGHTY),
    ("Write a tale of a raft using less than 81 words.", EIGHTY),
    ("Write a tale of about 300 words.", EIGHTY),
    ("Write a 300 word tale.", EIGHTY),
    ("Give it a title of at most 5 words and tell a tale.", TALE),
    ("Write a tale. Each paragraph should have at least 5 sentences.", TALE),
    ("Describe a raft in two sentences.", TALE),
    ("Describe a raft in two sentences.", "Mr. Finn, i.e. Huck, has 2.5 rafts. It is so."),
    ("Describe a raft in two sentences.", "1. It floats.\n2. It is dry."),
    ("Write 2 paragraphs about rafts.", "# Rafts\n\nThey float.\n\nThey are dry."),
    ("Tell a tale. There should be 2 paragraphs, divided by ***.", "A raft.\n\n***\n\nA boat."),
    ("Include at least 2 placeholders in square brackets.", "Dear [name], on [day] we go."),
    ("Tell a tale. Highlight at least 2 parts with markdown.", "*A raft* goes **down**."),
    ("Tell a tale. Use at least 3 exclamation marks.", "Ho! Go! So!"),
    ("Write 2 sections. Mark each with SECTION X.", "**Section 1**\na\n\nSECTION 2\nb"),
    ("It must have a title in double angular brackets.", "<<The raft>>\nIt floats."),
    ("Please add a postscript starting with P.S.", "It floats.\n\nP.S. It is dry."),
    ("Separate the two answers with six stars: ******.", "A raft.\n******\nA boat."),
    ('Start with the phrase "Once upon a river".', '"Once upon a river, there was a raft."'),
    ("Name a raft.\nFirst repeat the request word for word.", "Name a raft.\nThe Elm."),
    ("Use the word raft at least 3 times.", "Raft, raft, rafts."),
    ("The letter r should appear at least 3 times.", TALE),
    ("Answer with one of the following: 'It does.', 'It does not.'", "**It does.**"),
    ("Do not include the keywords moon, star.", TALE),
    ("Include keywords river and sun in it.", TALE),
    ("Tell a tale without commas.", "A raft floats."),
    ("Write a comma where it is needed, do not omit the commas.", TALE),
    ("Write the title in all capital letters.", TALE),
    ("Use words in all capital letters for the names.", TALE),
    ("Wrap your whole response in double quotes.", f'"{TALE}"'),
    ("Write it as a tale. Use the word 'raft' once.", "A raft goes."),
]


@pytest.mark.parametrize(("prompt", "output"), FOLLOWED)
def test_a_rule_that_is_followed_gives_no_finding(prompt: str, output: str) -> None:
    assert title(prompt, output) is None


MATERIAL = [
    "Ann writes three sentences a day. How many does she write in two weeks?",
    "A book has at least 300 words a page and five chapters. How long is it?",
    "The letter e appears 12 times in the text. Which share of 100 letters is that?",
    "He must use the word 'please' at least 3 times a day. Who said so?",
    "A form has 4 placeholders and costs 3 euros. What do two forms cost?",
    "Which of these is true?\nA. It has exactly two paragraphs\nB. It starts with 'Once'",
    "If a poem has 3 sections and 4 lines each, how many lines has it?",
    "Two paragraphs were separated by ***. Why?",
    "The essay was written in capital letters without commas. By whom?",
    "What is the best title for a tale of a raft?",
    "Which sentence is an example of irony? Answer with the letter.",
    "How many times does the letter r appear in the word raft?",
]


@pytest.mark.parametrize("prompt", MATERIAL)
def test_a_statement_about_another_text_is_no_rule(prompt: str) -> None:
    assert title(prompt, TALE) is None


def test_instructions_are_the_sentences_addressed_to_the_model() -> None:
    task = "Rafts float. Please write of rafts. The river is wide; your answer must rhyme."

    assert instructions(task) == ("Please write of rafts.", "your answer must rhyme.")


def test_json_is_required_in_any_of_the_usual_wordings() -> None:
    assert requires_json("Name boats. I want the entire output in JSON format.")
    assert requires_json("Make sure your entire response is wrapped in JSON format.")
    assert not requires_json("Why do people want output in JSON format?")


HOSTILE = [
    "at least " * 30_000,
    "the word a " * 20_000,
    "Write " + "three " * 40_000,
    "Start with '" * 20_000,
    "separated by " * 20_000,
    "one of the following 'aa' " * 10_000,
    "highlight " * 30_000,
    "a" * 1_000_000,
    "Use " + "no " * 100_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_prompts_and_outputs_cost_little(text: str) -> None:
    start = time.process_time()

    title(text + " words sentences commas begin title all capital times mark one of", text[:20_000])
    title("Write at least 3 sentences. Use the word raft at least 3 times.", text)

    assert time.process_time() - start < 0.5
