"""How streets, houses and flats are written: patterns by language for the normal form of a text."""

from __future__ import annotations

import re
from typing import Any

import re2

from router.beside import DASH, FREE, LINK, either
from router.normal import fold

_APART = rf"[ ,;|/•·.{DASH}\-]{{0,3}}"
"""What people put between the parts of an address, lines among them."""

_WORD = r"[^\W\d_][\w'’.\-]{0,24}"
_NAME = rf"(?:\d{{1,3}}(?:-[а-я]{{1,2}})? (?:de )?)?{_WORD}(?:[ ,]{{1,2}}{_WORD}){{0,4}}"
_HOUSE = (
    r"(?:(?<=lt |te )\d{1,2}(?:\.\d\d){1,2}"
    r"|\d{1,5}(?:[кс]\d{1,3}| [a-zа-я](?! [a-zа-я])|[a-zа-я])?(?:[/\-]\d{1,4}[a-z]?){0,2}"
    r"|s/n)(?![\w%])"
)
_NUMBER = either(
    "nr no num numero número n° nº n numarası numărul дом д lote lt bloque km", whole=False
)
_NUMBERED = rf"(?:,? ?{_NUMBER}[. :]{{0,2}})"
_FLATS = (
    "bl bloc sc scara et etaj ap apt apto apartament sector daire kat d kapı blok корп корпус к стр"
    " кв квартира подъезд этаж офис piso puerta pta portal planta esc escalera bloco andar torre"
    " apartment flat suite appt bât bâtiment étage résidence whg wohnung bte boîte app top stiege"
    " stg tür hinterhaus hinterhof vorderhaus eg dg лит литера строение парадная bloque conj"
    " conjunto depto dpto departamento dept esc. apt.no"
)
_COUNTED = (
    "под эт оф пом домофон секция ком комната участок unit porte porta casa cs cj lote"
    " quadra local bajo hall stock ste interfon sect s tr tronson int cep interior kapı wing bus"
    " вход с ada blok of"
)
_PARTS = (
    f"{_FLATS} floor izq dcha izquierda derecha esq dto dta frente fundos links rechts droite"
    " gauche og eg jud județ sat com mun oraș cod bis ter o a b c de а б в izda dch stock floor ug"
    " hh vh obergeschoss erdgeschoss rdc район обл"
)
PARTS = frozenset(fold(_PARTS).split())
"""Words of an address that begin with no capital letter."""

COUNTED = re.compile(
    rf"{either(_COUNTED)}(?=[. :№]{{0,2}}(?:(?:no )?[a-z]?\d|[b-df-hj-np-z](?![a-z])"
    r"|(?:izq|izda|dcha?|derecha|izquierda)(?![a-z])))"
)
"""Words of other things as well, so only a number, letter or side behind them makes them parts."""

_BEFORE_NAME = (
    "str strada bd bld b-dul bdul bulevardul calea aleea șos șoseaua splaiul piața intrarea"
    " drumul prelungirea fdt fundătura pasajul ул улица улице улицу пр пр-т пр-кт пр-д просп"
    " проспект проспекте пер переулок бульвар наб набережная шоссе площадь пл проезд тупик туп мкр"
    " микрорайон б-р comuna satul calle avda avenida av plaza pza plza paseo camino carretera"
    " ronda carrera glorieta callejón rambla pasaje urb urbanización gran_vía rua r travessa tv"
    " trav alameda praça praceta largo rodovia estrada beco viela ladeira rue chaussée boulevard"
    " bd-ul bulev spl p-ța ш jirón pje psje calzada calz prol cll"
    " blvd rod lg carrer"
    " chemin allée avenue faubourg ruelle sentier drève impasse"
)
_WEAK_BEFORE = (
    "place route quai square cours clos al po vía cuesta quinta cité résidence residencial"
)
NAME_FIRST = re.compile(
    rf"(?:{either(_BEFORE_NAME)}|{FREE}(?:c/|(?:ch|cl|jr|al)\.)|(?P<kind>{either(_WEAK_BEFORE)}))"
    rf"\.? ?(?P<name>{_NAME}|\d{{1,3}}(?=,? (?:no|n|nr)\b))"
    rf"(?P<mark>{_NUMBERED})?[ ,#]{{0,3}}(?P<house>{_HOUSE})"
    rf"(?:,? ?{either(f'{_FLATS} {_COUNTED}')}[. :]{{0,2}}[a-z]?\d{{1,4}}[a-z]?(?!\w)){{0,5}}"
)
"""Strada Lalelelor 12; ул. Ленина, д. 5; calle Mayor 3; Rua Augusta, 200."""

