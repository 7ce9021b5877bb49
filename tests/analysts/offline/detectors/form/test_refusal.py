"""Refusals, and polite or quoted words that are none."""

import pytest

from error_map.analysts.offline.detector import Case
from error_map.analysts.offline.detectors.form.refusal import DETECTOR


@pytest.mark.parametrize(
    "output",
    [
        "I'm sorry, but I can't help with that request.",
        "I\u2019m sorry, but I cannot assist with writing this letter.",
        "As an AI language model, I don't have opinions on bakeries.",
        "I am unable to view images, so the drawing is unknown to me.",
        "Unfortunately, I cannot answer this question.",
        "I must respectfully decline. Please ask a baker.",
        "I don't have access to the file that you mention.",
        "Thank you for asking. We cannot comply with this.",
    ],
)
def test_an_output_that_declines_is_a_refusal(output: str) -> None:
    detection = DETECTOR.detect(Case(prompt="Describe a bakery.", output=output))

    assert detection is not None
    start, end = detection.spans[0]
    assert output[start:end]
    assert detection.title == "Task refused"


@pytest.mark.parametrize(
    "output",
    [
        "I cannot use the formula for circles here, so I count squares: 4 + 5 = 9.",
        "The baker cannot help the miller, who is unable to pay. Both lose.",
        "I'm sorry, but I can't be sure of the shape. Still, the answer is (B).",
        "I am unable to see the drawing, but going by the text there are 3 * 4 = 12 tiles.",
        "She said: sorry that the oven broke. It was mended in June.",
        "We cannot divide by zero, which rules out the first case and leaves 7 as the value.",
        "I can answer that: a bakery sells bread.",
        "It cannot be determined from the picture who won.",
        "The clerk was sorry. "
        + "Then he told a long story about the town. " * 30
        + "I cannot help you, he said.",
    ],
)
def test_an_answer_that_merely_has_such_words_is_no_refusal(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None


def test_a_refusal_after_long_work_is_not_the_gist() -> None:
    output = "A bakery has ovens and a shop window. " * 50 + "I cannot help with the rest."

    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None


@pytest.mark.parametrize(
    "output",
    [
        "Das geht leider nicht. Ich kann Ihnen dabei nicht helfen.",
        "Es tut mir leid, aber ich kann diese Anfrage nicht beantworten.",
        "Désolé, je ne peux pas vous aider avec cette demande.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "Mi dispiace, ma non posso rispondere a questa domanda.",
        "Desculpe, mas não posso ajudar com isso.",
        "Извините, но я не могу выполнить этот запрос.",
        "很抱歉我无法回答这个问题。",
        "申し訳ありませんが、その質問にはお答えできません。",
        "Bohužel tuto informaci nemám k dispozici.",
        "Omlouvám se, ale s tímto požadavkem vám nemohu pomoci.",
    ],
)
def test_a_refusal_is_recognised_in_ten_languages(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output))


