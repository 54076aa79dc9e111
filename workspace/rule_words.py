"""What the desk says of its rules: the part of the catalogue beside workspace.words. Pure."""

from __future__ import annotations

from workspace.words import counted

FURTHER_RULES = (
    "… and {number:,} more that do not fit here. `tierdesk rules explain`, with the words of the "
    "message, tells of every rule."
)
RULES = "Rules, in the order in which they are tried"
RULES_LEFT = "… and {number:,} more that do not fit here. `tierdesk rules stats` lists every rule."
ALWAYS, SHADOW = "always", "in shadow"
NO_DECISION = "No rule has decided about case {number} yet."
WHY_TITLE = "Why case {number} is where it is"
SHOULD_HAVE_BEEN = "Should have been …"
NOT_FOR_US = "Spam or not for us"
CORRECTED = (
    "✅ Noted: “{where}”, for those who look after the rules. Case {number} stays where it is."
)
CORRECTED_IGNORED = (
    "✅ Noted: “{where}”, for those who look after the rules. The message stays set aside: "
    "if it needs an answer, answer it on its network."
)
IGNORED = "Set aside by a rule, newest first"
IGNORED_NOTE = (
    "What is chosen here is noted for those who look after the rules. It opens no case: "
    "if a message needs an answer, answer it on its network."
)
ONLY_PUBLIC = "Private messages are listed in the channel where private matters are worked."
NONE_IGNORED = "No rule has set a message aside, as far back as messages are kept."
SAID_TO_BELONG = "✅ “{where}”, says {who}"


def matched(week: int, month: int) -> str:
    if not month:
        return "no message in 30 days"
    return f"{counted(week, 'message')} in 7 days, {month:,} in 30"