_FRENCH_WORDS = (
    "rue avenue av bd bld bvd boulevard chemin impasse allée allées quai place cours route square"
    " sq faubourg fbg venelle lotissement hameau sentier ruelle esplanade promenade chaussée clos"
    " lieu-dit rond-point montée traverse"
)
FRENCH = re.compile(
    rf"{FREE}(?P<house>\d{{1,5}}(?: ?(?:bis|ter|quater)(?![a-z])|[a-z])?)[ ,]{{0,3}}"
    rf"(?P<name>(?:{either(_FRENCH_WORDS)}\.?|all\.|imp\.|pass\.) {_WORD}(?: {_WORD}){{0,3}})"
)
"""12 bis rue de la Paix."""

_ENGLISH_WORDS = (
    "street st road rd avenue ave lane ln drive dr boulevard blvd court ct close way terrace place"
    " pl square sq crescent gardens grove hill park row mews parkway highway hwy"
    " cres gdns circle cir trail trl broadway croft heights hts pkwy loop walk"
    " wharf quay yard brae wynd ridge run pass bend path alley plaza view rise vale green parade"
    " mall esplanade mansions buildings gate"
)
ENGLISH = re.compile(
    rf"{FREE}(?P<house>(?:\d{{1,4}}[/\-])?\d{{1,5}}[a-z]?),? "
    rf"(?P<name>(?:(?:{_WORD}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,3}}"
    rf"(?P<kind>{either(_ENGLISH_WORDS)}))"
)
"""221B Baker Street."""

_WEAK_WORDS = (
    "st dr ct pl close way place court square sq row hill park drive circle loop trail walk"
    " wharf quay yard broadway heights ridge run pass bend path alley plaza view rise vale green"
    " parade mall esplanade mansions buildings gate"
)
WEAK = frozenset(fold(f"{_WEAK_WORDS} {_WEAK_BEFORE}").split())
"""Words of a street's name that mean other things as well."""

_GERMAN_ENDS = (
    "strasse|str\\.?|weg|platz|allee|gasse|ufer|damm|ring|chaussee|straat|laan|gracht|plein"
    "|steenweg"
)
GERMAN = re.compile(
    rf"(?<![a-z0-9])(?P<name>(?:[a-z.]{{2,20}}[ \-]){{0,2}}[a-z]{{0,24}}(?:{_GERMAN_ENDS}))"
    r"(?: |(?<=[a-z]{3}str)|(?<=[a-z]{3}str\.))"
    r"(?P<house>\d{1,4}(?! ?k?m\b) ?[a-z]?(?:[/\-]\d{1,3}[a-z]?)?)(?![\w%])"
    rf"(?P<post>(?!-\d){_APART}(?:in )?(?:d-)?\d{{5}} [a-z]{{2,30}}"
    r"|, ?(?:in )?(?:a-|ch-)?(?!(?:19|20)\d\d)\d{4} [a-z]{3,30})?"
)
"""Lindenstr. 5a, 10115 Berlin."""

