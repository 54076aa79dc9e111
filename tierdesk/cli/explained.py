"""Messages of a file through detector and rules, one JSON object a line in and out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from msgspec.structs import replace

from inbox.decision import Answer, Decision
from inbox.facts import Facts, Findings
from inbox.message import MAX_TEXT, Kind, Visibility
from inbox.ports import Detector, Router, SecondOpinion

_TOGETHER = 256
_Item = TypeVar("_Item")

MOST_LINE = 4_000_000
"""Bytes of one line; a longer one is refused."""


class BadLine(Exception):
    """A line that is no message; the words say why and never quote it. `id` where it has one."""

    id: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A message as it is tried out; what is not given is the ordinary case."""

    text: str
    id: str | int | None = None
    network: str = "generic"
    account: str = "main"
    visibility: Visibility = Visibility.PUBLIC
    kind: Kind | None = None
    author: str = "somebody"
    followers: int | None = None
    verified: bool | None = None
    bot: bool | None = None
    staff: bool | None = None
    language: str | None = None
    attachments: int = 0
    rating: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """Detector and rules on a table: nothing is stored and nothing sent. With an `opinion` the
    second look is taken at once.
    """

    detector: Detector
    router: Router
    business_hours: bool
    at: datetime
    vips: frozenset[str] = frozenset()
    opinion: SecondOpinion | None = None

    def explain(self, sample: Sample) -> tuple[Findings, Decision]:
        return self.explain_all([sample])[0]

    def explain_all(self, samples: Sequence[Sample]) -> list[tuple[Findings, Decision]]:
        """Of each sample, in their order; many at once cost less each."""
        looked = zip(samples, self.facts_of(samples), strict=True)
        return [self._explained(sample, *found) for sample, found in looked]

    def _explained(
        self, sample: Sample, findings: Findings, facts: Facts
    ) -> tuple[Findings, Decision]:
        decision = self.router.route(facts)
        return self._looked_again(sample, findings, decision) or (findings, decision)

    def _looked_again(
        self, sample: Sample, findings: Findings, decision: Decision
    ) -> tuple[Findings, Decision] | None:
        """None where a second look raises nothing."""
        if self.opinion is None or decision.tier is None or not self.opinion.wants(findings):
            return None
        text = sample.text[:MAX_TEXT]
        topic = self.opinion.look(text, findings)
        if topic is None:
            return None
        found = replace(findings, topics=(*findings.topics, topic), leaning=None)
        again = self.router.route(self._facts(sample, text, found))
        raised = again.tier is not None and again.tier > decision.tier
        return (found, again) if raised else None

    def facts_of(self, samples: Sequence[Sample]) -> list[tuple[Findings, Facts]]:
        """What the rules are asked about."""
        texts = [(sample.text[:MAX_TEXT], sample.language) for sample in samples]
        looked = zip(samples, texts, self.detector.detect_all(texts), strict=True)
        return [(found, self._facts(sample, text, found)) for sample, (text, _), found in looked]

    def _facts(self, sample: Sample, text: str, findings: Findings) -> Facts:
        private = sample.visibility is Visibility.PRIVATE
        return Facts(
            network=sample.network,
            account=sample.account,
            visibility=sample.visibility,
            kind=sample.kind or (Kind.DM if private else Kind.MENTION),
            text=text,
            language=findings.language,
            topics=findings.topics,
            spans=findings.spans,
            links=findings.links,
            attachments=sample.attachments,
            author=sample.author,
            followers=sample.followers,
            verified=sample.verified,
            bot=sample.bot,
            vip=sample.author.removeprefix("@").casefold() in self.vips,
            first_contact=False,
            case_tier=None,
            case_status=None,
            business_hours=self.business_hours,
            at=self.at,
            failed=findings.failed,
            doubt=findings.doubt,
            hints=findings.hints,
            rating=sample.rating,
            staff=sample.staff,
        )

    def explain_lines(self, lines: BinaryIO) -> Iterator[tuple[bool, str]]:
        """Each line's answer as JSON, and whether it was a message. Holds a few lines at a time."""
        for read in together(_read(lines)):
            samples = [one for one in read if isinstance(one, Sample)]
            answers = zip(samples, self.explain_all(samples), strict=True)
            for one in read:
                if isinstance(one, Sample):
                    sample, answer = next(answers)
                    yield True, json.dumps(as_json(sample, *answer))
                else:
                    yield False, json.dumps(one)


