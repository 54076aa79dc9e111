"""From what pydantic found to what a person reads: which line, what is wrong, what to write."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from inbox.problem import Problem
from router.document import Document, Where
from router.faults import did_you_mean

Shape = TypeVar("Shape", bound=BaseModel)


class SettingsError(Exception):
    """The configuration cannot be used; `problems` has all that is wrong in all its files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


_FORMS = {
    "greater_than_equal": ("is too small", "Write {ge} or more"),
    "greater_than": ("is too small", "Write more than {gt:g}"),
    "less_than_equal": ("is too large", "Write {le} or less"),
    "string_type": ("must be text", "Put it in quotes"),
    "int_type": ("must be a whole number", "Write it without quotes: 8080"),
    "int_parsing": ("must be a whole number", "Write a number: 2"),
    "string_too_long": ("is longer than 80 characters", "Shorten it"),
    "bool_type": ("must be true or false", "Write true or false, without quotes"),
    "tuple_type": ("must be a list", "Write it in square brackets: [one, two]"),
    "dict_type": ("must be a block of keys", "Write `key: value` lines, indented under it"),
    "model_type": ("must be a block of keys", "Write `key: value` lines, indented under it"),
    "too_short": ("is an empty list", "Name at least one, or leave it out"),
    "string_too_short": ("is empty", "Write a few words"),
    "byte_size": ("is not a size", "Write a number and a unit: 1MB"),
    "byte_size_unit": ("is not a size", "Write a number and a unit: 1MB"),
    "string_pattern_mismatch": (
        "is not a name that settings use",
        "Names have small letters, digits, - and _: care_private",
    ),
}


def checked(
    model: type[Shape], document: Document, *, instead: Mapping[str, object] = MappingProxyType({})
) -> tuple[Shape | None, list[Problem]]:
    """The file's form without the values that are wrong, and what is wrong with those.

    `instead` stands in for the keys that must be there. The form is None where nothing useful is
    left; other checks go on with what is right, so that a person sees all faults at once.
    """
    problems: list[Problem] | None = None
    rest: Any = copy.deepcopy(document.data)
    spare = dict(instead)
    while True:
        try:
            return model.model_validate(rest), problems or []
        except ValidationError as error:
            faults = error.errors(include_url=False, include_input=False)
            if problems is None:  # what is wrong later on only follows from what was taken out
                problems = [_problem(fault, model, document) for fault in faults]
            paths = {fault["loc"] for fault in faults}
            pruned = _pruned(rest, paths)
            filled = {key: spare.pop(key) for key in instead if (key,) in paths and key in spare}
            if not (pruned or filled):
                return None, problems
            rest |= filled


def _problem(fault: ErrorDetails, model: type[BaseModel], document: Document) -> Problem:
    path = tuple(part for part in fault["loc"] if part != "[key]")
    return document.problem(path, *_words(fault, model, path, _at(document.data, path)))


def _words(
    fault: ErrorDetails, model: type[BaseModel], path: Where, value: object
) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "settings":
        return context["problem"], context["remedy"]
    if kind == "extra_forbidden":
        return "is not a known key", did_you_mean(path[-1], known_keys(model, path[:-1]))
    if kind == "missing":
        return "is missing", f"Add a line `{path[-1]}: …`"
    if kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'", context["expected"])
        return "is not one of the values it can have", did_you_mean(value, known)
    if kind in _FORMS:
        problem, remedy = _FORMS[kind]
        return problem, remedy.format(**context)
    return "cannot be used", fault["msg"].removesuffix(".")


def known_keys(model: type[BaseModel], path: Where) -> list[str]:
    """Keys of the block that a path leads to."""
    here: object = model
    for part in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(part))
            here = field.annotation if field else None
        else:
            here = _inner(here)
    return list(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else []


def _inner(annotation: object) -> object:
    """The block in dict[…, Block]."""
    inner = get_args(annotation)
    return inner[-1] if inner else None


def _pruned(data: Any, faults: Iterable[Where]) -> bool:
    """Take faulty values out, or the blocks that lack one; False where the whole file is wrong."""
    backwards = sorted(faults, key=lambda loc: [str(part).zfill(9) for part in loc], reverse=True)
    done = [_prune(data, [part for part in loc if part != "[key]"]) for loc in backwards]
    return any(done)


def _prune(data: Any, path: list[str | int]) -> bool:
    while path:
        holder, last = _at(data, path[:-1]), path.pop()
        if isinstance(holder, dict) and str(last) in holder:
            del holder[str(last)]
            return True
        if isinstance(holder, list) and isinstance(last, int) and last < len(holder):
            del holder[last]
            return True
    return False


def _at(data: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data
