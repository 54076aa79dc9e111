"""Addresses of shops and branches, which everybody may know: "your store at 128 Oxford Street"."""

from __future__ import annotations

import re

from router.beside import WORD, either

_SHOPS = (
    "store shop branch outlet showroom supermarket dealership"
    " filiale filialen laden geschäft niederlassung zweigstelle"
    " magasin boutique agence succursale enseigne"
    " magazin magazinul magazinului filiala sucursala sucursalei agenția reprezentanța showroomul"
    " mağaza mağazanız mağazası mağazanızın mağazanızda şube şubeniz şubesi şubenizin şubenizde"
    " bayiniz bayisi"
    " магазин магазине магазина магазину филиал филиале филиала отделение отделении отделения"
    " салон салоне офис_продаж"
    " tienda sucursal oficina_comercial"
    " loja agência filial balcão"
)
_MINE = re.compile(
    either(
        "my our mein meine meinem meiner unser unsere unserem unserer mon ma mes notre nos mi mis"
        " nuestra nuestro meu minha nosso nossa meu mea noastră nostru мой моя моем моего моей наш"
        " наша нашего нашем benim bizim"
    )
)
_WHERE = either(
    "at in on of the from located you your vostru voastră dvs dumneavoastră"
    " de du des la le les au à en del el al do da na no dos"
    " din de_pe pe la strada în cea der die das den dem am im auf von an unter in_der"
    " на по адресу в у вашей ваш address adresse adresa adresindeki dirección endereço morada"
)
_SHOP = either(_SHOPS)
SHOP = re.compile(_SHOP)
_BEFORE = re.compile(rf"{_SHOP}(?P<own>[ ,(]{{1,3}}(?:{_WHERE} ){{0,3}})$")
_BEHIND = re.compile(
    rf" {_SHOP}|(?: ?の|にある)? ?" + either("店舗 支店 お店 ショップ 売り場 営業所", whole=False)
)
_BESIDE = re.compile(
    either(
        "above over next_to behind opposite live living über neben gegenüber wohne au-dessus"
        " à_côté habite deasupra lângă locuiesc üstünde yanında oturuyorum над рядом живу encima"
        " junto vivo acima ao_lado moro deliver delivered ship"
    )
)
"""One's own home may be near a shop."""

_BEFORE_JAPANESE = re.compile(
    r"(?:店舗|店|支店|営業所)(?:って|という|とは|[、は,がの:(])?(?:住所[はが]?)?[:(]? ?$"
)
_HOME = re.compile(
    rf"(?<![{WORD}])(?:apt|apto|flat|apartment|daire|d|кв|квартира|ap|wohnung|whg|top|appt|bte|piso)"
    rf"[. :]{{0,2}}[0-9]"
)
_REACH = 48


def is_shop(text: str, start: int, end: int) -> bool:
    """Is a shop what stands there: called so right before or behind, not one's own, without a
    flat?"""
    if _HOME.search(text, start, end):
        return False
    before = _BEFORE.search(text, max(0, start - _REACH), start)
    if before:
        at = before.start()
        return not (_MINE.search(text, max(0, at - 12), at) or _beside(text, at))
    if _BEFORE_JAPANESE.search(text, max(0, start - 8), start):
        return True
    return _BEHIND.match(text, end) is not None and not _beside(text, start)


def _beside(text: str, at: int) -> bool:
    return _BESIDE.search(text, max(0, at - 24), at) is not None
