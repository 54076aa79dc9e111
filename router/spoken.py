"""Words that people tell to prove who they are: code words and answers to secret questions."""

from __future__ import annotations

import re

from router.beside import either
from router.normal import Normal

_ASKED_FOR = re.compile(
    either(
        "memorable code_word codeword safe_word safeword safety_word secret security answer"
        " cuvânt întrebare răspuns gizli güvenlik anahtar кодов секретн контрольн слово-пар парольн"
        " ответ 合言葉 合い言葉 あいことば 秘密 codewort kodewort geheim losungswort"
        " kundenkennwort telefonkennwort sicherheits"
        " antwort mot_secret mot_de_séc mot_code question réponse palabra pregunta respuesta"
        " palavra-ch palavra_ch palavra_s palavra_de_s pergunta resposta mother numele_de anne"
        " девичья 母 apellido mädchenname nom_de nome_de",
        whole=False,
    )
)
_QUESTION = re.compile(
    either("question întreb soru вопрос 質問 frage pregunta pergunta", whole=False)
)
_ANSWER = re.compile(
    either("answer răspuns cevab yanıt ответ 答 antwort réponse respuesta resposta", whole=False)
)
_FIELD = re.compile(
    " " + either("field box page screen prompt section hint câmpul alanı поле feld champ campo")
)
_FORGOTTEN = re.compile(
    either("forg lost reset uitat unut забы сброс olvid vergess oubli esquec", whole=False)
)
_MARK = either("is was e era este es fue ist war lautet est était c'est é это был было su şu как")
_END = (
    r"(?= (?:and|but|then|i|we|they|it|și|dar|iar|apoi|eu|noi|ei|ve|ama|ben|biz|и|а|но|я|мы|они|он"
    r"|она|мне|y|pero|yo|me|und|aber|ich|wir|sie|et|mais|je|nous|ils|mas|eu|eles)(?![^\W\d_])"
    r"|[,.;!()\"”»」。、]|$)"
)
_MARKED = re.compile(
    rf"[\"'”»」]?(?: [^\W\d_]{{1,12}}){{0,3}}?(?:(?P<colon> ?(?:[:=]|->|→))|(?: {_MARK})+)"
    rf"[ \"'“”«»„「]{{1,3}}(?P<it>[^\W\d_][^,.;:!?()\"”»」\n]{{2,40}}?){_END}"
)
_LONG = re.compile(
    rf"[ :]{{1,3}}[^=?\n]{{3,60}}?(?: ?(?:=|->|→)|\?(?= [^\W\d_]{{3,20}}[.!]?$)) ?"
    rf"(?P<it>[^\W\d_][^,.;:!?()=\"”»」\n]{{2,40}}?){_END}"
)
"""The question itself, and what is answered."""

_NAMED = re.compile(r" ?[:=] ?(?P<it>[^\W\d_]{3,20})(?![^\W_])")
_QUOTED = re.compile(r"[ :]{0,3}[\"“«„「](?P<it>[^\"”»“」\n]{3,40})[\"”»“」]")
_BARE = re.compile(rf" (?P<it>[^\W\d_]{{4,20}}){_END}")
_SAID = either("だった です でした だと なの って じゃ と言 と答", whole=False)
_JAPANESE = re.compile(
    rf"(?:は|[=:])[ 「『\"]{{0,2}}(?P<it>[ぁ-ヺー一-龥a-z0-9]{{2,20}}?)"
    rf"(?={_SAID}|[」』。、…\"]|$)"
)
_OWN = re.compile(either("my your mea meu mi mein meine benim мой моя minha ma mon"))
"""So begins what is asked for, too: "my mother's name"."""

_QUOTES = "\"'“”«»„「『"
_WORDS = 5
"""Spaces in an answer, at most."""

_NOTHING = re.compile(
    either(
        "not no never on in for from of to the a is are was does do has be as at it i we he"
        " she they you that this too also being case who what where which when why how if"
        " nu nici la pe din cu ce cine unde care cum e este era ne kim nere hangi nasıl bu"
        " o mu yok var не нет как что где кто у в на к из от для это я мы он она был есть"
        " no ni que qué cual donde quien en de del para por el un una es era me se lo"
        " nicht kein was wer wo wie ist war ich der die das ein eine im zu für auf"
        " pas ne quel quelle où qui comment est le les une des du pour sur dans je il"
        " não qual onde quem como o os um uma do da no na eu ele"
    )
    + "|"
    + either(
        "wrong secret incorrect invalid miss hidden shown forg lost reset chang ask requir need"
        " field box pleas help reject accept fail block lock work correct right match expir"
        " again someth isn doesn didn greșit uitat schimb cere resping funcț merge bun yanlış"
        " hatalı unut değiş iste sor kabul redd geçersiz doğru çalış неверн неправильн забы"
        " сбро смен измен требу спраш правильн подош подход работа сказа назва введ помн помог"
        " пожал подска olvid camb pid falla falsch vergess geändert gefragt ungült richtig"
        " stimm mauvais faux oubli demand refus marche errad esquec mud troc certa certo"
        " funcion",
        whole=False,
    )
    + "|"
    + either(
        "何 忘れ 違 使 どこ 聞 わから 分から 通ら 届 変 誰 いつ 必要 正し 合って なん 入力",
        whole=False,
    )
)
"""How those begin who have no word to tell."""


def spoken(normal: Normal, start: int, end: int) -> tuple[int, int] | None:
    """The word or the few words that are told beside such a word."""
    text = normal.text
    if not _ASKED_FOR.match(text, start) or _FIELD.match(text, end):
        return None
    question = _QUESTION.search(text, start, end) and not _ANSWER.search(text, start, end)
    match = (
        (question and _LONG.match(text, end, end + 120))
        or _MARKED.match(text, end, end + 100)
        or _JAPANESE.match(text, end, end + 40)
        or (None if question else _name(normal, end))
    )
    if match is None and not (question or _FORGOTTEN.search(text, max(0, start - 24), start)):
        match = _QUOTED.match(text, end) or _BARE.match(text, end, end + 40)
    if match is None or (question and text[match.start("it") - 1] in _QUOTES):
        return None  # it is the question that is quoted
    return match.span("it") if _is_told(normal, *match.span("it")) else None


def _name(normal: Normal, end: int) -> re.Match[str] | None:
    """With a capital letter, whatever is said behind it."""
    match = _NAMED.match(normal.text, end, end + 30)
    return match if match and normal.quote(*match.span("it")).istitle() else None


def _is_told(normal: Normal, start: int, end: int) -> bool:
    value, raw = normal.text[start:end], normal.quote(start, end)
    if value.count(" ") > _WORDS or _NOTHING.match(normal.text, start):
        return False
    return not _OWN.match(value) or raw[1:] != raw[1:].lower()
