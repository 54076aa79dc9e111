"""Names by which Slack tells us what was pressed or sent."""

from __future__ import annotations

# buttons on a card
CLAIM = "case.claim"
RELEASE = "case.release"
REPLY = "case.reply"
TAKE_PRIVATE = "case.take_private"
ESCALATE = "case.escalate"
CLOSE = "case.close"
REOPEN = "case.reopen"
HIDE = "case.hide"
UNHIDE = "case.unhide"
LIKE = "case.like"
UNLIKE = "case.unlike"
MORE = "case.more"
NOTE = "case.note"
SHOULD_HAVE_BEEN = "case.should_have_been"

OPEN = "case.open"

USE_ARTICLE = "article.use"

# choices of the card's menu
PROFILE = "profile"
SWARM = "swarm"
CHANGE = "change"
SNOOZE = "snooze"
WHY = "why"

# buttons on an alert
IT_IS_THERE = "held.it_is_there"
SEND_AGAIN = "held.send_again"

# buttons in a thread
SEND_ON = "ticket.send_on"
CLOSE_SOLVED = "ticket.close"
KEEP_OPEN = "ticket.keep_open"

# in a list of people, and in the window of one
PERSON = "person.show"
OLDER = "person.older"
NEWER = "person.newer"
SAME_PERSON = "person.link"
NOT_THE_SAME = "person.unlink"

# windows
NOTE_WINDOW = "window.note"
REPLY_WINDOW = "window.reply"
PRIVATE_WINDOW = "window.take_private"
ESCALATE_WINDOW = "window.escalate"
SWARM_WINDOW = "window.swarm"
CHANGE_WINDOW = "window.change"
SNOOZE_WINDOW = "window.snooze"
CLOSE_WINDOW = "window.close"
WHY_WINDOW = "window.why"
PROFILE_WINDOW = "window.profile"

# fields that tell at once
CORRECT = "why.correct"
CORRECT_TOLD = "told.correct"
WHERE = "reply.where"
SAVED = "reply.saved"
ARTICLE = "reply.article"

COMMAND = "/tierdesk"
SHORTCUT = "tierdesk_case"

MOST_VALUE = 2_000
MOST_OPTION = 150
"""Characters that a button's and an option's value may have ("Block elements", docs.slack.dev)."""

METADATA = "tierdesk"
"""The event type of the metadata that every message of ours carries."""
