"""The lexicons as they are looked at: one index of all words, concepts by number."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from router import lexicon, normal, phrases
from router.kept import digest, kept
from router.lexicon import ANY, LEXICONS, Concept, Conjunction, Lexicon, load_lexicon
from router.phrases import PhraseIndex, packed

_SOURCES = tuple(Path(f"{module.__file__}") for module in (lexicon, normal, phrases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A phrase of `index` has the number of its concept."""

    index: PhraseIndex
    concepts: Sequence[Concept]
    conjunctions: Sequence[Conjunction]


def compiled(read: Lexicon) -> Compiled:
    return _of(_plain(read))


def compiled_lexicon(languages: Iterable[str], *, folder: Path = LEXICONS) -> Compiled:
    """Of these languages' files, which are read again only when one has changed.

    Raises DocumentError.
    """
    codes = sorted(set(languages) - {ANY})
    files = [path for name in (ANY, *codes) if (path := folder / f"{name}.txt").is_file()]
    key = digest(*(path.name for path in files), files=(*files, *_SOURCES, Path(__file__)))
    source = folder / "-".join(path.stem for path in files)
    content = kept(source, key, lambda: marshal.dumps(_plain(load_lexicon(codes, folder=folder))))
    return _of(marshal.loads(content))  # noqa: S302 # as Python loads the modules beside it


def _plain(read: Lexicon) -> tuple[Any, ...]:
    numbers = {one: at for at, one in enumerate(dict.fromkeys(read.concepts))}
    return (
        packed(read.phrases, [numbers[one] for one in read.concepts]),
        [(one.name, one.topic, one.private) for one in numbers],
        [(one.parts, one.without, one.topic) for one in read.conjunctions],
    )


def _of(plain: tuple[Any, ...]) -> Compiled:
    phrases, concepts, conjunctions = plain
    return Compiled(
        index=PhraseIndex(phrases),
        concepts=[Concept(name=n, topic=topic, private=private) for n, topic, private in concepts],
        conjunctions=[
            Conjunction(parts=parts, without=without, topic=topic)
            for parts, without, topic in conjunctions
        ],
    )
