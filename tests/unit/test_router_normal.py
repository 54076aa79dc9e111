"""Words are found however they are written, and their places are those of the text as written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.normal import boundary, fold, normalise
from router.phrases import PhraseIndex, packed, phrase


def stands(written: str, text: str) -> bool:
    return bool(PhraseIndex(packed([phrase(written)])).hits(normalise(text)))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("refund", "I want a REFUND!"),
        ("money back", "my money\n back"),
        ("cafe", "Café"),
        ("café", "cafe"),
        ("café", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("iade", "İADE istiyorum"),
        ("sifre", "ŞİFRE"),
        ("ılık", "ILIK"),
        ("еще", "ещё"),
        ("strasse", "STRAẞE"),
        ("返金", "すぐ返金してください"),
        ("パスワード", "ﾊﾟｽﾜｰﾄﾞ"),
        ("order", "ｏｒｄｅｒ"),
        ("refund", "re\N{ZERO WIDTH SPACE}fund"),
        ("refund", "re\N{SOFT HYPHEN}fund"),
        ("don't", "don’t"),
        ("iade*", "iadesini"),
        ("*konto", "Girokonto"),
        ("şikayet", "#şikayet"),
        ("tシャツ", "このTシャツは"),
    ],
)
def test_a_phrase_is_found(written: str, text: str) -> None:
    assert stands(written, text)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("fund", "refund"),
        ("refund", "refunds"),
        ("iade", "iadesini"),
        ("мой", "мои"),
        ("かき", "がき"),
        ("は", "ば"),
        ("art", "Smartphone"),
        ("konto", "Kontoauszug"),
    ],
)
def test_another_word_is_not_found(written: str, text: str) -> None:
    assert not stands(written, text)


def test_a_phrase_without_a_letter_is_refused() -> None:
    with pytest.raises(ValueError, match="no letter"):
        phrase(" ** ")


def test_a_hit_is_quoted_as_it_was_written() -> None:
    raw = "x ﬁ İ cafe\N{COMBINING ACUTE ACCENT}s? Straße"
    index = PhraseIndex(packed([phrase("cafés"), phrase("strasse")]))
    normal = normalise(raw)
    found = [normal.quote(start, end) for start, end, _ in index.hits(normal)]
    assert found == ["cafe\N{COMBINING ACUTE ACCENT}s", "Straße"]


def test_a_word_that_several_share_leads_to_each_that_may_stand_there_and_to_none_twice() -> None:
    shared = [phrase("konto"), phrase("konto*"), phrase("*konto"), phrase("Konto")]
    index = PhraseIndex(packed(shared, [7, 8, 9, 7]))
    found = {text: index.hits(normalise(text)) for text in ("konto", "kontos", "girokonto")}
    assert found == {
        "konto": [(0, 5, 7), (0, 5, 8), (0, 5, 9)],
        "kontos": [(0, 6, 8)],
        "girokonto": [(0, 9, 9)],
    }


SIGNS = "abя1_ -.かカ漢\N{COMBINING KATAKANA-HIRAGANA VOICED SOUND MARK}"


@given(
    st.text(SIGNS, max_size=12),
    st.sampled_from(["a", "ab", "я1", "a b", "a.", "か", "漢字", "aか"]),
)
def test_a_phrase_stands_wherever_words_may_begin_and_end(raw: str, written: str) -> None:
    text = normalise(raw).text
    found = PhraseIndex(packed([phrase(written)])).hits(normalise(raw))
    places = [(at, at + len(written)) for at in range(len(text)) if text.startswith(written, at)]
    assert found == [
        (*one, 0) for one in places if boundary(text, one[0]) and boundary(text, one[1])
    ]


@pytest.mark.parametrize(
    ("written", "text", "place"),
    [
        ("か*", "がき", (0, 1)),
        ("iade*", "bu iadesini", (3, 11)),
        ("*konto", "ein girokonto!", (4, 13)),
    ],
)
def test_an_open_phrase_takes_the_whole_word(
    written: str, text: str, place: tuple[int, int]
) -> None:
    assert PhraseIndex(packed([phrase(written)])).hits(normalise(text)) == [(*place, 0)]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1), st.data())
def test_every_place_of_the_normal_form_is_a_place_of_the_text(
    text: str, data: st.DataObject
) -> None:
    normal = normalise(text)
    if not normal.text:
        return
    start = data.draw(st.integers(0, len(normal.text) - 1))
    end = data.draw(st.integers(start + 1, len(normal.text)))
    first, last = normal.original(start, end)
    assert 0 <= first < last <= len(text)
    assert normal.text[start:end] in normalise(text[first:last]).text


@given(st.text(), st.text())
def test_places_before_do_not_depend_on_what_follows(text: str, more: str) -> None:
    normal = normalise(f"{text} word {more}")
    start = len(normalise(f"{text} ").text)
    assert normal.original(start, start + 4)[0] == len(text) + 1
