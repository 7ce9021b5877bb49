"""Finds outputs in which the model refuses the task or says that it cannot do it."""

import re
from typing import Final

from ...detector import Case, Detection, Detector, Habit, title_of
from ...text.mentions import states_answer
from ...text.refusals import Refusal, refusal
from ...text.word_overlap import lowercase

MAX_CHARS: Final = 1_500
"""Longer outputs have worked on the task."""
# A guess close to the mean of all detectors: the measured sets contain hardly any refusals.
CONFIDENCE: Final = 0.8

FORBIDS_CHARS: Final = 100
"""Characters before words of the prompt in which it forbids them."""

_WORKING: Final = re.compile(r"=\s*[-$]?\d|^\s*(?:step )?[12][.):]\s", re.IGNORECASE | re.MULTILINE)
# A call, an object or a program: what it quotes, the model does not say.
_NO_PROSE: Final = re.compile(r"\s*(?:[\w.]{1,80}\(|[{\[<`]|\w{1,40}\s*=\s)")
# Here the words "I cannot answer" are among the right answers.
_MAY_DECLINE: Final = re.compile(
    r"\b(?:unanswerable|(?:can(?:no|')t|can not) be (?:answered|determined|found)"
    r"|(?:not|n't) (?:have )?enough (?:information|context)|insufficient (?:information|context)"
    r"|(?:do not|don't) know|(?:not|n't) (?:contain|provide|mention|present|available|answered)\b"
    r"[^.\n]{0,40}\b(?:answer|information|passage|context|document|text|article)|no answer"
    r"|(?:decline|refuse) to answer|not sure|impossible to answer|(?:not|n't) answerable)\b",
    re.IGNORECASE,
)
# In these tasks the model repeats what others say.
_OTHERS_WORDS: Final = re.compile(
    r"\b(?:translat\w*|paraphras\w*|rewrite|rephrase|grammar|proofread|play the (?:role|part)"
    r"|role-?play|pretend|dialogue|conversation|lyrics|song|poem|story|letter|e-?mail|monologue"
    r"|script|speech|(?:an|the|some) excuses?|excuses for|apolog(?:y|ies)"
    r"|turn(?:ing)? down an? \w|declin(?:e|ing) an? \w|text message|voicemail)\b",
    re.IGNORECASE,
)
_OF_A_MODEL: Final = re.compile(
    r"\b(?:AI|language model|assistant|request|translat\w*|guidelines|content|text|fulfil\w*|comply"
    r"|appropriate|inappropriate|harmful|ethical)\b",
    re.IGNORECASE,
)
_OTHERS_WORDS_ABROAD: Final = re.compile(
    # German
    r"\b(?:ausred\w*|entschuldigung\w*|(?:einen|den|im) brief|dialog\w*|gespr.ch\w*"
    r"|gedicht\w*|absag\w*|ablehn\w*|.bersetz\w*|umformulier\w*|geschichte (?:von|.ber|mit))\b"
    # French
    r"|\b(?:(?:une|des) excuses?|lettres?|courriels?|(?:une|courte) histoire|r.cits?|dialogues?|"
    r"conversations?|po.mes?|chansons?|refus(?:er|ez)?|d\u00e9clin\w*|tradui\w*|traductions?|"
    r"reformul\w*|r.pliques?|discours)\b"
    # Spanish
    r"|\b(?:excusas?|disculpas?|cartas?|correos?|una historia|cuentos?|relatos?|di.logos?|"
    r"conversaci.n|canci.n|rechaz\w*|tradu\w*|reescrib\w*|discurso)\b"
    # Italian
    r"|\b(?:scus[ae]|letter[ae]|una storia|raccont[oi]|dialog[oi]|conversazion[ei]|"
    r"poesi[ae]|canzon[ei]|rifiut\w*|riscriv\w*|discorso)\b"
    # Portuguese
    r"|\b(?:desculpas?|uma hist.ria|contos?|di.logos?|conversas?|can\u00e7\u00e3o|recus\w*|"
    r"reescrev\w*)\b"
    # Russian
    r"|\u043f\u0438\u0441\u044c\u043c|\u0440\u0430\u0441\u0441\u043a\u0430\u0437|"
    r"\u0434\u0438\u0430\u043b\u043e\u0433|"
    r"\u0440\u0430\u0437\u0433\u043e\u0432\u043e\u0440|\u0441\u0442\u0438\u0445|"
    r"\u043f\u0435\u0441\u043d|\u043e\u0442\u043a\u0430\u0437|"
    r"\u0438\u0437\u0432\u0438\u043d\u0435\u043d|"
    r"\u043e\u0442\u0433\u043e\u0432\u043e\u0440\u043a|"
    r"\u043f\u0435\u0440\u0435\u0432\u043e\u0434|"
    r"\u043f\u0435\u0440\u0435\u0432\u0435\u0434|"
    r"\u043f\u0435\u0440\u0435\u043f\u0438\u0448"
    # Czech
    r"|\b(?:v.mluv\w*|omluv\w*|dopis\w*|p\u0159\u00edb\u011bh\w*|rozhovor\w*|b\u00e1se\w|p\u00edse\w|odm.tn\w*|"
    r"p.elo.\w*)\b"
    # Chinese
    r"|\u501f\u53e3|\u9053\u6b49|\u81f4\u6b49|\u62d2\u7edd|\u5a49\u62d2|\u63a8\u8f9e|"
    r"\u5199\u4fe1|\u5c01\u4fe1|\u7684\u4fe1|\u90ae\u4ef6|\u6545\u4e8b|\u5bf9\u8bdd|"
    r"\u6b4c\u8bcd|\u8bd7|\u53f0\u8bcd|\u7ffb\u8bd1|\u626e\u6f14|\u56de\u590d|\u6539\u5199"
    # Japanese
    r"|\u8a00\u3044\u8a33|\u304a\u8a6b\u3073|\u8b1d\u7f6a|\u65ad[\u308a\u308b\u3063]|"
    r"\u624b\u7d19|\u30e1\u30fc\u30eb|\u8fd4\u4fe1|\u7269\u8a9e|\u5c0f\u8aac|\u4f1a\u8a71|"
    r"\u5bfe\u8a71|\u6b4c\u8a5e|\u8a69|\u53f0\u8a5e|\u30bb\u30ea\u30d5|\u305b\u308a\u3075|"
    r"\u7ffb\u8a33|\u8a33\u3057\u3066|\u66f8\u304d\u63db\u3048|\u5f79\u3092|"
    r"\u306b\u306a\u308a\u304d",
    re.IGNORECASE,
)
_OF_A_MODEL_ABROAD: Final = re.compile(
    r"\bKI\b|Sprachmodell|Anfrage|mod.le de lang\w+|\bIA\b|\bassistant|demande|"
    r"modelo de l\w+|asistente|solicitud|modello linguistico|assistente|richiesta|pedido|"
    r"jazykov. model|po.adav|\u044f\u0437\u044b\u043a\u043e\u0432|"
    r"\u0437\u0430\u043f\u0440\u043e\u0441|\u8bed\u8a00\u6a21\u578b|"
    r"\u4eba\u5de5\u667a\u80fd|\u8bf7\u6c42|\u8a00\u8a9e\u30e2\u30c7\u30eb|"
    r"\u30a2\u30b7\u30b9\u30bf\u30f3\u30c8|\u30ea\u30af\u30a8\u30b9\u30c8|"
    r"\u3054\u8981\u671b|\u3054\u4f9d\u983c",
    re.IGNORECASE,
)
# "If the text does not say it, answer 'I cannot answer this'", but not "Never say 'I cannot'".
_FORBIDS: Final = re.compile(
    r"(?:\b(?:not|never|avoid|without)|n't) (?:ever |just )?(?:say|writ|answer|repl|respond|us"
    r"|output|includ|start|begin|stat)\w{0,6}\b[^.\n]{0,60}\Z"
)
_ABOUT_MODEL: Final = re.compile(
    r"\b(?:do|are|were|can|could) you (?:have|feel|think|see|know|an?|human|alive|access)\b"
    r"|\byour\b|\byou (?:think|feel)\b",
    re.IGNORECASE,
)


