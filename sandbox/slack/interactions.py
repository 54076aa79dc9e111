"""The payloads of interactions, with all the fields that Slack sends.

Source: "Interaction payloads" and "Slash commands" of docs.slack.dev.
"""

from dataclasses import dataclass

from sandbox.slack import render
from sandbox.slack.call import Office
from sandbox.slack.choices import action, element_of, state
from sandbox.slack.events import VERIFICATION_TOKEN
from sandbox.slack.wire import Json
from sandbox.slack.world import APP_ID, TEAM_ID, Channel, Message, User


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message as one person sees it."""

    channel: Channel
    message: Message
    ephemeral: bool


class Interactions:
    """What one person does, told to the app; `base` is the workspace's address."""

    def __init__(self, office: Office, person: User, base: str) -> None:
        self._office = office
        self._person = person
        self._base = base

    def block_actions(self, shown: Shown, act: Json, given: Json) -> Json:
        message = shown.message
        found = self._common("block_actions") | self._on(shown)
        found |= {
            "trigger_id": self._office.triggers.issue(self._person.id),
            "state": state(message.blocks, given),
            "actions": [self._action([*message.blocks, *message.before], act)],
            "response_url": self._response_url(shown),
        }
        return found

    def view_actions(self, view: Json, act: Json) -> Json:
        return self._common("block_actions") | {
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self._office.triggers.issue(self._person.id, view["id"]),
            "view": view,
            "actions": [self._action(view["blocks"], act)],
        }

    def view_submission(self, view: Json) -> Json:
        trigger = self._office.triggers.issue(self._person.id, view["id"])
        found = {"trigger_id": trigger, "view": view, "response_urls": []}
        return self._common("view_submission") | found

    def view_closed(self, view: Json, *, cleared: bool) -> Json:
        return self._common("view_closed") | {"view": view, "is_cleared": cleared}

    def suggestion(self, place: Json, act: Json) -> Json:
        """`place` tells the message or the view."""
        found = self._common("block_suggestion") | place
        return found | {name: act.get(name, "") for name in ("action_id", "block_id", "value")}

    def on_message(self, shown: Shown) -> Json:
        place = self._on(shown)
        return {name: place[name] for name in ("container", "channel", "message") if name in place}

    def in_view(self, view: Json) -> Json:
        return {"container": {"type": "view", "view_id": view["id"]}, "view": view}

    def message_action(self, shown: Shown, callback_id: str) -> Json:
        return self._common("message_action") | {
            "action_ts": self._office.names.ts(),
            "callback_id": callback_id,
            "trigger_id": self._office.triggers.issue(self._person.id),
            "response_url": self._response_url(shown),
            "message_ts": shown.message.ts,
            "channel": _channel(shown.channel),
            "message": render.message(shown.message, shown.channel),
        }

    def shortcut(self, callback_id: str) -> Json:
        return self._common("shortcut") | {
            "action_ts": self._office.names.ts(),
            "callback_id": callback_id,
            "trigger_id": self._office.triggers.issue(self._person.id),
        }

    def command(self, channel: Channel, name: str, text: str) -> dict[str, str]:
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "team_domain": self._office.world.team_domain,
            "channel_id": channel.id,
            "channel_name": _channel(channel)["name"],
            "user_id": self._person.id,
            "user_name": self._person.name,
            "command": name,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._office.response_urls.issue(
                self._base, channel=channel.id, user=self._person.id
            ),
            "trigger_id": self._office.triggers.issue(self._person.id),
        }

    def _common(self, kind: str) -> Json:
        person = self._person
        return {
            "type": kind,
            "user": {
                "id": person.id,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id,
            },
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "team": {"id": TEAM_ID, "domain": self._office.world.team_domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _on(self, shown: Shown) -> Json:
        """Slack sends the message itself with all but ephemeral ones."""
        message = shown.message
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": shown.channel.id,
            "is_ephemeral": shown.ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        found: Json = {"container": container, "channel": _channel(shown.channel)}
        if not shown.ephemeral:
            found["message"] = render.message(message, shown.channel)
        return found

    def _action(self, blocks: list[Json], act: Json) -> Json:
        element = element_of(blocks, act.get("block_id", ""), act.get("action_id", ""))
        return action(element, act["block_id"], act, self._office.names.ts())

    def _response_url(self, shown: Shown) -> str:
        return self._office.response_urls.issue(
            self._base,
            channel=shown.channel.id,
            user=self._person.id,
            ts=shown.message.ts,
            ephemeral=shown.ephemeral,
            thread_ts=shown.message.thread_ts,
        )


def _channel(channel: Channel) -> Json:
    name = {"private": "privategroup", "im": "directmessage"}.get(channel.kind, channel.name)
    return {"id": channel.id, "name": name}