_TURKISH_WORDS = (
    "mah mahallesi cad cd caddesi sok sk sokak sokağı sokağı bulvarı blv apt apartmanı sitesi"
    " evleri konutları rezidans köyü bul"
)
_TURKISH_TOWNS = (
    "adana adıyaman afyon ağrı amasya ankara antalya artvin aydın balıkesir bilecik bingöl bitlis"
    " bolu burdur bursa çanakkale çankırı çorum denizli diyarbakır edirne elazığ erzincan erzurum"
    " eskişehir gaziantep giresun gümüşhane hakkari hatay ısparta mersin istanbul izmir kars"
    " kastamonu kayseri kırklareli kırşehir kocaeli konya kütahya malatya manisa kahramanmaraş"
    " mardin muğla muş nevşehir niğde ordu rize sakarya samsun siirt sinop sivas tekirdağ tokat"
    " trabzon tunceli şanlıurfa uşak van yozgat zonguldak aksaray bayburt karaman kırıkkale batman"
    " şırnak bartın ardahan ığdır yalova karabük kilis osmaniye düzce kadıköy beşiktaş şişli"
    " üsküdar pendik maltepe kartal ümraniye beylikdüzü esenyurt bakırköy avcılar çankaya keçiören"
    " bornova karşıyaka konak nilüfer osmangazi bağcılar küçükçekmece sancaktepe ataşehir tuzla"
    " gebze çorlu bodrum alanya iskenderun tarsus inegöl mamak etimesgut yenimahalle buca seyhan"
)
TURKISH_KIND = re.compile(rf"{either(_TURKISH_WORDS)}|cadde")
TURKISH = re.compile(
    rf"(?P<name>(?:(?:{_WORD}|\d{{1,5}}\.?(?= (?:so?k|cad))) ){{1,4}}"
    rf"(?!(?<=\d )mah\b|(?<=\d de )mah\b)(?:{either(_TURKISH_WORDS)}"
    r"|(?<=\d\. )cadde(?=,? (?:no|numara|kapi|kat|daire)\b)))\.?"
    r"(?P<rest>[^!?\n]{0,60}?)(?<![a-z])"
    r"(?:(?P<mark>no|numara|(?:ic )?kapi no|daire|d|kat|k|ic kapi)[ .:]{0,2}|(?<=[ .]))"
    r"\d{1,4}(?![\w%]|\.? ?(?:cad|so?k|ada|blok))"
    r"(?:[ /,]{0,2}(?:(?:(?:ic )?kapi no|daire|d|kat|k|no)[ .:]{0,2})?\d{1,4}(?!\w)){0,4}"
    rf"(?P<town>[ /,]{{1,2}}(?:[a-z]{{3,14}}[ /,]{{1,2}})?{either(_TURKISH_TOWNS)})?"
)
"""Lale Mah. Gül Sok. No: 5 D: 3."""

_RUSSIAN_WORDS = (
    "улица улице ул. проспект проспекте пр-т пр-кт пр. просп. переулок пер. шоссе бульвар б-р"
    " набережная наб. пр-д ш. линия"
)
_VILLAGES = "дер деревня село пос поселок хутор станица снт днп кп"
RUSSIAN = re.compile(
    r"(?<![а-я])(?:(?:(?:\d{1,2}-[а-я]{1,2} )?[а-я\-]{3,25},? |\d{1,2}(?:-?[а-я]{1,2})? (?=лин))"
    rf"{either(_RUSSIAN_WORDS, whole=False)},? ?"
    r"(?:д\.?|дом)? ?\d{1,4}(?:[кс]\d{1,3}|[а-я])?(?![\w%])"
    rf"|(?:{either(_VILLAGES)}|{FREE}[дспх]\.)\.? [а-я\-]{{3,25}},? "
    r"(?:д|дом|участок|уч)\.? ?\d{1,4}(?![\w%])"
    r"|(?:д\.?|дом) ?\d{1,4}[а-я]?,? ?(?:корп\w*\.? ?\d{1,3},? ?)?(?:кв\.?|квартира) ?\d{1,4})"
)
"""Невский проспект, 28; д. 12, кв. 5."""

ROMANIAN_BLOCK = re.compile(
    rf"{either('sat satul comuna com')}\.? {_WORD}(?:,? {_WORD}){{0,4}},? "
    r"(?:nr|numarul)[. ]{1,2}\d{1,4}(?!\w)|"
    rf"{FREE}(?:bl|bloc|blocul)[. ]{{1,2}}[a-z]{{0,2}}\d{{0,3}}[a-z]?,? ?"
    r"(?:(?:sc|scara|et|etaj|ap|apart\w*|tr|tronson)[. ]{1,2}\w{1,3},? ?){1,4}"
)
"""bl. C2 sc. 1 ap. 9."""

