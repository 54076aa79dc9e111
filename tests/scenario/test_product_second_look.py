"""A second look with the real encoder, through the whole product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.product_steps import (
    CARE,
    KENJI,
    PRIVATE,
    choose,
    comment,
    window_of,
    written,
)
from tests.world import World

LOADING = 150.0
"""Seconds until the encoder must have been loaded, on a machine that is busy with other tests."""

pytestmark = pytest.mark.semantic


def with_second_looks(settings: str) -> str:
    return settings.replace("\ndetection:\n", "\ndetection:\n  semantic: {enabled: true}\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("second-look"), change=with_second_looks)
    world.start()
    yield world
    world.close()


def test_what_the_model_doubted_moves_up_and_says_which_sentences_it_is_like(world: World) -> None:
    comment(world, "tom", "half of what I sent has reached nobody")

    world.wait(
        lambda: [m for m in world.messages(CARE) if "moved to a private channel" in written(m)],
        "the card that has moved",
        LOADING,
    )
    home = world.card(PRIVATE, "half of what I sent has reached nobody", KENJI)
    assert "Tier 2 · Specialists" in written(home)
    choose(world, KENJI, home, "why", PRIVATE)
    why = written(window_of(world, KENJI, "window.why"))
    assert "topic billing by a second look (it means much the same as ‘" in why