@pytest.mark.parametrize(
    "output",
    [
        "Ich kann ihm nicht helfen, sagte der Bäcker, und ging in die Stube.",
        "Je ne peux pas oublier le pain de cette ville.",
        "No puedo creer que el pan sea tan bueno.",
        "Non posso dimenticare il pane di questa città.",
        "Não posso esquecer o pão desta cidade.",
        "Я не могу забыть хлеб этого города.",
        "我不能忘记这座城市的面包。",
        "このパンの味を忘れることはできません。",
        "Nemohu zapomenout na chléb tohoto města.",
        "Lo siento, pero no puedo darle el nombre. " + "El pan se hace con agua. " * 15,
    ],
)
def test_an_ordinary_text_in_another_language_is_no_refusal(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None


@pytest.mark.parametrize(
    "output",
    [
        # Idioms and other people's words.
        "So we cannot help asking whether somebody else is out there, looking back at us.",
        "I can't help but smile when the ovens are lit. It smells of rye.",
        "I cannot give up this street, nor will I give away a single roll.",
        'The note says: "I am sorry, but I cannot help with this." It was signed by the miller.',
        # Limits, after which the answer or where to find it follows.
        (
            "As an AI, I don't have real-time access to tram schedules. I recommend checking the"
            " operator's web page for the most accurate times."
        ),
        (
            "I'm sorry, but I can't provide current opening times. However, you can visit the page"
            " of the bakery, or call it between five and nine in the morning."
        ),
        (
            "As an AI, I don't have feelings. However, I can tell you that bakers rise at three,"
            " light the oven, and bake rye and wheat in turn until the shop opens at six."
        ),
        "I cannot draw a bakery, but I can describe one: it has an oven, a window and a bench.",
        # Opinions and excuses.
        "I'm sorry, but you haven't said which bakery you mean.",
        "I would not recommend this bakery: the rolls are stale.",
        # Calls and objects: what they quote is not said by the model.
        'send_reply(text="I cannot answer the phone now.")',
        '{"reply": "I am sorry, but I cannot help with that request."}',
    ],
)
def test_what_only_sounds_like_a_refusal_is_none(output: str) -> None:
    assert DETECTOR.detect(Case(prompt="Describe a bakery.", output=output)) is None


UNANSWERABLE = "Answer from the passage. If there is not enough information, say so. Who paid?"
DECLINED = "I cannot answer this question: the passage does not say who paid."


def test_where_the_task_allows_for_it_declining_is_an_answer() -> None:
    assert DETECTOR.detect(Case(prompt="Who paid?", output=DECLINED))
    assert DETECTOR.detect(Case(prompt=UNANSWERABLE, output=DECLINED)) is None
    right = Case(prompt="Who paid?", output=DECLINED, correct_outputs=(DECLINED,))
    assert DETECTOR.detect(right) is None
    gold = Case(prompt="Who paid?", output=DECLINED, reference="Cannot be answered")
    assert DETECTOR.detect(gold) is None


def test_the_words_of_a_translation_or_a_letter_are_not_the_models() -> None:
    output = "I'm sorry, but I cannot help you with the flour this week."
    refused = "I'm sorry, but I cannot help you with this request."

    assert DETECTOR.detect(Case(prompt="Translate: Lo siento, pero ...", output=output)) is None
    assert DETECTOR.detect(Case(prompt="Write a letter to the baker.", output=output)) is None
    assert DETECTOR.detect(Case(prompt="Write a letter to the baker.", output=refused))


def test_limits_of_a_model_are_the_answer_to_a_question_about_it() -> None:
    output = "As an AI language model, I don't have opinions."

    assert DETECTOR.detect(Case(prompt="What is the best bread?", output=output))
    assert DETECTOR.detect(Case(prompt="Do you have opinions?", output=output)) is None


MISSED = "\u304a\u7b54\u3048\u3067\u304d\u307e\u305b\u3093"
"""Japanese: "cannot answer"."""


@pytest.mark.parametrize(
    ("prompt", "output"),
    [
        (
            "\u8a00\u3044\u8a33\u3092\u66f8\u3044\u3066\u304f\u3060\u3055\u3044\u3002",
            f"\u96fb\u8a71\u306b{MISSED}\u3002",
        ),
        ("Describe a call that you missed.", f"\u96fb\u8a71\u306b{MISSED}\u3067\u3057\u305f\u3002"),
        ("Write an excuse for the baker.", "Sorry, I cannot help you with the ovens tonight."),
        (
            "R\u00e9digez une lettre au meunier.",
            "Je suis d\u00e9sol\u00e9, mais je ne peux pas venir.",
        ),
        ("Escribe una excusa para Ana.", "Lo siento, pero no puedo ir a la panader\u00eda."),
        (
            "Who paid? If the passage does not tell, reply: I cannot answer this question.",
            "I cannot answer this question.",
        ),
    ],
)
def test_words_that_the_prompt_asks_for_or_contains_are_no_refusal(
    prompt: str, output: str
) -> None:
    assert DETECTOR.detect(Case(prompt=prompt, output=output)) is None


@pytest.mark.parametrize(
    ("prompt", "output"),
    [
        ("Briefly describe a bakery.", "I'm sorry, but I can't help with that."),
        ("Never say 'I cannot help with that'. Who paid?", "I'm sorry, I cannot help with that."),
        (
            "R\u00e9digez une lettre au meunier.",
            "Je suis d\u00e9sol\u00e9, mais je ne peux pas traiter cette demande.",
        ),
        (
            "\u624b\u7d19\u3092\u66f8\u3044\u3066\u3002",
            f"\u305d\u306e\u30ea\u30af\u30a8\u30b9\u30c8\u306b\u306f{MISSED}\u3002",
        ),
    ],
)
def test_a_refusal_of_such_a_task_is_still_told(prompt: str, output: str) -> None:
    assert DETECTOR.detect(Case(prompt=prompt, output=output))