_AND_MORE = (
    r"(?P<house>\d{1,4}(?:[кс]\d{1,3}|[a-zа-я])?(?:[/\-]\d{1,4})?)"
    rf"(?P<post>(?!-\d){_APART}(?:[a-z\d. ]{{3,20}}, ?){{0,2}}"
    r"(?:(?:d-)?(?<!\d)\d{5,6} [a-zа-я]{3,30}"
    r"|(?:кв|квартира|корп|подъезд|apto|daire|ap|appt|whg|top|dpto|depto|piso)[. ]{1,2}\d"
    r"|\d{1,2}\.? ?(?:[a-z]{1,2} )?(?:piso|andar|etage|stock|og|kat|floor|этаж)(?![a-zа-я]))"
    r"|(?:, ?(?P<land>(?:ch|a|b|l|nl|be|at)-)?(?!(?:19|20)\d\d )(?P<code>[1-9]\d{3})"
    r" (?P<town>[a-z]{3,30})))"
)
MORE = re.compile(_AND_MORE)
NAME_AND_MORE = re.compile(rf"(?P<name>{_WORD}(?: {_WORD}){{0,3}}),? {_AND_MORE}")
"""Am Alten Markt 5, 18055 Rostock; Тверская 18, кв 45: no word for a street, but more after."""

NUMBER_AND_MORE = re.compile(
    rf"{FREE}(?P<house>\d{{1,4}}(?: ?(?:bis|ter)(?![a-z])|[a-z])?)[ ,]{{1,2}}"
    rf"(?P<name>[a-z][a-z'.\-]{{0,24}}(?: [a-z][a-z'.\-]{{0,24}}){{0,4}})"
    rf"(?P<post>(?:, ?[a-z\d][a-z\d .]{{1,24}}){{0,2}}{_APART}(?<!\d)(?P<code>\d{{5}})"
    r" (?P<town>[a-z]{3,30}))"
)
"""27 cité des Fleurs, 75017 Paris: whatever it is called, a code and its town follow."""

BOX = re.compile(
    rf"{FREE}(?:p\.?o\.? ?box|postfach|apartado de correos|caixa postal|casuta postala|posta kutusu"
    r"|а/я)[ .:#]{1,2}\d{1,6}(?: \d\d)?(?![\w%])"
    rf"|{FREE}(?:hc|rr|psc|cmr|unit) \d{{1,5}},? box \d{{1,5}}(?!\d)"
    rf"|{FREE}(?:lieu-?dit|hameau) {_WORD}(?: {_WORD}){{0,3}},? \d{{5}}(?!\d)"
    rf"|{FREE}(?:b\.?p\.?|p\.?k\.?|c\.?p\.?|apartado|cs) \d{{1,6}}[ ,]{{1,2}}\d{{5}}(?!\d)"
)
NUMBERED = re.compile(
    rf"{FREE}(?:calle|carrera|cra|cr|kra|cl|diagonal|transversal|avenida)\.? \d{{1,3}}[a-z]?"
    r"(?: bis| sur)? ?(?:#|no\.?|nro\.?) ?\d{1,3}[a-z]? ?- ?\d{1,3}(?!\d)"
    rf"|{FREE}(?:q[nesi][a-z]?|sq[ns]w?|quadra|qd)\.? \d{{1,4}},? "
    r"(?:(?:conjunto|conj|bloco|bl|lote|lt|casa|ap|apto)\.? \w{1,4},? ?){1,4}"
    rf"|{FREE}(?:blk|block|bk) \d{{1,4}}[a-z]? {_WORD}(?: [a-z]{{2,20}}| \d{{1,3}}){{0,4}},? "
    r"#\d\d-\d{2,4}(?!\d)"
)
"""Towns that count their streets, of Colombia (Calle 10 No. 43-25) and Brasília, and blocks, of
Singapore."""

_FLATS_BEFORE = (
    "flat apartment apt unit suite ste room level floor lot appt app bat wohnung apto ap depto blk"
    " block building bldg tower stairs haus house gebäude aufgang torre edificio edif immeuble blok"
)
FLAT_BEFORE = re.compile(
    rf"{FREE}(?:(?:{either(_FLATS_BEFORE)})[ .#]{{1,3}}"
    r"(?:(?:\d{1,5}[a-z]?|[a-z])(?:, [a-z' ]{3,24})?(?:[,/]| ?-)? ?)?"
    r"|\d{1,2}/\d{1,2},? |(?<![\d.,/\-] )\d{1,4} ?- )$"
)
"""Right before the number of a house. Canada and Australia put the flat's before a stroke."""