def together(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """As many as are worth a look at once."""
    rest = iter(items)
    while some := [*islice(rest, _TOGETHER)]:
        yield some


def _read(lines: BinaryIO) -> Iterator[Sample | dict[str, object]]:
    """Of each line that is not empty the message, or what is wrong with it."""
    for number, line in enumerate(bounded(lines), 1):
        if line is not None and not line.strip():
            continue
        try:
            yield read_sample(line)
        except BadLine as error:
            yield {"id": error.id, "line": number, "error": str(error)}


def bounded(lines: BinaryIO) -> Iterator[bytes | None]:
    """The lines; None in place of one that is too long."""
    while line := lines.readline(MOST_LINE):
        if len(line) < MOST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while rest := lines.readline(MOST_LINE):
            if rest.endswith(b"\n"):
                break
        yield None


def read_sample(line: bytes | None) -> Sample:
    """One message of a file. Raises BadLine."""
    if line is None:
        raise BadLine(f"is longer than {MOST_LINE:,} bytes")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("is not JSON") from None
    if not isinstance(data, dict):
        raise BadLine("is not a JSON object")
    if not isinstance(data.get("id"), str | int | None):
        raise BadLine("id is neither a string nor a whole number")
    try:
        return _sample(data)
    except BadLine as error:
        error.id = data.get("id")
        raise


def _sample(data: Mapping[str, Any]) -> Sample:
    if not isinstance(data.get("text"), str):
        raise BadLine("has no text")
    author = data.get("author")
    known = author if isinstance(author, dict) else {"handle": author}
    return Sample(
        text=data["text"][:MAX_TEXT],
        id=data.get("id"),
        network=_word(data, "network") or "generic",
        account=_word(data, "account") or "main",
        visibility=Visibility(_chosen(data, "visibility", Visibility) or Visibility.PUBLIC),
        kind=Kind(kind) if (kind := _chosen(data, "kind", Kind)) else None,
        author=_word(known, "handle") or "somebody",
        followers=_number(known, "followers"),
        verified=_flag(known, "verified"),
        bot=_flag(known, "bot"),
        staff=_flag(known, "staff"),
        language=_word(data, "language"),
        attachments=_number(data, "attachments") or 0,
        rating=_number(data, "rating"),
    )


def _word(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise BadLine(f"{key} is not a string")


def _chosen(data: Mapping[str, object], key: str, known: type[Visibility | Kind]) -> str | None:
    value = _word(data, key)
    if value is not None and value not in list(known):
        raise BadLine(f"{key} is none of {', '.join(known)}")
    return value


def _number(data: Mapping[str, object], key: str) -> int | None:
    value = data.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise BadLine(f"{key} is not a whole number")


def _flag(data: Mapping[str, object], key: str) -> bool | None:
    value = data.get(key)
    if value is None or isinstance(value, bool):
        return value
    raise BadLine(f"{key} is neither true nor false")


def as_json(sample: Sample, findings: Findings, decision: Decision) -> dict[str, object]:
    """Everything that was found and decided; `start` and `end` count characters of the text."""
    why = decision.explanation
    return {
        "id": sample.id,
        "tier": decision.tier,
        "rule": decision.rule,
        "position": decision.position,
        "team": decision.team,
        "priority": decision.priority,
        "tags": decision.tags,
        "respond": response_words(decision),
        "articles": decision.articles,
        "ignore": decision.ignore,
        "hide": decision.hide,
        "alerts": decision.alerts,
        "watch": decision.watch,
        "language": findings.language,
        "topics": [topic.name for topic in findings.topics],
        "spans": [{"start": s.start, "end": s.end, "class": s.cls} for s in findings.spans],
        "explanation": {
            "because": why.because,
            "not_by": [
                {"position": miss.position, "rule": miss.rule, "failed": miss.failed}
                for miss in why.not_by
            ],
            "also": [
                {"rule": also.rule, "did": also.did, "because": also.because} for also in why.also
            ],
            "shadow": [
                {"rule": one.rule, "did": one.did, "because": one.because} for one in why.shadow
            ],
        },
        "version": decision.version,
    }


def response_words(decision: Decision) -> str:
    response = decision.response
    if response.kind in (Answer.NONE, Answer.TICKET):
        return str(response.kind)
    note = f", note {response.note}" if response.note else ""
    return f"{response.kind}: {response.template}{note}"
