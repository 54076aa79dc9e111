"""Messages as they were kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, func, select

from inbox.decision import Correction, Decision
from inbox.facts import Facts, Findings
from inbox.message import Account, Attachment, Author, Kind, Message, Ref, Visibility
from inbox.ports import Conversation, Stored
from store import codec
from store.statements import Now, Rows, Stage, overwrite
from store.tables import CLOSED, cases, messages

_COLUMNS = (
    "ref",
    "conversation_ref",
    "author_ref",
    "author_json",
    "text",
    "visibility",
    "kind",
    "created_at",
    "in_reply_to_ref",
    "url",
    "language",
    "attachments_json",
    "rating",
    "native_json",
    "case_number",
    "mine",
    "findings_json",
    "facts_json",
    "decision_json",
    "edited_at",
    "deleted_at",
    "corrected_json",
)
_NEW = Rows(table=messages, columns=_COLUMNS, rank=3, fixed={"seen_at": Now()})
_CHANGED = Rows(
    table=messages,
    columns=_COLUMNS,
    rank=3,
    fixed={"seen_at": Now()},
    conflict=lambda insert: overwrite(insert, keep={"seen_at"}),
)
_FOUND = select(messages).where(messages.c.ref.in_(bindparam("refs", expanding=True)))
_CONVERSATIONS = (
    select(
        messages.c.case_number,
        messages.c.conversation_ref,
        messages.c.visibility,
        func.count().label("messages"),
        func.max(messages.c.created_at).label("newest"),
    )
    .where(messages.c.case_number.in_(bindparam("cases", expanding=True)))
    .group_by(messages.c.case_number, messages.c.conversation_ref, messages.c.visibility)
    .order_by(func.max(messages.c.created_at).desc(), messages.c.conversation_ref)
)
_CASELESS = messages.c.case_number.is_(None)
_IGNORED = (
    select(messages)
    .where(_CASELESS, messages.c.decision_json.is_not(None), messages.c.deleted_at.is_(None))
    .order_by(messages.c.created_at.desc(), messages.c.ref.desc())
    .limit(bindparam("most"))
)
_IGNORED_IN_PUBLIC = _IGNORED.where(messages.c.visibility == Visibility.PUBLIC.value)
_CORRECTED = (
    select(messages)
    .where(_CASELESS, messages.c.corrected_json.is_not(None))
    .order_by(messages.c.created_at, messages.c.ref)
)
_SLOT = timedelta(minutes=5)
_Attachments = tuple[Attachment, ...]
_Native = dict[str, str]


class Messages:
    """Implements inbox.ports.Messages."""

    def __init__(self, connection: Connection, stage: Stage) -> None:
        self._connection = connection
        self._stage = stage

    def find(self, refs: Collection[Ref]) -> Mapping[Ref, Stored]:
        if not refs:
            return {}
        self._stage.flush()
        names = [codec.ref_name(ref) for ref in refs]
        found = self._connection.execute(_FOUND, {"refs": names})
        return {stored.message.ref: stored for stored in map(_stored, found)}

    def of_case(
        self,
        case: int,
        *,
        newest: int | None = None,
        visibility: Visibility | None = None,
        mine: bool | None = None,
        to: Collection[Ref] = (),
    ) -> Sequence[Stored]:
        self._stage.flush()
        query = _of_case(visibility is not None, mine is not None, bool(to))
        asked = {
            "case": case,
            "visibility": visibility and visibility.value,
            "mine": mine,
            "to": [codec.ref_name(ref) for ref in to],
            "most": _ENDLESS if newest is None else newest,
        }
        wanted = {name: value for name, value in asked.items() if value not in (None, [])}
        rows = self._connection.execute(query, wanted).all()
        return [_stored(row) for row in rows[::-1]]

    def of_open_cases(self, account: Account, *, since: datetime, limit: int) -> Sequence[Ref]:
        self._stage.flush()
        of_account = and_(cases.c.account == codec.account_name(account), ~messages.c.mine)
        query = (
            select(messages.c.ref)
            .join(cases, cases.c.number == messages.c.case_number)
            .where(of_account, cases.c.status != CLOSED)
            .where(messages.c.created_at >= codec.micros(since), messages.c.deleted_at.is_(None))
            .order_by(messages.c.created_at.desc(), messages.c.ref)
            .limit(limit)
        )
        return [codec.ref_of(name) for name in self._connection.execute(query).scalars()]

    def moments(self, account: Account, *, since: datetime) -> Sequence[datetime]:
        self._stage.flush()
        name = codec.account_name(account)
        slot = messages.c.created_at // codec.duration(_SLOT)
        query = (
            select(func.max(messages.c.created_at).label("at"))
            .where(messages.c.created_at >= codec.micros(since), ~messages.c.mine)
            .where(func.substr(messages.c.ref, 1, len(name)) == name)
            .group_by(slot)
            .order_by("at")
        )
        return [codec.moment(at) for at in self._connection.execute(query).scalars()]

    def conversations(self, cases: Collection[int]) -> Mapping[int, Sequence[Conversation]]:
        self._stage.flush()
        found: dict[int, list[Conversation]] = {case: [] for case in cases}
        for row in self._connection.execute(_CONVERSATIONS, {"cases": [*cases]}):
            found[row.case_number].append(
                Conversation(
                    ref=codec.ref_of(row.conversation_ref),
                    visibility=Visibility(row.visibility),
                    messages=row.messages,
                    newest=codec.moment(row.newest),
                )
            )
        return found

    def ignored(self, *, public_only: bool, limit: int) -> Sequence[Stored]:
        self._stage.flush()
        query = _IGNORED_IN_PUBLIC if public_only else _IGNORED
        return [_stored(row) for row in self._connection.execute(query, {"most": limit})]

    def corrected(self, since: datetime) -> Iterable[Stored]:
        """Messages of no case of which somebody said since then where they belonged."""
        found = map(_stored, self._connection.execute(_CORRECTED))
        return (each for each in found if each.corrected and each.corrected.at >= since)

    def add(self, stored: Iterable[Stored]) -> None:
        for each in stored:
            self._stage.add(_NEW, _row(each))

    def replace(self, stored: Stored) -> None:
        self._stage.put(_CHANGED, stored.message.ref, _row(stored))

    def forget_caseless(self, before: datetime, *, limit: int = 1000) -> int:
        old = select(messages.c.ref).where(_CASELESS, messages.c.created_at < codec.micros(before))
        oldest = old.order_by(messages.c.created_at).limit(limit)
        return self._connection.execute(delete(messages).where(messages.c.ref.in_(oldest))).rowcount

    def forget_caseless_of(self, author: Ref) -> None:
        theirs = messages.c.author_ref == codec.ref_name(author)
        self._connection.execute(delete(messages).where(_CASELESS, theirs))

    def everything(self, since: datetime | None) -> Iterable[Stored]:
        return map(_stored, self._connection.execute(oldest_first(since)))

    def how_many_decided(self, since: datetime) -> int:
        decided = and_(messages.c.facts_json.is_not(None), messages.c.decision_json.is_not(None))
        query = select(func.count()).where(messages.c.created_at >= codec.micros(since), decided)
        return int(self._connection.execute(query).scalar_one())


def oldest_first(since: datetime | None) -> Select[tuple[object, ...]]:
    query = select(messages).order_by(messages.c.created_at, messages.c.ref)
    return query if since is None else query.where(messages.c.created_at >= codec.micros(since))


_ENDLESS = 2**62


@cache
def _of_case(of_visibility: bool, of_a_side: bool, to_some: bool) -> Select[tuple[object, ...]]:
    """Built once: each card and line asks."""
    query = select(messages).where(messages.c.case_number == bindparam("case"))
    if of_visibility:
        query = query.where(messages.c.visibility == bindparam("visibility"))
    if of_a_side:
        query = query.where(messages.c.mine == bindparam("mine"))
    if to_some:
        query = query.where(messages.c.in_reply_to_ref.in_(bindparam("to", expanding=True)))
    newest_first = query.order_by(messages.c.created_at.desc(), messages.c.ref.desc())
    return newest_first.limit(bindparam("most"))


def _row(stored: Stored) -> tuple[object, ...]:
    message = stored.message
    return (
        codec.ref_name(message.ref),
        codec.ref_name(message.conversation),
        codec.ref_name(message.author.ref),
        codec.encode(message.author),
        message.text,
        message.visibility.value,
        message.kind.value,
        codec.micros(message.created_at),
        None if message.in_reply_to is None else codec.ref_name(message.in_reply_to),
        message.url,
        message.language,
        codec.encode(message.attachments) if message.attachments else "[]",
        message.rating,
        codec.encode(message.native) if message.native else None,
        stored.case,
        stored.mine,
        codec.encode(stored.findings),
        None if stored.facts is None else codec.encode(stored.facts),
        None if stored.decision is None else codec.encode(stored.decision),
        None if stored.edited_at is None else codec.micros(stored.edited_at),
        None if stored.deleted_at is None else codec.micros(stored.deleted_at),
        None if stored.corrected is None else codec.encode(stored.corrected),
    )


def _stored(row: Row[tuple[object, ...]]) -> Stored:
    return Stored(
        message=_message(row),
        findings=codec.decode(Findings, row.findings_json),
        case=row.case_number,
        mine=row.mine,
        facts=None if row.facts_json is None else codec.decode(Facts, row.facts_json),
        decision=None if row.decision_json is None else codec.decode(Decision, row.decision_json),
        edited_at=None if row.edited_at is None else codec.moment(row.edited_at),
        deleted_at=None if row.deleted_at is None else codec.moment(row.deleted_at),
        corrected=_correction(row.corrected_json),
    )


def _correction(said: str | None) -> Correction | None:
    return None if said is None else codec.decode(Correction, said)


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(
        ref=codec.ref_of(row.ref),
        conversation=codec.ref_of(row.conversation_ref),
        author=codec.decode(Author, row.author_json),
        text=row.text,
        visibility=Visibility(row.visibility),
        kind=Kind(row.kind),
        created_at=codec.moment(row.created_at),
        in_reply_to=None if row.in_reply_to_ref is None else codec.ref_of(row.in_reply_to_ref),
        url=row.url,
        language=row.language,
        attachments=codec.decode(_Attachments, row.attachments_json),
        rating=row.rating,
        native={} if row.native_json is None else codec.decode(_Native, row.native_json),
    )