_MIXED_CODE = (
    r"(?:[a-z]{1,2}\d[a-z0-9]? ?\d[a-z]{2}|[a-z]\d[a-z] ?\d[a-z]\d|[a-z]\d[\dw] ?[a-z][a-z\d]{3})"
)
"""Of Britain, Canada or Ireland."""

_POST_WORDS = (
    "postcode post_code postal_code zip zip_code zipcode cod_poștal codul_poștal posta_kodu"
    " eircode postal индекс почтовый_индекс код_почты código_postal postleitzahl plz code_postal"
    " cep cp"
)
POST_CODE = re.compile(
    rf"(?:{either(_POST_WORDS)}|{either('郵便番号', whole=False)}){LINK}"
    rf"(?P<it>{_MIXED_CODE}|\d{{3,7}}(?:-\d{{3,4}})?)(?![a-z0-9]|-\d| \d{{2,3}} \d\d)"
)
PLACE = re.compile(
    rf"(?:{_APART}|[,.;) ]{{0,3}})(?:(?:[a-z]{{1,20}},? ){{0,3}}"
    rf"(?:\d{{4,5}}(?:-\d{{3,4}})?|{_MIXED_CODE}|\d{{6}})(?!\d)"
    rf"|,? ?(?:{either(_FLATS)}[ .]|{COUNTED.pattern})|,? ?\d{{1,2}} ?(?:izq|dcha|[oa°])(?![a-z]))"
)
"""A post code with its town, or a flat, right behind a house number."""

PLACE_LATER = re.compile(
    rf"(?=[, ]){_APART}(?:[a-z]{{2,20}}[, {DASH}]{{1,3}}){{0,2}}"
    rf"{_MIXED_CODE}(?![a-z0-9])"
)
"""A British post code behind more of an address: nothing else looks like one."""

CUE = re.compile(
    either(
        "address live_at live_in living_at lives_at deliver ship_it send_it moved_to adresa"
        " locuiesc stau_pe stau_la livrați adresim oturuyorum teslimat адрес живу доставьте"
        " проживаю dirección vivo_en domicilio wohne wohnhaft adresse anschrift lieferung habite"
        " livrez moro endereço morada entregar moradia adres adresi adresimiz evim evimin stau"
        " livrare domiciliul domiciliat прописка прописан прописана зарегистрирован регистрация"
        " живем адресу ikametgah ikamet domicilié réside resido residencia domiciliado empadronado"
        " residente residência domicílio gemeldet lieferadresse wohnen wohnt адр адреса mudei"
        " umgezogen"
        " déménagé mudado mutat taşındık taşındım yollayın gönderin переехали переехал переехала"
        " addy"
        " yeni_yer schickt moved adr"
    )
)
"""Words that say that an address follows."""


_CALLED_WORDS = (
    "address adresa adresim adresi adres adresse anschrift lieferadresse dirección domicilio"
    " endereço morada адрес прописка живу evim wohne live_at vivo_en moro_na moro_no habite stau_pe"
    " locuiesc addy umgezogen_nach адр доставьте привезите доставка adr endereco_novo morada_nova"
)
CALLED = re.compile(
    rf"(?<!mail )(?<!ip ){either(_CALLED_WORDS)}"
    r"(?: (?:is|este|e|est|ist|es|lautet|mea|now|nueva|noua|nouvelle|новый|мой|доставки|in|im|am"
    r"|an|на|в))?(?: (?:the|der|dem|la|le|los|las))?[ :,\-]{1,3}"
    r"(?P<it>(?P<first>[^\W\d_]{2,24})(?:,? [^\W\d_][\w\-]{1,24}){0,3},? "
    rf"(?P<house>{_HOUSE}|(?<=, )\d{{5}} [a-z]{{3,30}}))"
)
"""Address: Nordpark 7. No word of a street, but one for an address."""

