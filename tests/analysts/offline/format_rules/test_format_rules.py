"""Format rules: violations are found, and neither obeyed rules nor rules about other texts."""

import time

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.format_rules import DETECTORS
from error_map.analysts.offline.format_rules.instructions import instructions
from error_map.analysts.offline.format_rules.json_rules import requires_json

TALE = "A raft of nine logs goes down the river. The boy on it sings, and the sun is warm."
EIGHTY = " ".join(["word"] * 80)


def titles(prompt: str, output: str) -> list[str]:
    case = Case(prompt=prompt, output=output)
    return [found.title for one in DETECTORS if (found := one.detect(case))]


def summary(prompt: str, output: str) -> str:
    case = Case(prompt=prompt, output=output)
    (found,) = [found for one in DETECTORS if (found := one.detect(case))]
    return found.summary


CAPITALISED = "Wrong number of words in capitals"
UPPER = "Not all in capital letters"
LOWER = "Not all in lower case"
WORDS = "Wrong number of words"
SENTENCES = "Wrong number of sentences"
PARAGRAPHS = "Wrong number of paragraphs"
PUNCTUATION = "Wrong number of punctuation marks"
FREQUENCY = "Word used too often or too rarely"
LETTERS = "Letter used too often or too rarely"
KEYWORD = "Required keyword missing"
FORBIDDEN = "Forbidden word used"
COMMAS = "Comma used although forbidden"
START = "Required beginning missing"
END = "Required ending missing"
HIGHLIGHTS = "Wrong number of highlighted parts"
OPENING = "Paragraph begins with wrong word"
QUOTES = "Quotation marks around answer missing"
ONE = "More than a single word or number"
RULES = [
    ("Write a tale of a raft with at least 100 words.", EIGHTY, WORDS),
    ("Write a 100+ word tale of a raft.", EIGHTY, WORDS),
    ("Write a tale of a raft using less than 80 words.", EIGHTY, WORDS),
    ("Write a tale with 100 or more words about rafts.", EIGHTY, WORDS),
    ("Describe the raft. Your answer must not exceed 60 words.", EIGHTY, WORDS),
    ("Write exactly 90 words about rafts.", EIGHTY, WORDS),
    ("Write a tale of about 300 words.", EIGHTY, WORDS),
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
    (
        "Tell a tale. Highlight at least 2 parts with markdown.",
        TALE,
        "Wrong number of highlighted parts",
    ),
    (
        "Tell a tale. Use at least 3 exclamation marks.",
        "Ho! Go!",
        PUNCTUATION,
    ),
    (
        "Write a post with at least two hashtags.",
        "#raft is dry",
        PUNCTUATION,
    ),
    (
        "Write a guide with 3 sections. Mark the beginning of each with SECTION X.",
        "SECTION 1\nWood.\nSECTION 2\nRope.",
        "Sections missing",
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
    ('Start your response with the phrase "Once upon a river".', TALE, START),
    ("Begin with 'Dear captain'.", TALE, START),
    (
        "What floats on the great river?\nFirst repeat the request word for word, then answer.",
        "A raft does.",
        "Request not repeated",
    ),
    ("Tell a tale. Use the word raft at least 3 times.", TALE, FREQUENCY),
    ('Tell a tale. The word "sun" should appear less than 1 times.', TALE, FREQUENCY),
    ("Tell a tale in which the letter q should appear at least 2 times.", TALE, LETTERS),
    ("Tell a tale. The letter q should appear at least twice.", TALE, LETTERS),
    (
        "Does a raft float? Answer with one of the following: 'It does.', 'It does not.'",
        "Of course.",
        "None of the given phrases used",
    ),
    ("Tell a tale. Do not include the keywords sun, moon.", TALE, FORBIDDEN),
    ("Tell a tale. Include keywords river and mill in it.", TALE, KEYWORD),
    ("Tell a tale. Include the keywords ['river', 'mill'].", TALE, KEYWORD),
    ("Tell a tale with the keywords 'river' and 'mill'.", TALE, KEYWORD),
    ('Tell a tale. The word "sun" should not appear.', TALE, FORBIDDEN),
    ('Tell a tale without using the words "sun" or "moon".', TALE, FORBIDDEN),
    ("Your whole response should be in English and in all lowercase letters.", "A B C.", LOWER),
    ("Tell a tale in all capital letters.", TALE, UPPER),
    ("Tell a tale. No capital letters are allowed.", "AND SO.", LOWER),
    ("Tell a tale and make sure you don't use any commas.", TALE, COMMAS),
    ("You are not allowed to use commas in the tale.", TALE, COMMAS),
    ("Tell a tale. No commas, please.", TALE, COMMAS),
    ('Finish the tale with this exact phrase: "The end of it"', TALE, END),
    ('The very last sentence of your answer should be "The end of it".', TALE, END),
    ('End your whole response with the exact phrase "The end of it"', TALE, END),
    ('The very end of your answer should read "Safe at home."', TALE, END),
    ("Limit the words in all capital letters to at most 1.", "THE RAFT.", CAPITALISED),
    ("Make sure not a single letter is capitalized.", "A B C.", LOWER),
    ("Wrap your whole response in double quotes.", TALE, "Quotation marks around answer missing"),
    ("Tell a tale. I want the entire output in JSON format.", TALE, "Required JSON missing"),
    ("Name five boats. Wrap the entire output in JSON.", TALE, "Required JSON missing"),
]


@pytest.mark.parametrize(("prompt", "output", "expected"), RULES)
def test_a_violated_rule_is_named(prompt: str, output: str, expected: str) -> None:
    assert expected in titles(prompt, output)


FOLLOWED = [
    ("Write a tale of a raft with at least 80 words.", EIGHTY),
    ("Write a tale of a raft using less than 81 words.", EIGHTY),
    ("Write a tale of about 130 words.", EIGHTY),
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
    assert titles(prompt, output) == []


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
    assert titles(prompt, TALE) == []


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

    titles(
        text + " words sentences commas begin title all capital times mark one of", text[:20_000]
    )
    titles("Write at least 3 sentences. Use the word raft at least 3 times.", text)

    assert time.process_time() - start < 0.5


# The kinds of case on which earlier versions stated something false, by their names.
CASES = {
    "instr-letter-count": (
        "Write a rap about a king. The letter k should show up at least 4 times.",
        "Kind kings keep kites.",
    ),
    "instr-capitals": (
        "In your response, words with all capital letters should appear at least 3 times.",
        "THIS IS A NOTE on the rubric.",
    ),
    "instr-dont-forget": (
        "Write an essay. Don't forget to include the keywords waste, material and meal.",
        "Waste and material and a meal.",
    ),
    "instr-avoid": (
        'Make the sentence livelier. Avoid using the word "station".',
        "The bus rolled into its destination.",
    ),
    "instr-range": (
        "Answer in 5 or 6 sentences.",
        "One is here. Two is here. Three is here. Four is here. Five is here.",
    ),
    "instr-keyword-more": (
        "Mention the keyword 'garden' for more than 5 times.",
        "garden garden garden garden garden garden.",
    ),
    "instr-less-than": (
        "Please provide less than a total of 8 sentences in your entire answer.",
        "One. Two. Three.",
    ),
    "instr-some-capitals": (
        "Respond with at least 2 sentences and have more than 4 words be in all capital letters.",
        "MOSS IS VERY SOFT INDEED. Step on it.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_answer_that_follows_its_rules_has_no_finding(name: str) -> None:
    assert titles(*CASES[name]) == []


# A wording, an answer that keeps the rule, one that breaks it, and the finding on the latter.
SAD = "It rains. It pours. It thunders. It hails."
WORDINGS = [
    ("Tell a tale in between 2 and 4 sentences.", SAD, "It rains.", SENTENCES),
    ("Tell a tale. Use 3 to 5 sentences.", SAD, "It rains. It pours.", SENTENCES),
    ("Keep your answer to four sentences.", SAD, f"{SAD} So it is.", SENTENCES),
    ("Tell a tale in 4-6 sentences.", SAD, "It rains.", SENTENCES),
    ("Tell a tale in 4 sentences or fewer.", SAD, f"{SAD} So it is.", SENTENCES),
    ("Don't write more than 4 sentences.", SAD, f"{SAD} So it is.", SENTENCES),
    ("Tell me of rafts in 80 words or less.", EIGHTY, f"{EIGHTY} word", WORDS),
    ("Describe a raft in no fewer than 80 words.", EIGHTY, EIGHTY[:-5], WORDS),
    ("Limit your answer to 80 words.", EIGHTY, f"{EIGHTY} word", WORDS),
    ("Write at most 2 bullet points.", "- a\n- b", "- a\n- b\n- c", "Wrong number of list items"),
    ("Include the following keywords: oak, elm.", "Oak, elm.", "An oak.", KEYWORD),
    ("Do not include the following keywords: rain, hails.", "It pours.", SAD, FORBIDDEN),
    ("There should be 2 sections highlighted.", "*It* **rains**.", SAD, HIGHLIGHTS),
    ("The 2-th paragraph should start with the word so.", "Oh.\n\nSo it is.", SAD, OPENING),
    ("Include the word 'oak' in your tale.", "An oak falls.", SAD, KEYWORD),
    ("Be sure to mention the words 'oak' and 'elm'.", "Oak, elm.", "An oak.", KEYWORD),
    ("Never forget to use the phrase 'so be it'.", "So be it.", SAD, KEYWORD),
    ("Do not fail to include the keyword 'oak'.", "An oak falls.", SAD, KEYWORD),
    ("The word 'oak' must appear in your answer.", "An oak falls.", SAD, KEYWORD),
    ("Refrain from using the words 'rain' and 'it'.", "Water falls.", SAD, FORBIDDEN),
    ("Tell a tale, but do not use the word 'hails'.", "It rains.", SAD, FORBIDDEN),
    ("Write a tale without mentioning the word 'hails'.", "It rains.", SAD, FORBIDDEN),
    ("The word 'hails' cannot appear in the answer.", "It rains.", SAD, FORBIDDEN),
    ("Exclude the words 'hails' and 'snow'.", "It rains.", SAD, FORBIDDEN),
    ("Use the word 'it' exactly four times.", SAD, "It rains.", FREQUENCY),
    ("Use the word 'it' no more than 4 times.", SAD, f"{SAD} It ends.", FREQUENCY),
    ("Do not use the word 'it' more than 4 times.", SAD, f"{SAD} It ends.", FREQUENCY),
    ('The letter "z" should appear at least, 2 times.', "Zoo zebra.", "Zoo.", LETTERS),
    ("Tell a tale without using the letter z.", SAD, "Zoo.", LETTERS),
    ("Avoid using the letter z more than twice.", "Zoo zebra.", "Zoo zebra zip.", LETTERS),
    ("At least 2 words in the output should be in all caps.", "GO ON.", "GO on.", CAPITALISED),
    ("Use fewer than 2 words in all capital letters.", "GO on.", "GO ON.", CAPITALISED),
    ("Write everything in lowercase letters only.", "it rains.", "It rains.", LOWER),
    ("Use all lowercase letters and include the word rain.", "rain falls.", "Rain.", LOWER),
    ("Answer in all caps.", "IT RAINS.", "It rains.", UPPER),
    (
        "The second paragraph must start with the word 'Then'.",
        "It rains.\n\nThen it stops.",
        "It rains.\n\nIt stops.",
        "Paragraph begins with wrong word",
    ),
    (
        "Your response should be 2 paragraphs long, separated with the divider: ***.",
        "It rains.\n***\nIt stops.",
        "It rains.\n***\nIt stops.\n***\nSo it is.",
        PARAGRAPHS,
    ),
    (
        "Your entire response should be in Hindi, no other language is allowed.",
        "\u0928\u0926\u0940 " * 20,
        "The river is wide and runs to the sea, and boats go down it.",
        "Answer in wrong language",
    ),
    (
        "Answer in only German.",
        "Der Fluss wird breiter und er fliesst weit hinab bis an das Meer.",
        "The river is wide and it runs far down to the sea in the end.",
        "Answer in wrong language",
    ),
    ("End your reply with: So it goes on", "It rains. So it goes on.", SAD, END),
    ("Put your whole response in double quotes.", '"It rains."', "It rains.", QUOTES),
    ("Answer with only the letter.", "B", f"B is right: {SAD}", ONE),
    ("Describe it using the words 'oak' or 'elm'.", "An elm.", "A fir.", KEYWORD),
    ("- At least 4 sentences\n- No commas", SAD, "It rains.", SENTENCES),
    ("Reply in a single word.", "Raft.", "It is a raft of logs.", ONE),
]


@pytest.mark.parametrize(("prompt", "kept", "broken", "expected"), WORDINGS)
def test_a_rule_is_understood_in_both_directions(
    *, prompt: str, kept: str, broken: str, expected: str
) -> None:
    assert titles(prompt, kept) == []
    assert titles(prompt, broken) == [expected]


UNCLEAR = [
    "I have to write an essay of at least 500 words. What should it be about?",
    "Answer with 'yes' or 'no' and one sentence of explanation.",
    "Write a headline in all caps followed by a normal paragraph.",
    "Use all caps for emphasis.",
    "Do not mention the words 'hails' and 'snow' in the title.",
    "Explain why one should never use the word 'hails' in a poem.",
    "Write a tale where a man must use the word 'please' at least 5 times a day.",
    "List words that contain the letter q at least twice.",
    "Feel free to use the word 'snow' at least 3 times.",
    "You don't have to write more than 2 sentences.",
    'Translate into French: "Write exactly five sentences without any rain."',
    "Respond in at most 3 words. Then give a version of at least 50 words.",
    "Give the answer first, then explain it in three sentences.",
    'Do not start your answer with "Sure".',
    'Never end your answer with "Over and out".',
    "Write a sentence with the word 'it'. Use the word only once.",
    "Give me a tale. The last paragraph should contain exactly 2 sentences.",
    "If the text has more than 5 sentences, say 'long'.",
    "Use no more than two adjectives per sentence.",
    "Make sure every sentence begins with the letter S.",
    "Write about five sentences.",
    "Write a few words in capital letters.",
    "Add one sentence on the weather to the letter below.",
    "Combine the two sentences into a better one.",
    "Start each paragraph with the word 'Then'.",
    "Use the word count of the text as a title.",
    "Write a two-sentence tale. Answer with at least 10 sentences.",
    "Schreibe genau drei S\u00e4tze und benutze nie das Wort \u201eRegen\u201c.",
    "Antworte nur in Kleinbuchstaben, mit h\u00f6chstens 3 W\u00f6rtern.",
    "Escribe exactamente tres frases sin usar la palabra 'lluvia'.",
    "Contesta en una sola palabra, en letras min\u00fasculas.",
    "He was told to write without commas and in capital letters. What did he do?",
    "Describe the difference between 'it' and 'that'. Do not explain the word 'that'.",
]


@pytest.mark.parametrize("prompt", UNCLEAR)
def test_a_wording_that_is_not_understood_gives_no_finding(prompt: str) -> None:
    assert titles(prompt, SAD) == []


def test_a_finding_states_the_rule_as_the_prompt_words_it_and_what_the_answer_has() -> None:
    assert summary("Write at least 5 sentences.", SAD) == (
        "The prompt asks for 'at least 5 sentences'; the answer has 4 sentences."
    )
    assert summary("Don't write more than 3 sentences.", SAD) == (
        'The prompt asks for "Don\'t write more than 3 sentences"; the answer has 4 sentences.'
    )
    assert summary("Use the word 'it' at least 5 times.", SAD) == (
        "The prompt asks for \"word 'it' at least 5 times\"; the answer has the word 'it' 4 times."
    )
    assert summary("Write exactly two bullet points.", "1. oak\n2. elm") == (
        "The prompt asks for 'exactly two bullet points'; the answer has no items with bullet"
        " points, but 2 items with numbers."
    )


def test_a_finding_quotes_the_place_that_breaks_the_rule() -> None:
    def quotes(prompt: str) -> list[str]:
        case = Case(prompt=prompt, output=SAD)
        found = [detection for one in DETECTORS if (detection := one.detect(case))]
        return [SAD[start:end] for one in found for start, end in one.spans]

    assert quotes("Do not use the word 'hails'.") == ["hails"]
    assert quotes("Use the word 'it' at most twice.") == ["It"]
    assert quotes("Write in all caps.") == ["It"]


def test_all_broken_rules_are_found() -> None:
    prompt = "Answer in all caps. Use at least 9 sentences. Do not use the word 'hails'."

    assert sorted(titles(prompt, SAD)) == sorted([UPPER, SENTENCES, FORBIDDEN])


@pytest.mark.parametrize(
    ("prompt", "output", "found"),
    [
        (
            "Racontez-le sans utiliser de virgules.",
            "Un clou, seul.",
            ["Comma used although forbidden"],
        ),
        ("Cu\u00e9ntalo sin usar comas.", "Un clavo, solo.", ["Comma used although forbidden"]),
        ("Mots s\u00e9par\u00e9s par des virgules, pas par des points.", "Un, deux.", []),
        ("\u00c9crivez uniquement en lettres minuscules.", "Un clou.", [LOWER]),
        ("R\u00e9pondez enti\u00e8rement en MAJUSCULES, sans minuscules.", "UN clou.", [UPPER]),
        ("Escribe todo en may\u00fasculas.", "UN clavo.", [UPPER]),
        ("Limitez les mots enti\u00e8rement en majuscules.", "Un clou.", []),
    ],
)
def test_rules_in_french_and_spanish(prompt: str, output: str, found: list[str]) -> None:
    assert titles(prompt, output) == found


@pytest.mark.parametrize(
    ("output", "place"),
    [
        ('[\n {"A": "x": "y"},\n {"B": "x": "y"}\n]', "line 2, column 11"),
        ('{\n"a": "open\n```\n{\n"a": "again', "line 5, column 2"),
        ('Take {"x", 2}.\n{"a": 1,\n"b" 2}', "line 3, column 5"),
    ],
)
def test_the_first_fault_of_the_json_is_the_one_reported(output: str, place: str) -> None:
    assert place in summary("Answer in JSON.", output)
