"""What stands behind a word for an order and is none: dates, prices, counts, articles."""

from __future__ import annotations

import re

from router.beside import either
from router.normal import Normal

CALL = r"(?!0\d{9,10}$|0\d{1,4}-\d{1,4}-\d{4}$|\d{3}-\d{3}-\d{4}$)"
LOCATOR = re.compile(r"(?=.*[a-z])(?=.*\d)(?![a-z]{2}\d{3,4}[a-z]?$|[a-z]\d{5}$)[a-z0-9]{6}")
"""Of a booking, as airlines give out; two letters with figures are a flight."""

_TRACKED = re.compile(CALL + r"(?=(?:[^\d]{0,3}\d){10}).*")
"""Enough digits, and not written as telephones are."""

MARK = re.compile(
    either(
        "no nr num number id pnr ref numărul numărului număr număru cod codul numarası numaram"
        " kodu kodum номер код number's código número nummer nr. numéro n° code localizador"
    )
    + r"|[#:]|"
    + either("番号 コード nummer nr no kod numara номер", whole=False)
)
_COUNTED = re.compile(
    either(
        "bilet bilete biletul билет билета билету paket paquete pacote parcel package colis colet"
        " посылка посылки посылку boleto billete billet talon талон dauna"
    )
)
_CARRIER = re.compile(
    either(
        "fedex ups dhl dpd gls hermes evri usps royal_mail inpost fan_courier cargus sameday aras"
        " yurtiçi mng ptt_kargo ptt сдэк cdek почта_россии почтой_россии ヤマト 佐川 ゆうパック"
        " colissimo chronopost mondial_relay correos seur mrw ctt correios sedex"
    )
)
_BILL = re.compile(
    either(
        "fatura faturam factura facture fact fact. fra fra. receipt deviz quittung bon kassenbon"
        " recibo quittance chitanță makbuz чек чека presupuesto orçamento membership subscription"
        " abonament abonamentul abonamentului abonnement abo abono abonelik abonelik_no suscripción"
        " subscrição assinatura абонемент абонемента абонементу подписка подписки подписку"
        " insurance assurance asigurare seguro sigorta kasko versicherung страховка страховки"
        " sinistre sinistro siniestro hasar hasarım daună dispute avis bono bilet_cfr forderung"
        " zugticket bahnticket fahrkarte payment transfer fine штраф протокол multa amenda amendă"
        " medidor inkasso versicherungsschein quittance lease talão justificante resguardo"
        " compra remittance devis transferencia transferência comprobante comprovante"
    )
    + "|"
    + either("決済 証券 取引 振込 領収書 請求書 レシート サブスク 保険", whole=False)
)
"""Words of what is counted or paid: few digits behind them say how many or how much."""

_WEAK = re.compile(
    either(
        "label tag badge card return returns sr bahncard navigo oyster nectar clubcard railcard"
        " payback avios res meter file repair log etikett zähler stromzähler"
        " gaszähler compteur linky étiquette contador medidor hidrômetro etiqueta bagage bagages"
        " equipaje bagagem bagaj bagajul bagajului eticheta etichetă contor contorul contorului"
        " etiket etiketi etiketim sayaç sayacım этикетка этикетке ярлык счетчик счетчика бирка"
        " бирки бирку location aluguel alquiler fall akte matricule matrícula crachá ecuson"
        " reparatur réparation reparación reparação reparo lease termin lieferung anfrage angebot"
        " antrag"
    )
    + "|"
    + either("ラベル 荷札 タグ 手荷物 領収証 レシート 取引 チケット 修理", whole=False)
)
"""Words of what bears many numbers: what they announce is long."""

_UNTOLD = re.compile(r"(?:[?&](?:amp;)?ref=|[*•]{2} ?)$")
"""In a link this names who sent the visitor; what is masked already is not told."""

