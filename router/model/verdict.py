"""What the model is asked, and what it says. Without numpy, which takes a tenth of a second."""

from __future__ import annotations

from typing import NamedTuple

Place = tuple[int, int]


class Verdict(NamedTuple):
    """`private` is the probability that the text belongs to a private topic, `topic` the likeliest.

    `raised`: surely enough to say so; `doubt`: too likely for an automatic answer; `harmless`: so
    unlikely that words alone do not show it. `places` are those of the normal text that weighed
    most, of those that are raised and asked for.
    """

    topic: str
    private: float
    raised: bool
    doubt: bool
    harmless: bool = False
    places: tuple[Place, ...] = ()


class Question(NamedTuple):
    """`text` is in normal form, `language` an ISO 639-1 code or None where it is not known.

    `other`: words show a topic that is not private, so the model must be surer to raise one.
    `told`: whether the places are wanted, which cost as much as the judgement.
    """

    text: str
    language: str | None
    other: bool = False
    told: bool = True
