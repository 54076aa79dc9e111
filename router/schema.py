"""The JSON Schema of rules.yaml, for editors: it completes keys and underlines what is unknown.

It says the form; what only the whole list or the settings can tell is for `rules check`.
Source: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from inbox.case import Status
from inbox.clearance import DataClass
from inbox.decision import Articles, Priority
from inbox.message import Kind, Visibility
from router.loader import MOST_RULES
from router.vocabulary import STARS, Vocabulary

Schema = dict[str, object]


def schema(vocabulary: Vocabulary) -> Schema:
    """With the names that the settings know, where they are known."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tierdesk rules",
        **_mapping(
            {
                "ordered": _list(_ref("ordered"), least=1) | {"maxItems": MOST_RULES},
                "always": _list(_ref("always")) | {"maxItems": MOST_RULES},
            },
            needs=("ordered",),
        ),
        "$defs": {
            "ordered": _rule(_outcome(vocabulary)),
            "always": _rule(_annotation(vocabulary)),
            "when": _conditions(vocabulary),
            "examples": _examples(vocabulary),
        },
    }


# --- parts -------------------------------------------------------------------------------


def _rule(then: Schema) -> Schema:
    keys: dict[str, Schema] = {
        "name": _WORD | {"description": "What the rule is for; no other has it"},
        "when": _either({"const": "always"}, _ref("when")),
        "then": then,
        "shadow": _FLAG | {"description": "On trial: asked and reported, does nothing"},
        "examples": _ref("examples"),
    }
    return _mapping(keys, needs=("name", "when", "then"))


def _conditions(vocabulary: Vocabulary) -> Schema:
    nested = _some(_ref("when"))
    languages = vocabulary.languages
    words = _some(_WORD)
    return _mapping(
        {
            "all": nested,
            "any": nested,
            "not": nested,
            "network": _some(_name(vocabulary.networks)),
            "account": _some(_name(vocabulary.accounts)),
            "visibility": _some(_one_of(Visibility)),
            "kind": _some(_one_of(Kind)),
            "text": _mapping({"any_words": words, "all_words": words, "regex": _WORD}, least=1),
            "language": _some(_name(None if languages is None else (*languages, "unknown"))),
            "topics": _some(_one_of(vocabulary.topics)),
            "data": _some(_one_of(("any", *DataClass))),
            "author": _mapping(
                {
                    "handles": words,
                    "followers": _RANGE,
                    "verified": _FLAG,
                    "vip": _FLAG,
                    "bot": _FLAG,
                    "staff": _FLAG,
                },
                least=1,
            ),
            "contact": _CONTACT,
            "case": _mapping(
                {
                    "tier": _either(_tier(vocabulary), _RANGE),
                    "status": _some(_one_of(Status)),
                    "open": _FLAG,
                },
                least=1,
            ),
            "business_hours": _HOURS,
            "menu_choice": _some(_name(vocabulary.choices)),
            "length": _RANGE,
            "links": _RANGE,
            "attachments": _RANGE,
            "rating": _mapping({"at_least": _STARS, "at_most": _STARS}, least=1),
        },
        least=1,
    )


def _outcome(vocabulary: Vocabulary) -> Schema:
    template = _name(vocabulary.templates)
    ways = {"public_reply": template, "private_move": template, "note": template}
    ways["ticket"] = _name(vocabulary.helpdesks)
    ways["menu"] = _name(vocabulary.menus)
    return _mapping(
        {
            "tier": _tier(vocabulary),
            "team": _name(vocabulary.teams),
            "priority": _one_of(Priority),
            "tags": _some(_WORD),
            "assignee": {"type": "string", "pattern": r"^\s*[UW][A-Z0-9]+\s*$"},
            "respond": _either({"enum": ["none", "ticket"]}, _mapping(ways, least=1)),
            "articles": {"enum": [*Articles, False]},
            "hide": _FLAG,
            "ignore": _FLAG,
        },
        least=1,
    )


def _tier(vocabulary: Vocabulary) -> Schema:
    return _COUNT if vocabulary.tiers is None else {"enum": sorted(vocabulary.tiers)}


def _annotation(vocabulary: Vocabulary) -> Schema:
    return _mapping(
        {
            "tags": _some(_WORD),
            "raise_priority": _one_of(Priority),
            "alert": _name(vocabulary.channels),
            "watch": _FLAG,
        },
        least=1,
    )


def _examples(vocabulary: Vocabulary) -> Schema:
    keys: dict[str, Schema] = {
        "text": _WORD,
        "network": _name(vocabulary.networks),
        "account": _name(vocabulary.accounts),
        "visibility": _one_of(Visibility),
        "kind": _one_of(Kind),
        "language": _name(vocabulary.languages),
        "author": _WORD,
        "followers": _COUNT,
        "verified": _FLAG,
        "vip": _FLAG,
        "bot": _FLAG,
        "staff": _FLAG,
        "contact": _CONTACT,
        "case": _mapping({"tier": _COUNT, "status": _one_of(Status)}),
        "business_hours": _HOURS,
        "menu_choice": _name(vocabulary.choices),
        "attachments": _COUNT,
        "rating": _STARS,
    }
    example = _either(_WORD, _mapping(keys, needs=("text",)))
    return _mapping({"matches": _some(example), "not": _some(example)})


# --- forms -------------------------------------------------------------------------------


def _mapping(keys: dict[str, Schema], *, needs: Iterable[str] = (), least: int = 0) -> Schema:
    form: Schema = {"type": "object", "properties": keys, "additionalProperties": False}
    if required := list(needs):
        form["required"] = required
    return form | ({"minProperties": least} if least else {})


def _list(item: Schema, *, least: int = 0) -> Schema:
    return {"type": "array", "items": item} | ({"minItems": least} if least else {})


def _some(item: Schema) -> Schema:
    """One value, or a list of them."""
    return _either(item, _list(item, least=1))


def _either(*forms: Schema) -> Schema:
    return {"anyOf": list(forms)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(names: Iterable[str]) -> Schema:
    return {"enum": [str(name) for name in names]}


def _name(known: Collection[str] | None) -> Schema:
    return _WORD if known is None else _one_of(sorted(known))


_WORD: Schema = {"type": ["string", "integer"], "minLength": 1}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_RANGE: Schema = _mapping({"at_least": _COUNT, "at_most": _COUNT}, least=1)
_STARS: Schema = {"enum": [*range(1, STARS + 1)]}
_CONTACT = _one_of(("first", "known"))
_HOURS = _one_of(("open", "closed"))