REF = re.compile(r"(?:mi |ma |la )?r[eé]f[a-z]*\.?")
_SIZE = re.compile(
    r",? ?(?:en |in |im |em |de |la |di )?"
    + either(
        "taille pointure coloris couleur rayon size colour color aisle talla número größe farbe gr"
        " mărime mărimea culoare culoarea beden renk размер цвет tamanho cor サイズ カラー"
    )
)
"""Of clothes and shoes: what it stands behind is the number of an article."""

_TINT = re.compile(r"\d{1,3}(?:[\-.](?:\d{1,3}|[a-z]{1,2})){1,3}")
"""So paints, cloths and screws are numbered."""

_EXPIRY = re.compile(r"exp\.?")
_DIMENSIONS = re.compile(r"\d+x\d+|(?:19|20)\d\d(?:[/\-](?:19|20)\d\d|-?[а-я]{1,2})")
"""And years: of two, or with an ending of Russian."""

DATE = re.compile(
    r"\d{1,2}[./\-]\d{1,2}(?:[./\-]\d{2,4})?|(?:19|20)\d\d[./\-]\d{1,2}(?:[./\-]\d{1,2})?"
)
_MONTH = re.compile(r"\d{1,2}[./\-](?:19|20)\d\d|[01]\d\d\d")
LETTER = re.compile(r"[a-zа-я]")
_PRICE, _LETTERED, _BARE, _PARCEL, _SERIAL, _BARCODE = 5, 6, 7, 8, 9, 13
"""Digits, at least, of what is no price, and so on."""


def is_another(normal: Normal, start: int, match: re.Match[str]) -> bool:
    """A name in a link, a date, an article, a count, words."""
    text, value = normal.text, match["it"]
    first, last = match.span("it")
    if _UNTOLD.search(text, max(0, first - 9), first):
        return True
    if " " in value and not capitals(normal, first, last):
        return True
    if DATE.fullmatch(value) or _DIMENSIONS.fullmatch(value):
        return True
    return _of_article(text, start, match) or _few(text, start, match)


def _few(text: str, start: int, match: re.Match[str]) -> bool:
    """Do the digits say how many or how much, or when a card ends?"""
    value, word = match["it"], match.start()
    if _WEAK.fullmatch(text, start, word):
        return not (_long(value) if _is_later(match) else LOCATOR.fullmatch(value) or _much(value))
    if _CARRIER.match(text, start):
        return _TRACKED.fullmatch(value) is None
    if _EXPIRY.fullmatch(text, start, word):
        return _MONTH.fullmatch(value) is not None
    if not value.isdigit() or value[0] == "0" or MARK.search(text, word, match.start("it")):
        return False
    if _COUNTED.fullmatch(text, start, word):
        return len(value) < _PARCEL
    round_ = len(value) < _BARE and value.endswith("00")
    return (round_ or len(value) < _PRICE) and _BILL.fullmatch(text, start, word) is not None


def _is_later(match: re.Match[str]) -> bool:
    """Do other words stand between the word and the value?"""
    return "between" in match.re.groupindex


def _much(value: str) -> bool:
    return digits_of(value) >= (_LETTERED if LETTER.search(value) else _BARE)


def _long(value: str) -> bool:
    lettered = LETTER.search(value) is not None
    return lettered and (" " in value or digits_of(value) >= _SERIAL)


def _of_article(text: str, start: int, match: re.Match[str]) -> bool:
    """Shops call the numbers of their goods references, too."""
    if not REF.fullmatch(text, start, match.start()):
        return False
    if _is_later(match) or (match["it"][0].isdigit() and _TINT.fullmatch(match["it"])):
        return True
    if _SIZE.match(text, match.end("it")):
        return True
    from stdnum import ean

    return len(match["it"]) == _BARCODE and bool(ean.is_valid(match["it"]))


def digits_of(value: str) -> int:
    return sum(map(str.isdigit, value))


def capitals(normal: Normal, first: int, last: int) -> bool:
    raw = normal.quote(first, last)
    return raw == raw.upper()