def detect(case: Case) -> Detection | None:
    """Find short outputs that begin with a refusal and give no answer or working after it."""
    output = case.output
    if len(output) > MAX_CHARS or _NO_PROSE.match(output):
        return None
    found = refusal(output)
    if found is None or _is_right(case) or _is_of_another(case, found):
        return None
    if _answers_anyway(case, found.end):
        return None
    return Detection(
        title="Task refused",
        summary="The model refuses instead of answering:"
        f" {' '.join(output[found.start : found.end].split())!r}.",
        spans=((found.start, found.end),),
        confidence=CONFIDENCE,
    )


def _is_right(case: Case) -> bool:
    """Whether declining can be right here, by the prompt, the reference or other answers."""
    if _MAY_DECLINE.search(case.prompt) or _MAY_DECLINE.search(case.reference or ""):
        return True
    return any(refusal(text) for text in (case.reference or "", *case.correct_outputs))


def _is_of_another(case: Case, found: Refusal) -> bool:
    """Whether the sentence may be spoken by somebody in the text, or is a true answer."""
    if _ABOUT_MODEL.search(case.prompt) and found.limit:
        return True
    if _is_in_prompt(case.prompt, case.output[found.start : found.end]):
        return True
    spoken = _OTHERS_WORDS.search(case.prompt) or _OTHERS_WORDS_ABROAD.search(case.prompt)
    own = _OF_A_MODEL.search(case.output) or _OF_A_MODEL_ABROAD.search(case.output)
    return bool(spoken) and not own


def _is_in_prompt(prompt: str, words: str) -> bool:
    """Whether the prompt has these words, and does not forbid them."""
    text = " ".join(lowercase(prompt).split())
    place = text.find(" ".join(lowercase(words).split()))
    return place >= 0 and not _FORBIDS.search(text[max(0, place - FORBIDS_CHARS) : place])


def _answers_anyway(case: Case, place: int) -> bool:
    """Whether an answer or a working follows the refusal."""
    rest = case.output[place:]
    answered = case.answer is not None and not case.answer.guessed and case.answer.start >= place
    return answered or states_answer(rest) or _WORKING.search(rest) is not None


DETECTOR: Final = Detector(
    name="refusal",
    finding="Task refused",
    description="The model refuses or says that it cannot do the task, and no answer follows.",
    category="inappropriate_refusal",
    kind="cause",
    rank=11,
    detect=detect,
    habit=Habit(form=title_of(detect), presumed=False),
)
