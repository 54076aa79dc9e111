"""Personal data is found whole in nine languages, and talk without any is left alone."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import iban, luhn

from inbox.clearance import NOTHING, DataClass, Span, mask
from router.detector import LexiconDetector

FOLDER = Path(__file__).parents[1] / "fixtures" / "personal"
CLASSES = sorted(path.stem for path in FOLDER.glob("*.jsonl") if path.stem != "clean")
DETECTOR = LexiconDetector()
LANGUAGES = {"en", "ro", "tr", "ru", "ja", "es", "de", "fr", "pt"}


def lines(name: str) -> Iterator[tuple[str, str]]:
    for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        yield row["lang"], row["text"]


def unmarked(text: str, cls: str) -> tuple[str, list[tuple[int, int]]]:
    """The text of a fixture without its marks, and where they stood."""
    bare, places = "", []
    for at, part in enumerate(re.split(rf"</?{cls}>", text)):
        if at % 2:
            places.append((len(bare), len(bare) + len(part)))
        bare += part
    return bare, places


def personal(text: str) -> list[Span]:
    findings = DETECTOR.detect(text)
    assert findings.failed == ()
    return [span for span in findings.spans if span.cls is not DataClass.HEALTH]


def hidden(text: str, start: int, end: int) -> bool:
    """Is every letter and digit of the place within a span?"""
    covered = {at for span in personal(text) for at in range(span.start, span.end)}
    return all(at in covered for at in range(start, end) if text[at].isalnum())


@pytest.mark.parametrize("cls", CLASSES)
def test_every_value_of_a_class_is_found_whole_and_by_its_name(cls: str) -> None:
    missed = []
    for lang, marked in lines(cls):
        text, places = unmarked(marked, cls)
        named = [span for span in personal(text) if span.cls == cls]
        for start, end in places:
            found = any(span.start < end and start < span.end for span in named)
            if not (found and hidden(text, start, end)):
                missed.append(f"{lang}: {text}")
    assert missed == []


def test_a_part_of_a_longer_number_is_no_account() -> None:
    """Its first twenty digits have the check digits of a Spanish one by chance."""
    found = personal("Seriennummer 0006 2000 1190 0006 4512 8812 4471")
    assert DataClass.IBAN not in {span.cls for span in found}


@pytest.mark.parametrize("cls", CLASSES)
def test_the_mask_leaves_nothing_of_a_value(cls: str) -> None:
    for _, marked in lines(cls):
        text, places = unmarked(marked, cls)
        shown = mask(text, DETECTOR.detect(text).spans, NOTHING)
        assert not any(text[start:end] in shown for start, end in places), text


def test_talk_without_personal_data_is_left_alone() -> None:
    wrong = [
        f"{lang}: {text} -> {span.cls} '{text[span.start : span.end]}'"
        for lang, text in lines("clean")
        for span in personal(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("selam\nadres Karanfil Bulvarı 8", "Karanfil Bulvarı 8"),
        ("evim karanfil mahallesi 9. sokak no 4", "karanfil mahallesi 9. sokak no 4"),
        ("wohne Ahornstr. 3, 24103 Kiel", "Ahornstr. 3, 24103 Kiel"),
        ("Es kam in die Ahornstr. 3 in 24103 Kiel", "Ahornstr. 3 in 24103 Kiel"),
        ("Viele Grüße\nAhornstr. 3\n24103 Kiel", "Ahornstr. 3\n24103 Kiel"),
        ("An der Mühle 3, 24103 Kiel", "An der Mühle 3, 24103 Kiel"),
        ("заказ 660421 Казань, ул. Садовая 5", "Казань, ул. Садовая 5"),
        ("ул. Садовая 5 под снегом", "ул. Садовая 5"),
    ],
)
def test_an_address_goes_from_its_street_to_its_town(text: str, place: str) -> None:
    spans = [span for span in personal(text) if span.cls is DataClass.ADDRESS]
    assert [text[span.start : span.end] for span in spans] == [place]


def test_of_an_address_that_holds_a_telephone_the_rest_is_still_one() -> None:
    text = "118 Orchard Way Apt. 40 Little Compton 21959 Mobile: 737 219 628"
    assert [(text[span.start : span.end], span.cls) for span in personal(text)] == [
        ("118 Orchard Way Apt. 40 Little Compton 21959", DataClass.ADDRESS),
        ("737 219 628", DataClass.PHONE),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("kargo kodu 4821 1500 tl tuttu", ["4821"]),
        ("şifremi unuttum, aradım 0532 333 07 00", ["0532 333 07 00"]),
        ("pedido 5520 3381 22 por favor", ["5520 3381 22"]),
    ],
)
def test_groups_of_digits_are_one_number_or_several(text: str, values: list[str]) -> None:
    assert [text[span.start : span.end] for span in personal(text)] == values


def test_every_class_is_shown_in_every_language() -> None:
    assert {*CLASSES, "health"} == set(DataClass)
    for cls in (*CLASSES, "clean"):
        assert {lang for lang, _ in lines(cls)} == LANGUAGES
        assert sum(1 for _ in lines(cls)) >= (200 if cls == "clean" else 40)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("scrie cnp-ul 1850320112239 pe formular", "1850320112239"),
        ("my NI number is CE204816D thanks", "CE204816D"),
        ("前のパスワードはMomiji2021!でした", "Momiji2021!"),
        ("パスポート番号TZ4829105", "TZ4829105"),
        ("social: 541602817 ok", "541602817"),
        ("pe RO95BTRL0130120245678901multumesc", "RO95BTRL0130120245678901"),
        ("cont RO95 BTRL 0130 1202 4567 8901 300 lei", "RO95 BTRL 0130 1202 4567 8901"),
        ("phone: (08) 8747 6302 ok", "(08) 8747 6302"),
        ("0721234567 - 448213", "0721234567"),
    ],
)
def test_nothing_beside_a_value_is_taken_for_it(text: str, value: str) -> None:
    assert [text[span.start : span.end] for span in personal(text)] == [value]


SEPARATORS = st.sampled_from(
    ["", " ", "-", ".", "\u200b", "  ", "\u00a0", "\u2013", " - ", "/", " | "]
)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def written(value: str, separator: str, *, wide: bool) -> str:
    grouped = separator.join(value[at : at + 4] for at in range(0, len(value), 4))
    return full_width(grouped) if wide else grouped


@given(st.integers(0, 10**14 - 1), SEPARATORS, st.booleans())
def test_a_card_is_found_however_it_is_grouped(number: int, separator: str, wide: bool) -> None:
    digits = f"4{number:014d}"
    value = written(digits + luhn.calc_check_digit(digits), separator, wide=wide)
    text = f"please look: {value}, thanks"
    assert hidden(text, 13, 13 + len(value))


@given(
    st.sampled_from(["DE", "GB", "TR"]),
    st.integers(10**19, 10**20 - 1),
    st.sampled_from(["", " ", "-", "\u200b", "\u00a0", "/", "_", " - "]),
    st.booleans(),
    st.booleans(),
)
def test_an_account_is_found_however_it_is_written(
    country: str, number: int, separator: str, wide: bool, small: bool
) -> None:
    rest = {"DE": f"{number}"[:18], "GB": "NWBK" + f"{number}"[:14], "TR": f"00010{number}"[:22]}
    bare = f"{country}00{rest[country]}"
    value = country + iban.calc_check_digits(bare) + rest[country]
    value = written(value.lower() if small else value, separator, wide=wide)
    text = f"支払いは {value} まで"
    start = text.index(value)
    assert hidden(text, start, start + len(value))


@given(
    st.from_regex(r"[a-z]{3,8}\.?[a-z]{2,8}", fullmatch=True),
    st.sampled_from(["@", " at ", " (at) ", "(at)", "＠", " @ ", " arroba ", " собака ", "アット"]),
    st.sampled_from(["gmail", "outlook", "yandex"]),
    st.sampled_from([".", " dot ", " punct ", " nokta ", " точка ", "．", " ponto ", "ドット"]),
)
def test_an_address_is_found_however_it_is_spelled(name: str, at: str, host: str, dot: str) -> None:
    value = f"x{name}{at}{host}{dot}com"
    text = f"> {value}"
    assert hidden(text, 2, len(text))


@given(st.text(st.characters(exclude_categories=["Nd", "No", "Nl", "Cs"]), max_size=60))
@example("password password code is order no")
def test_a_text_without_digits_holds_no_number(text: str) -> None:
    if any(unicodedata.normalize("NFKC", char).isdigit() for char in text):
        return
    numbers = {"card", "iban", "national_id", "phone", "birth_date"}
    assert not [span for span in personal(text) if span.cls in numbers]


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 5_000,
        "a@" * 4_000,
        "区" * 6_000 + "1",
        "mah " * 3_000 + "1",
        "(1" * 4_000,
        "order " * 2_000 + "x1",
        "code " * 2_000 + "1",
        "ab12" * 3_000,
        "str. " * 2_000 + "1",
        "mahallesi 7. " * 2_000,
        "password, a is " * 2_000,
        "order 1234 5678 " * 1_500,
        "区1-2 " + "ア" * 6_000,
        "passport 123-45-" * 1_200,
        "born 1." * 3_000,
        "記号1番号" * 3_000,
        "order AB 12 " * 1_500,
        "order a b c " * 1_500 + "1234567",
        "code old 1234 to " * 1_000,
        "memorable word is a b " * 800,
        "1Z 1 " * 4_000,
        "4539 6792 1334 8835 09/27 " * 700,
    ],
)
def test_hostile_repetition_is_read_to_the_end(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in personal(text))
