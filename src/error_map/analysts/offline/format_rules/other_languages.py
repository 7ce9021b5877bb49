"""Recognises requests about the form of an answer in other languages than English.

Such rules are not checked: the prompts only show that a dataset consists of instructions.
"""

import re
from typing import Final

from .rule import MAX_PROMPT_CHARS

_FORM: Final = re.compile(
    # French
    r"\b\d{1,4} (?:mots|phrases|paragraphes|fois|parties|puces)\b|\bmajuscules?\b"
    r"|\bminuscules?\b|\b(?:aucune|sans|de) virgules?\b|\bguillemets\b|\b(?:votre"
    r"|ta) r.ponse (?:doit|devra)\b|\bast.risques\b|\bpost-?scriptum\b|\b(?:uniquement"
    r"|enti.rement|r.pondez|r.ponds) en [a-z]|\b(?:commence[zr]?|terminez?"
    r"|ach.ve[zr]?) (?:par|votre|ta)\b|\bdoubles? (?:di.ses|crochets"
    r"|chevrons)\b|\bmots?-cl.s?\b|\blettre"
    r" [\"\u00ab'][^\"\u00bb'\n]{1,30}[\"\u00bb'] (?:au|doit|soit|appara)"
    # Spanish
    r"|\b\d{1,4} (?:palabras|frases|oraciones|p.rrafos|veces)\b|\bmay.sculas?\b"
    r"|\bmin.sculas?\b|\bcomas\b|\bcomillas\b|\b(?:tu|su) respuesta debe\b|\b(?:comienza"
    r"|empieza|termina|finaliza) (?:con|tu)\b|\b.nicamente en [a-z]|\basteriscos\b"
    r"|\bposdata\b"
    # German
    r"|\b\d{1,4} (?:w.rter|s.tze|abs.tze)n?\b|\b(?:gro.|klein)buchstaben\b|\bkommas?\b"
    r"|\banf.hrungszeichen\b|\b(?:deine|ihre) antwort (?:muss|soll)\b"
    r"|\bausschlie.lich (?:auf|in) [a-z]"
    # Italian
    r"|\b\d{1,4} (?:parole|frasi|paragrafi|volte)\b|\b(?:ma|mi)(?:iu|nu)scol[eio]\b"
    r"|\bvirgolette\b|\bvirgole\b|\bla tua risposta deve\b"
    # Portuguese
    r"|\b\d{1,4} (?:palavras|frases|par.grafos|vezes)\b|\b(?:mai|min).scul[ao]s\b"
    r"|\bv.rgulas\b|\baspas\b|\bsua resposta deve\b"
    # Russian
    r"|\d{1,4} (?:\u0441\u043b\u043e\u0432"
    r"|\u043f\u0440\u0435\u0434\u043b\u043e\u0436\u0435\u043d\u0438"
    r"|\u0430\u0431\u0437\u0430\u0446|\u0440\u0430\u0437)"
    r"|\u0437\u0430\u0433\u043b\u0430\u0432\u043d|\u0441\u0442\u0440\u043e\u0447\u043d"
    r"|\u0437\u0430\u043f\u044f\u0442|\u043a\u0430\u0432\u044b\u0447\u043a"
    r"|\u043e\u0442\u0432\u0435\u0442 \u0434\u043e\u043b\u0436"
    # Chinese
    r"|\d{1,4} ?(?:\u4e2a)?\u5b57|\u4e0d(?:\u5c11\u4e8e|\u8d85\u8fc7) ?\d|\u6bb5\u843d"
    r"|\u6807\u70b9|\u9017\u53f7|\u5f15\u53f7|\u6807\u9898|\u4ee5.{1,20}(?:\u5f00\u5934|\u7ed3\u5c3e)"
    # Japanese
    r"|\d{1,4} ?(?:\u6587\u5b57|\u5b57|\u6587|\u6bb5\u843d|\u56de|\u3064)(?:\u4ee5|\u3067"
    r"|\u306e|\u306b|\u305a)|\u53e5\u8aad\u70b9|\u3072\u3089\u304c\u306a"
    r"|\u30ab\u30bf\u30ab\u30ca|\u7b87\u6761\u66f8\u304d|\u898b\u51fa\u3057"
    r"|\u30bf\u30a4\u30c8\u30eb"
    r"|\u306e\u307f\u3092?(?:\u51fa\u529b|\u4f7f|\u7528)|\u6587\u672b"
    r"|\u30a2\u30b9\u30bf\u30ea\u30b9\u30af|(?:\u306f|\u3092|\u8a9e\u3092)(?:\u4f7f\u308f"
    r"|\u7528\u3044|\u4f7f\u7528\u3057)(?:\u306a|\u3066\u306f)|(?:\u3067"
    r"|\u304b\u3089)(?:\u59cb\u3081|\u7d42\u3048|\u59cb\u307e|\u7d42\u308f)"
    r"|\u3067\u306f\u3058|\u9375\u62ec\u5f27|\u4e8c\u91cd",
    re.IGNORECASE,
)
_REWRITE: Final = re.compile(
    r"\b(?:r\u00e9sume[zr]?|tradui(?:s|sez|re)|reformule[zr]?|resum[ae]|traduce|zusammenfass|fasse"
    r"|\u00fcbersetze|riassumi|traduci|traduza)\b|\u7ffb\u8bd1|\u6982\u62ec|\u603b\u7ed3|\u7ffb\u8a33|\u8981\u7d04",
    re.IGNORECASE,
)


def asks_for_form(prompt: str) -> bool:
    """Whether a prompt in one of eight other languages asks for a certain form of the answer.

    Not if it asks for a translation or a summary.

    Example:
        >>> asks_for_form("D\u00e9cris la pluie. Ta r\u00e9ponse doit avoir au moins 40 mots.")
        True
        >>> asks_for_form("D\u00e9cris la pluie."), asks_for_form("Use at least 40 words.")
        (False, False)
    """
    text = prompt[-MAX_PROMPT_CHARS:]
    return _FORM.search(text) is not None and _REWRITE.search(text) is None
