"""Numbers that are written on to the word that announces them: "code441827"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.clearance import DataClass
from router.beside import Found, counts, either

_DIGITS = re.compile(r"\d(?<=[a-zа-я]\d)\d{3,13}(?![\d%]|[.,]\d)")
_WORDS = re.compile(
    "(?P<code>"
    + either(
        "otp pin pinim pini pinul pin_kodu pin_kodum kod kodu kodum cod codul code código"
        " şifre şifrem смс sms код кода пин пинкод пин-код tan mtan puk senha clave mdp"
        " passwort parola parolă пароль password"
    )
    + ")$|(?P<order>"
    + either(
        "order ordine comandă comanda comenzii pedido commande bestellung bestellnummer bestellnr"
        " auftrag auftragsnummer заказ заказа sipariş siparişim encomenda reserva booking buchung"
        " buchungsnummer réservation rezervare rezervarea rezervasyon dossier ticket kundennummer"
        " vertragsnummer rechnung rechnungsnummer sendungsnummer invoice factura fatura facture"
        " tracking takip awb policy poliçe apólice póliza poliță contract contrat contrato vertrag"
        " protocolo трек полис договор бронь заявка обращение müşteri_no sipariş_no takip_no"
        " cliente client customer client_nr kundennr vorgang vorgangsnummer aktenzeichen claim case"
    )
    + ")$"
)
_LEAST = 6
"""Digits that are no year or model."""

_SURE = 4
_SHORT = ("pin", "пин", "puk", "otp", "sif", "sen", "mdp")


def glued(text: str) -> Iterator[Found]:
    """Codes and numbers of orders."""
    for match in _DIGITS.finditer(text):
        start, end = match.span()
        word = _WORDS.search(text, max(0, start - 20), start)
        if word is None or end - start < (_SURE if word[0].startswith(_SHORT) else _LEAST):
            continue
        if word["code"] and end - start <= 8:
            yield start, end, DataClass.CREDENTIAL
        elif word["order"] and not counts(text, start, end):
            yield start, end, DataClass.ORDER_NUMBER