_RUSSIAN_TOWNS = (
    "москва мск спб питер екб екатеринбург нск новосибирск казань самара уфа омск томск пермь тула"
    " челябинск воронеж волгоград красноярск краснодар саратов тюмень ижевск барнаул иркутск"
    " ярославль хабаровск владивосток оренбург рязань пенза липецк астрахань киров калининград"
    " сочи курск ставрополь тверь ростов ростов-на-дону нн тольятти ульяновск брянск иваново"
    " белгород сургут владимир архангельск чита калуга смоленск мурманск химки подольск балашиха"
)
RUSSIAN_TOWN = re.compile(
    rf"{either(_RUSSIAN_TOWNS)},? (?P<name>(?:\d{{1,2}} )?[а-я\-]{{3,20}}(?:[аяийоеы]|ых|ого))"
    r",? (?!\d-\d(?!\d))\d{1,3}[а-я]?(?:/\d{1,3})?[ \-]{1,3}\d{1,4}(?![\w.%:\-]|-\d)"
)
"""Самара Гагарина 12-45: a town, whose the street is, the house and the flat."""


def _words(listed: str) -> str:
    return either(listed, whole=False)


def _house_first(*, french: str, english: str) -> str:
    """A number and a word for a street, with as many characters between as these say."""
    return (
        rf"[0-9][a-z]?,? (?:.{french}{_words(_FRENCH_WORDS)}[. ]"
        rf"|.{english} {_words(_ENGLISH_WORDS)}(?:$|[^a-z]))"
    )


def _rough() -> Any:
    """A set of linear patterns of which every text with an address meets one, to spare most texts
    the others. A set does not ask where it stands, and answers thirty times as fast."""
    edge = "(?:^|[^a-zа-я])"
    before = _words(
        f"{_BEFORE_NAME} {_WEAK_BEFORE} {_TURKISH_WORDS} cadde bl bloc flat apartment box"
    )
    others = "sat postfach а/я lieu-dit lieudit hameau bp pk cp cs apartado cra cr kra cl diagonal"
    others += " transversal qd"
    found = re2.Set.SearchSet()  # type: ignore[no-untyped-call] # it has no types
    found.Add(
        rf"{edge}(?:{before})\.?[ ,.].*\d|{edge}c/.*\d|{edge}{_words(_POST_WORDS)}(?:$|[^a-zа-я])"
        rf"|(?:{_GERMAN_ENDS}) ?\d|{_words(_RUSSIAN_WORDS)}.*\d"
        rf"|{edge}{_words(f'{others} {_RUSSIAN_TOWNS} {_CALLED_WORDS}')}[ ,.:].*\d"
        rf"|{edge}(?:{_words(_VILLAGES)}|[дспх]\.)[. ].*{edge}(?:д|дом|уч|участок)[. ].*\d"
        r"|(?:кв|квартира|корп|подъезд|apto|daire|ap|appt|whg|top|dpto|depto|piso)[. ]+\d"
        r"|\d,? \d\d?\.? ?(?:[a-z][a-z]? )?(?:piso|andar|etage|stock|og|kat|floor|этаж)"
        rf"|{edge}(?:blk|block|bk) \d|\d, ?(?:[a-z]+-)?[1-9]\d{{3}} [a-z]{{3}}"
        rf"|\d.*[ ,;|/•·.{DASH}\-](?:d-)?\d{{5,6}} [a-zа-я]{{3}}"
        rf"|\d[a-z]?,.*, (?:d-)?\d{{5}} [a-z]{{3}}"
        rf"|{edge}{_MIXED_CODE}(?:$|[^a-z0-9])"
        rf"|{edge}q[nesi][a-z]? \d|{edge}sq[ns]w? \d"
    )
    found.Add(_house_first(french="*", english="+"))
    found.Compile()
    return found


_ROUGH = _rough()
_NEAR = re.compile(_house_first(french="{0,12}", english="{1,75}"))
"""How far apart the two stand is looked at afterwards: a set that counts takes megabytes."""


def maybe(text: str) -> bool:
    """Is it worth looking for streets?"""
    met = _ROUGH.Match(text)
    return bool(met) and (met != [1] or _NEAR.search(text) is not None)
