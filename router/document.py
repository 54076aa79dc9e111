"""A file of settings or rules as plain data that remembers the line of every value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from inbox.problem import Problem
from router.faults import DocumentError

MOST_BYTES = 2_000_000
MOST_DEPTH = 40

Step = str | int
Where = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`data` holds only dict, list, str, int, float, bool and None. Dates stay strings."""

    file: str
    data: object
    lines: Mapping[Where, int]

    def line(self, path: Where) -> int:
        """The line of the value at a path, counting from 1; else of its nearest parent."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(
        self,
        path: Where,
        problem: str,
        remedy: str,
        *,
        key: str | None = None,
        warning: bool = False,
    ) -> Problem:
        """A fault at a path; `key` names it where the path itself would say little."""
        return Problem(
            file=self.file,
            line=self.line(path),
            key=key or dotted(path),
            problem=problem,
            remedy=remedy,
            warning=warning,
        )


def dotted(path: Where) -> str:
    return ".".join(map(str, path)) or "the file"


def read_document(path: Path) -> Document:
    """Read one YAML file. Raises DocumentError with every fault, an unreadable file included."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refused(path, f"cannot be read: {reason}", "Check the name and the rights") from None
    if len(raw) > MOST_BYTES:
        raise _refused(path, f"is larger than {MOST_BYTES:,} bytes", "Split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _refused(path, "is not UTF-8 text", "Save it as UTF-8", line) from None
    return parse_document(text, file=str(path))


def parse_document(text: str, *, file: str) -> Document:
    """The same for a text at hand; `file` is the name that faults are told under."""
    builder, whole = _Builder(), False
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
        whole = True
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        said = error.problem or "is not YAML"
        builder.fault(line, (), f"is not YAML: {said}", _mended(said))
    except YAMLError:
        builder.fault(1, (), "holds a character that YAML does not allow", "Remove it")
    document = Document(file=file, data=builder.root, lines=builder.lines)
    if builder.faults:
        problems = [
            Problem(file=file, line=line, key=dotted(path), problem=problem, remedy=remedy)
            for line, path, problem, remedy in builder.faults
        ]
        raise DocumentError(problems, document if whole else None)
    return document


def _refused(path: Path, problem: str, remedy: str, line: int = 1) -> DocumentError:
    fault = Problem(file=str(path), line=line, key="the file", problem=problem, remedy=remedy)
    return DocumentError([fault])


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    value: dict[str, object] | list[object]
    path: Where
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Takes YAML events one by one: no recursion, so that depth cannot exhaust the stack."""

    root: object = None
    lines: dict[Where, int] = field(default_factory=dict)
    faults: list[tuple[int, Where, str, str]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def take(self, event: Any) -> None:
        handler = _HANDLERS.get(type(event).__name__)
        if handler:
            handler(self, event)

    def tagged(self, event: Any) -> None:
        """What a tag such as `!include` asks for is not done, so what stands there is not meant."""
        if event.tag not in _TAGS:
            self.fault(
                _line(event), self._path(), f"'{event.tag}' is not known here", "Write it out"
            )

    def fault(self, line: int, path: Where, problem: str, remedy: str) -> None:
        self.faults.append((line, path, problem, remedy))

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents == 2:
            self.fault(_line(event), (), "holds a second document", "Remove the line '---'")

    def alias(self, event: Any) -> None:
        remedy = "Write it out; put a word that begins with * in quotes"
        self.fault(_line(event), self._path(), f"uses the alias *{event.anchor}", remedy)
        self._place(None, _line(event))

    def open(self, event: Any) -> None:
        if len(self.stack) == MOST_DEPTH:
            raise MarkedYAMLError(problem="nested too deep", problem_mark=event.start_mark)
        if self._awaits_key():
            self.fault(_line(event), self._path(), "a key is not a word", "Write a plain word")
        self.tagged(event)
        value: dict[str, object] | list[object]
        value = {} if type(event).__name__ == "MappingStartEvent" else []
        path = self._place(value, _line(event))
        self.stack.append(_Open(value=value, path=path))

    def close(self, _event: Any) -> None:
        self.stack.pop()

    def scalar(self, event: Any) -> None:
        self.tagged(event)
        if not _ENCODABLE.fullmatch(event.value):
            where = self._path()
            self.fault(_line(event), where, "holds half a character", "Write it out, not as \\u")
            event.value = ""
        if not event.style and (found := _LOOKALIKE.search(event.value)):
            said = f"'{found[0]}' holds a space or colon that only looks like one"
            self.fault(_line(event), self._path(), said, "Type it anew")
        if self._awaits_key():
            self._key(event)
        else:
            self._place(_plain(event), _line(event))

    def _awaits_key(self) -> bool:
        top = self.stack[-1] if self.stack else None
        return top is not None and isinstance(top.value, dict) and top.key is None

    def _key(self, event: Any) -> None:
        top = self.stack[-1]
        key = str(event.value)
        path = (*top.path, key)
        if isinstance(top.value, dict) and key in top.value:
            first = self.lines.get(path, 0)
            self.fault(
                _line(event), path, f"'{key}' stands twice (first in line {first})", "Keep one"
            )
            self._forget(path)
        self.lines[path] = _line(event)
        top.key = key

    def _forget(self, path: Where) -> None:
        """What stood there first gives way to what comes now."""
        for below in [other for other in self.lines if other[: len(path)] == path]:
            del self.lines[below]

    def _path(self) -> Where:
        if not self.stack:
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return top.path if top.key is None else (*top.path, top.key)

    def _place(self, value: object, line: int) -> Where:
        path = self._path()
        self.lines.setdefault(path, line)
        if not self.stack:
            if self.documents < 2:
                self.root = value
            return path
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key or ""] = value
            top.key = None
        return path


_HANDLERS: dict[str, Callable[[_Builder, Any], None]] = {
    "DocumentStartEvent": _Builder.document,
    "AliasEvent": _Builder.alias,
    "MappingStartEvent": _Builder.open,
    "SequenceStartEvent": _Builder.open,
    "MappingEndEvent": _Builder.close,
    "SequenceEndEvent": _Builder.close,
    "ScalarEvent": _Builder.scalar,
}

_ENCODABLE = re.compile(r"[^\ud800-\udfff]*")
"""YAML's escapes can say half of a character, which no file and no network can be told."""

_TAGS = (None, "!", "tag:yaml.org,2002:str")
"""None, and what says that a scalar is a string."""

_LOOKALIKE = re.compile(r"^[\u00a0\u202f\u3000]*[a-z_]+(?::[\u00a0\u202f\u3000]|：(?: |$))")
"""A key and its colon as other programs copy them, which YAML takes for words."""

_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,17}")
"""Only what is written as Python writes it: a word such as +40 must not lose its sign."""

_FRACTION = re.compile(r"-?[0-9]{1,18}\.[0-9]{1,18}")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def _plain(event: Any) -> object:
    """A scalar as YAML 1.2's core schema reads it: `no` and `12:30` are strings."""
    text = str(event.value)
    if event.style or not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text


_REMEDIES = {
    "escape": "In double quotes \\ has a meaning of its own; use single quotes",
    r"'\t'": "Indent with spaces, not with tabs",
    "cannot start": "Put the word in quotes",
}


def _mended(said: str) -> str:
    """The next step for what the parser said."""
    found = (remedy for sign, remedy in _REMEDIES.items() if sign in said)
    return next(found, "Check indentation, quotes and colons")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
