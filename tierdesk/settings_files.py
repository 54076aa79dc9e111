"""The rules beside the settings, read only to say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

from inbox.problem import Problem
from router.loader import RulesError, load_rules
from router.vocabulary import Vocabulary


def rules_problems(path: Path, vocabulary: Vocabulary) -> list[Problem]:
    try:
        load_rules(path, vocabulary=vocabulary)
    except RulesError as error:
        return list(error.problems)
    return []
