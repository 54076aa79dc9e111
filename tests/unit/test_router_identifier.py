"""The identifier says what the model says that it was cut out of, but for rare signs."""

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from router.identifier import identifier
from router.model.corpus import read_corpus

CERTAIN = 0.6
"""Below it two languages are about as likely, and rare signs may decide between them."""
PLAIN = [one.text for one in read_corpus() if one.text.isascii()]
SENTENCES = [text for text in PLAIN if not any(map(str.isdigit, text))][::97]
"""Numbers are taken out before it is asked."""


@pytest.mark.parametrize(
    ("languages", "texts"),
    [
        (("de", "en", "es", "fr", "pt", "ro", "tr"), SENTENCES),
        (
            ("de", "en", "ru", "uk"),
            [*SENTENCES, "Де мій пакунок, чекаю вже тиждень", "где мой пакет"],
        ),
    ],
)
def test_it_names_the_language_that_the_whole_model_names(
    languages: tuple[str, ...], texts: list[str]
) -> None:
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]  # it has no types
    whole.set_languages([*languages])
    found = identifier(frozenset(languages)).classify(texts)
    for text, (language, sure) in zip(texts, found, strict=True):
        named, certain = whole.classify(text)
        assert certain == pytest.approx(sure, abs=0.05), text
        assert named == language or certain < CERTAIN, text
