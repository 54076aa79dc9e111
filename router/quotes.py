"""Whose words an explanation quotes: the customer's in “…”, a rule's own in ‘…’.

A channel that must not read a customer's words takes out all that stands in “…” (see
workspace.showing). So what is quoted holds no such mark itself, and a rule's words that are said to
stand in the text count as the customer's.
"""

from __future__ import annotations

_NO_MARKS = str.maketrans({"“": '"', "”": '"'})
_AS_A_RULES = str.maketrans({"“": "‘", "”": "’"})


def unmarked(text: str) -> str:
    return text.translate(_NO_MARKS)


def customers(text: str) -> str:
    return f"“{unmarked(text)}”"


def rules(text: str) -> str:
    return f"‘{unmarked(text)}’"


def nobody_said(sentence: str) -> str:
    """A sentence of a rule that turned out not to be so: none of its words are the customer's."""
    return sentence.translate(_AS_A_RULES)
