"""E-mail over real servers: what goes out, what each refusal means, what is read from mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from inbox.decision import Priority
from inbox.errors import AuthFailed, IntegrationError, Rejected, Retryable, Uncertain
from inbox.ports import Commented, Requester, TicketDraft, TicketEntry
from integrations.email.quoting import ABOVE
from tests.contract.email_world import HELPDESK, MailWorld
from tests.real.mail import mailboxes

pytestmark = pytest.mark.mail

NAME = 'Ana "A" Popescu\r\nBcc: evil@evil.example'
DRAFT = TicketDraft(
    key="ticket:1042:1",
    subject="Ana on Mastodon\r\nBcc: evil@evil.example\x00\u202e",
    body="Wo ist mein Päckchen? 👩‍👩‍👧‍👦\n.\nFrom here on",
    requester=Requester(key="mastodon:care:ana", name=NAME),
    priority=Priority.CRITICAL,
    tags=("delivery", "vip"),
)
ENTRY = TicketEntry(
    key="entry:1042:2", author="Ana", text="And now?", at=datetime(2026, 11, 29, 10, tzinfo=UTC)
)


@pytest.fixture
def world() -> Iterator[MailWorld]:
    world = MailWorld(keeps=True)
    yield world
    world.smtp.close()


def test_a_ticket_is_one_thread_of_mails_that_machines_leave_alone(world: MailWorld) -> None:
    desk = world.connection.desk
    ticket = desk.create(DRAFT)
    desk.add(ticket.id, ENTRY)
    opening, entry = world.taken
    assert opening["Message-ID"] == f"<{ticket.id}@bot.example>"
    assert entry["References"] == entry["In-Reply-To"] == opening["Message-ID"]
    assert (opening["Importance"], opening["Keywords"]) == ("high", "delivery, vip")
    assert entry["Date"].datetime == ENTRY.at
    for mail in world.taken:
        assert f"[#{ticket.id}]" in mail["Subject"]
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail.get_content().startswith(ABOVE)


def test_a_mail_that_is_sent_again_is_the_same_mail(world: MailWorld) -> None:
    for _ in range(2):
        world.connection.desk.create(DRAFT)
        world.connection.desk.add("ticket-1042-1-x", ENTRY)
    names = [mail["Message-ID"] for mail in world.taken]
    assert names[:2] == names[2:]


def test_a_copy_that_comes_late_is_waited_for_also_after_a_restart(world: MailWorld) -> None:
    world.copies_wait = True
    world.intake.faults.append("drop_after")
    with pytest.raises(Uncertain):
        world.connection.desk.create(DRAFT)
    for desk in (world.connection.desk, world.connect().desk):
        with pytest.raises(Retryable, match="sent_mailbox"):
            desk.find(DRAFT.key)
    (mail,) = world.taken
    mailboxes().append(world.user, mail.as_bytes(policy=SMTP), "Sent")
    assert world.connection.desk.find(DRAFT.key)


def test_a_mail_of_which_no_copy_came_in_time_was_not_sent(world: MailWorld) -> None:
    desk = world.connection.desk
    ticket = desk.create(DRAFT)
    world.intake.faults.append("drop")
    with pytest.raises(Uncertain):
        desk.add(ticket.id, ENTRY)
    with pytest.raises(Retryable):
        desk.holds(ticket.id, ENTRY)
    world.ahead = timedelta(minutes=5)
    assert not desk.holds(ticket.id, ENTRY)


def test_no_text_of_a_customer_makes_a_header_or_a_recipient(world: MailWorld) -> None:
    world.connection.desk.create(DRAFT)
    (mail,) = world.taken
    assert [mail.get_all(name) for name in ("Bcc", "Cc")] == [None, None]
    assert mail["To"] == HELPDESK
    assert mail["From"].addresses[0].addr_spec == world.user
    assert "\x00" not in mail["Subject"]
    assert mail.get_content().replace("\r\n", "\n").strip() == f"{ABOVE}\n\n{DRAFT.body}"


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [
        ("451 4.3.0 Later", Retryable),
        ("421 4.3.2 Shutting down", Retryable),
        ("552 5.2.2 Full", Rejected),
        ("535 5.7.8 Who are you", AuthFailed),
        ("rcpt 450 4.2.0 Greylisted", Retryable),
        ("rcpt 550 5.1.1 Unknown", Rejected),
        ("data 452 4.3.1 Full", Retryable),
        ("data 554 5.7.1 Spam", Rejected),
        ("drop", Uncertain),
        ("drop_after", Uncertain),
    ],
)
def test_each_refusal_has_its_meaning(
    world: MailWorld, fault: str, meaning: type[IntegrationError]
) -> None:
    world.intake.faults.append(fault)
    with pytest.raises(meaning) as caught:
        world.connection.desk.create(DRAFT)
    assert "Greylisted" not in str(caught.value)
    assert len(world.taken) == (fault == "drop_after")
    world.connection.desk.create(DRAFT)


@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_way_that_the_server_does_not_offer_sends_nothing(
    world: MailWorld, security: str
) -> None:
    with pytest.raises((AuthFailed, Retryable)):
        world.connect(smtp_security=security).desk.create(DRAFT)
    assert world.taken == []


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(world: MailWorld) -> None:
    connection = world.connect(ca_file=None)
    with pytest.raises(Retryable, match="certificate"):
        connection.desk.create(DRAFT)
    assert connection.watch
    with pytest.raises(Retryable, match="certificate"):
        connection.watch.changes(None)
    assert world.taken == []


def test_a_password_with_other_letters_than_ascii_is_told_and_nothing_is_in_doubt(
    world: MailWorld,
) -> None:
    connection = world.connect(password="Schlüssel")
    with pytest.raises(AuthFailed, match="ASCII"):
        connection.desk.create(DRAFT)
    assert connection.watch
    with pytest.raises(AuthFailed, match="ASCII"):
        connection.watch.changes(None)
    assert connection.examiner
    assert not any(each.well for each in connection.examiner.examine())
    assert world.taken == []


def test_a_file_of_certificates_that_is_not_there_stops_the_start(world: MailWorld) -> None:
    with pytest.raises(ValueError, match="ca_file"):
        world.connect(ca_file="/nowhere/ca.pem")


def test_a_mailbox_that_is_not_there_is_named_with_its_key(world: MailWorld) -> None:
    connection = world.connect(mailbox="Answers & more")
    assert connection.watch
    with pytest.raises(AuthFailed, match="Answers & more"):
        connection.watch.changes(None)
    assert connection.examiner
    (wrong,) = [each.says for each in connection.examiner.examine() if not each.well]
    assert "See imap_host, mailbox" in wrong


def test_a_mailbox_made_anew_is_read_again_and_tells_the_same_answers(world: MailWorld) -> None:
    boxes = mailboxes()
    boxes.make(world.user, "Answers")
    watch = world.connect(mailbox="Answers").watch
    assert watch
    begin = watch.changes(None)
    ticket = world.connection.desk.create(DRAFT)
    first, second = (world.answer_to(world.taken[0], text) for text in ("One", "Two"))
    boxes.append(world.user, first.as_bytes(), "Answers")
    before = watch.changes(begin.cursor)
    boxes.forget(world.user, "Answers")
    for mail in (first, second):
        boxes.append(world.user, mail.as_bytes(), "Answers")
    after = watch.changes(before.cursor)
    assert [event.ticket for event in after.events] == [ticket.id, ticket.id]
    (known,) = before.events
    again, new = after.events
    assert isinstance(known, Commented)
    assert isinstance(again, Commented)
    assert isinstance(new, Commented)
    assert (again.id, again.text, new.text) == (known.id, "One", "Two")
    assert watch.changes(after.cursor).events == ()


def test_what_is_read_stays_unread_for_people(world: MailWorld) -> None:
    world.connection.desk.create(DRAFT)
    world.receive(world.answer_to(world.taken[0], "It left today"))
    assert len(world.changes()) == 1
    assert mailboxes().flags(world.user) == [""]


def test_a_mail_larger_than_what_is_read_is_told_by_its_text(world: MailWorld) -> None:
    world.connection.desk.create(DRAFT)
    mail: EmailMessage = world.answer_to(world.taken[0], "See the film")
    mail.add_attachment(b"x" * 3_000_000, maintype="video", subtype="mp4", filename="film.mp4")
    world.receive(mail)
    (came,) = world.changes()
    assert isinstance(came, Commented)
    assert came.text == "See the film\n[file: film.mp4]"


def test_without_a_mailbox_tickets_go_out_and_nothing_comes_back(world: MailWorld) -> None:
    connection = world.connect(imap_host=None, sent_mailbox=None)
    connection.desk.create(DRAFT)
    assert connection.watch is None
    assert connection.examiner
    assert all(each.well for each in connection.examiner.examine())
