"""Finds sentences in which a model refuses a task or says that it cannot do it."""

import re
from dataclasses import dataclass
from typing import Final

OPENING_CHARS: Final = 200
"""Characters in which a refusal must begin: later ones concern only a part of the task."""
# A refusal explains itself and offers something else, in a few sentences.
MAX_REST_CHARS: Final = 900
"""Length of the text after a refusal from which on it is an answer with a reservation."""
MAX_FOREIGN_REST_CHARS: Final = 300
"""The same in other languages than English, where words such as "however" are not searched for."""
# "I have no access to that. Please send the text."
MAX_LIMIT_REST_CHARS: Final = 80
"""The same after a limit of the model, which refuses nothing if something else follows."""

_ABLE: Final = (
    r"(?:can(?:no|')?t|can not|could not|couldn't|won't|will not|am (?:not able|unable) to"
    r"|'m (?:not able|unable) to|am not (?:allowed|permitted|comfortable|programmed|designed) to"
    r"|'m not (?:allowed|permitted|comfortable|programmed|designed) to)"
)
_ADVERB: Final = r"(?:(?:actually|currently|directly|really|simply|possibly|ethically|just) )?"
# What a model says that declines, about its task and not about somebody's life.
_DECLINES: Final = (
    rf"\b(?:I|we) ?{_ABLE} {_ADVERB}(?:(?:help|assist)(?: you)?(?= (?:with|in|on|to)\b|[.,!])"
    r"|(?:help|assist) you\b|comply\b|fulfil|do (?:that|this)\b"
    r"|proceed with\b|(?:answer|respond to|process|complete|perform|carry out|view|open|see|access)"
    r" (?:this|that|your|the|any|such|these) ?(?:\w+ )?(?:question|request|task|query|prompt|image"
    r"|picture|photo|file|link|attachment|website|page|document|video)s?"
    r"|(?:answer|respond to) (?:this|that)\b|view images|open links|pretend to\b)"
    rf"|\b(?:I|we) ?{_ABLE} {_ADVERB}(?:provide|give|offer)(?: you)?(?: with)? (?:an?|the|any)"
    r" (?:[a-z-]+ ){0,2}(?:answer|solution|response)\b"
    r"|\b(?:I|we) (?:must|have to|respectfully) (?:respectfully )?(?:decline|refuse)\b"
    r"|\bI (?:decline|refuse) to\b|\bI (?:do not|don't) feel comfortable\b"
    r"|\bthat(?: is|'s) beyond my capabilities\b"
    r"|\b(?:sorry|apologi[sz]e|unfortunately)[^.\n]{0,40}\b(?:cannot|can't|unable to)"
    r" (?:fulfil|comply with|assist with|help with)"
)
# Letters and songs have these verbs too: other words must show that a task is meant.
_WITHHOLDS: Final = (
    rf"\b(?:I|we) ?{_ABLE} {_ADVERB}(?:provide|give(?! (?:up|in|away|him|her|them|myself)\b)|offer"
    r"|share|create|write|generate|produce|discuss|translate|summari[sz]e)\b"
)
_TASK: Final = re.compile(
    r"\b(?:sorry|apologi[sz]e|unfortunately|AI|assistant|language model|request|inappropriate"
    r"|appropriate|harmful|ethical|unethical|illegal|guidelines|policy|policies|instead|respectful"
    r"|discriminat\w*|offensive|assist|happy to help)\b",
    re.IGNORECASE,
)
_LIMIT: Final = (
    r"\b(?:I|we) ?(?:do not|don't|have no|lack) ?(?:have )?(?:direct |any )?(?:access\b|the ability"
    r"|the capability|information (?:about|on)|opinions?\b|personal opinions?\b)"
    r"|\bI ?(?:'m| am) (?:not able|unable) to (?:browse|access|view|see|open|read)\b"
)
_FOREIGN: Final = (
    # German
    r"\bkann ich (?:ihnen |dir )?(?:leider )?(?:dabei |damit |hierbei )?(?:leider )?"
    r"nicht (?:weiter)?helfen|\bich kann (?:ihnen |dir )?(?:leider )?(?:dabei |damit |hierbei )?"
    r"(?:leider )?nicht (?:weiter)?helfen|\bkann ich (?:leider )?(?:diese|ihre|deine)"
    r" \w{3,20} (?:leider )?nicht (?:erf\u00fcllen|beantworten|bearbeiten|nachkommen)"
    r"|\bich kann (?:leider )?(?:diese|ihre|deine) \w{3,20} (?:leider )?nicht (?:erf\u00fcllen"
    r"|beantworten|bearbeiten)|\btut mir leid, aber (?:ich kann|das kann ich|dabei kann ich)\b"
    # French
    r"|\bje (?:ne peux(?: malheureusement)? pas|ne suis pas (?:en mesure|capable) de"
    r"|suis (?:dans l'incapacit\u00e9|incapable) de) ?(?:vous |t')?(?:aider|r\u00e9pondre \u00e0"
    r"|fournir|satisfaire|traiter|g\u00e9n\u00e9rer|assister|donner suite)"
    r"|\bje suis (?:d\u00e9sol\u00e9|navr\u00e9)e?,? mais je ne peux pas\b"
    # Spanish
    r"|\bno puedo (?:ayudar(?:te|le|los)?\b|cumplir con|proporcionar|responder a (?:esta|esa|tu|su)"
    r"|realizar (?:esta|esa)|completar (?:esta|esa)|generar)"
    r"|\blo siento,? pero no (?:puedo|me es posible)\b"
    # Italian
    r"|\bnon posso (?:aiutar(?:ti|la|vi|e)\b|rispondere a (?:questa|quest')|fornire|soddisfare"
    r"|generare|assister)|\bmi dispiace,? ma non (?:posso|sono in grado)\b"
    # Portuguese
    r"|\bn\u00e3o posso (?:ajudar|fornecer|responder a (?:essa|esta)|atender|cumprir|gerar)"
    r"|\b(?:desculpe|sinto muito|lamento),? mas n\u00e3o (?:posso|consigo)\b"
    # Russian
    r"|\b\u044f? ?\u043d\u0435 (?:\u043c\u043e\u0433\u0443|\u0441\u043c\u043e\u0433\u0443)"
    r" (?:\u0432\u0430\u043c |\u0442\u0435\u0431\u0435 )?(?:\u043f\u043e\u043c\u043e\u0447\u044c"
    r"|\u043e\u0442\u0432\u0435\u0442\u0438\u0442\u044c \u043d\u0430"
    r"|\u043f\u0440\u0435\u0434\u043e\u0441\u0442\u0430\u0432\u0438\u0442\u044c"
    r"|\u0432\u044b\u043f\u043e\u043b\u043d\u0438\u0442\u044c)"
    # Chinese
    r"|(?:\u62b1\u6b49|\u5bf9\u4e0d\u8d77|\u5f88\u9057\u61be)[^\u3002\n]{0,12}"
    r"(?:\u65e0\u6cd5|\u4e0d\u80fd|\u6ca1\u529e\u6cd5)"
    r"|\u6211(?:\u65e0\u6cd5|\u4e0d\u80fd)(?:\u5e2e\u52a9|\u534f\u52a9|\u63d0\u4f9b|\u56de\u7b54"
    r"|\u6ee1\u8db3|\u5b8c\u6210)"
    # Japanese
    r"|(?:\u7533\u3057\u8a33|\u3059\u307f\u307e\u305b\u3093|\u6b8b\u5ff5\u306a\u304c\u3089)"
    r"[^\u3002\n]{0,60}(?:\u3067\u304d\u307e\u305b\u3093|\u3067\u304d\u304b\u306d\u307e\u3059"
    r"|\u3044\u305f\u3057\u304b\u306d\u307e\u3059)"
    # not of something that the speaker could not do in the past
    r"|\u304a(?:\u624b\u4f1d\u3044|\u7b54\u3048)(?:\u3059\u308b\u3053\u3068\u306f)?"
    r"\u3067\u304d\u307e\u305b\u3093(?!\u3067\u3057\u305f)"
    # Czech
    r"|\b(?:bohu\u017eel|omlouv\u00e1m se|je mi l\u00edto)[^.\n]{0,40}\b(?:nemohu|nem\u016f\u017eu"
    r"|nejsem schop\w+|nedok\u00e1\u017eu)\b"
    r"|\bnemohu (?:v\u00e1m )?(?:pomoci|poskytnout|odpov\u011bd\u011bt|splnit|vyhov\u011bt)"
)
_FOREIGN_LIMIT: Final = (
    r"\bnem\u00e1m (?:k dispozici|p\u0159\u00edstup)|\bnem\u00e1m k dispozici"
    r"|\b(?:informac\w+|\u00fadaj\w*) nem\u00e1m\b"
    r"|\bich habe (?:leider )?keinen zugriff|\bdar\u00fcber habe ich keine informationen"
    r"|\bje n'ai pas acc\u00e8s|\bje ne dispose pas\b|\bno tengo acceso|\bnon ho accesso"
    r"|\bn\u00e3o tenho acesso|\b\u0443 \u043c\u0435\u043d\u044f \u043d\u0435\u0442"
    r" (?:\u0434\u043e\u0441\u0442\u0443\u043f\u0430|\u0438\u043d\u0444\u043e\u0440\u043c\u0430)"
)
_ENGLISH: Final = re.compile(
    rf"(?P<declines>{_DECLINES})|(?P<withholds>{_WITHHOLDS})|(?P<limit>{_LIMIT})", re.IGNORECASE
)
_OTHER: Final = re.compile(rf"(?P<declines>{_FOREIGN})|(?P<limit>{_FOREIGN_LIMIT})", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?](?=\s|\Z)|[\n\u3002\uff01\uff1f]")
# "However, I can tell you that ..." answers; "However, if you need help with ..." does not.
_HELPS: Final = re.compile(
    r"\b(?:however|but|that said|still|nevertheless|nonetheless|instead|here(?:'s| is| are)"
    r"|based on|generally|i can|you can|you could|you may|i (?:would )?(?:recommend|suggest)"
    r"|please (?:check|visit|consult|refer)|to find|(?:it's|it is) best to)\b",
    re.IGNORECASE,
)
_OFFERS: Final = re.compile(
    r"\s*(?:,? ?(?:if you|if there|feel free|please (?:let|feel|provide|ask|send|share|give)|let me"
    r"|i(?:'d| would| am|'m) (?:be )?(?:happy|glad|here)|is there|you should ask|ask)\b)",
    re.IGNORECASE,
)
_CURRENT: Final = re.compile(
    r"\b(?:real[- ]time|current|live|up[- ]to[- ]date|latest|browse|internet|schedules?"
    r"|timetables?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal and its place."""

    start: int
    end: int
    limit: bool
    """Whether the model only names a limit of its own, and says nothing else."""


def refusal(text: str) -> Refusal | None:
    """The refusal with which a text begins and that nothing useful follows; None without one.

    Example:
        >>> refusal("I'm sorry, but I can't help with that.") is not None
        True
        >>> refusal("We cannot help asking whether it is true.") is None
        True
    """
    skipped = len(text) - len(text.lstrip())
    plain = text[: skipped + 2 * OPENING_CHARS].replace("\u2019", "'")
    opening = plain[: skipped + OPENING_CHARS]
    found = _ENGLISH.search(plain) or _OTHER.search(plain)
    if found is None or found.start() >= len(opening) or _is_quoted(opening[: found.start()]):
        return None
    end = _SENTENCE_END.search(text, found.end())
    sentence = text[found.end() : end.end() if end else len(text)]
    rest = text[end.end() :].strip() if end else ""
    if found.lastgroup == "limit" and _SENTENCE_END.search(opening[skipped : found.start()]):
        return None  # what comes first may be the answer
    if found.lastgroup == "withholds" and not _TASK.search(text[: skipped + MAX_REST_CHARS]):
        return None
    if _answers(rest, sentence, limit=found.lastgroup == "limit", english=found.re is _ENGLISH):
        return None
    return Refusal(found.start(), found.end(), limit=found.lastgroup == "limit")


def _answers(rest: str, sentence: str, *, limit: bool, english: bool) -> bool:
    """Whether help follows, or where to find it."""
    if not english:
        return len(rest) > (MAX_LIMIT_REST_CHARS if limit else MAX_FOREIGN_REST_CHARS)
    # "I cannot draw one, but I can describe it"
    if _HELPS.search(sentence) or len(rest) > MAX_REST_CHARS:
        return True
    offers = _OFFERS.match(rest) is not None
    helps = _HELPS.search(rest)
    if limit:
        return helps is not None or (len(rest) > MAX_LIMIT_REST_CHARS and not offers)
    if helps is None or offers:
        return False
    if _CURRENT.search(sentence):
        return True
    opens = helps.start() == 0 and not _OFFERS.match(rest, helps.end())
    return opens and len(rest) > MAX_LIMIT_REST_CHARS


def _is_quoted(before: str) -> bool:
    """Whether a quotation is open at the end of the text."""
    return (
        before.count('"') % 2 == 1
        or before.count("\u201c") > before.count("\u201d")
        or before.count("\u00ab") > before.count("\u00bb")
        or before.count("\u300c") > before.count("\u300d")
    )
