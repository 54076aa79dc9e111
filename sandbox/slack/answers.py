"""What an app says through a response_url, or as the answer to a slash command."""

from sandbox.slack.call import Office
from sandbox.slack.content import Content, content
from sandbox.slack.errors import SlackError
from sandbox.slack.response_urls import ResponseUrl
from sandbox.slack.wire import Args, Json
from sandbox.slack.world import BOT_ID, BOT_USER, Channel, Message


def respond(office: Office, place: ResponseUrl, payload: Json) -> None:
    """Raises SlackError as chat.postMessage does, and `message_not_found`."""
    args = Args(payload)
    channel = office.world.channels.get(place.channel)
    if channel is None:
        raise SlackError("channel_not_found")
    if args.flag("delete_original"):
        _delete(office, place, channel)
        return
    said = content(args, office.names)
    if args.flag("replace_original") and place.ts:
        _replace(office, place, channel, said)
        return
    message = Message(
        ts=office.names.ts(),
        user=BOT_USER,
        bot_id=BOT_ID,
        text=said.text,
        blocks=said.blocks or [],
        attachments=said.attachments or [],
        thread_ts=args.text("thread_ts") or None,
    )
    if args.text("response_type") == "in_channel":
        office.activity.post(channel, message)
    else:
        kept = office.world.ephemerals.setdefault((channel.id, place.user), [])
        office.activity.whisper(channel, place.user, message, kept)


def _delete(office: Office, place: ResponseUrl, channel: Channel) -> None:
    if place.ephemeral:
        kept = office.world.ephemerals.get((channel.id, place.user), [])
        kept[:] = [message for message in kept if message.ts != place.ts]
        office.activity.note("ephemeral", channel.id)
    else:
        office.activity.delete(channel, _original(office, place, channel))


def _replace(office: Office, place: ResponseUrl, channel: Channel, said: Content) -> None:
    message = _original(office, place, channel)
    if place.ephemeral:
        message.text, message.blocks = said.text, said.blocks or []
        office.activity.note("ephemeral", channel.id)
    else:
        changes: Json = {"text": said.text, "blocks": said.blocks or []}
        office.activity.edit(channel, message, changes)


def _original(office: Office, place: ResponseUrl, channel: Channel) -> Message:
    found = channel.messages.get(place.ts or "")
    if place.ephemeral:
        kept = office.world.ephemerals.get((channel.id, place.user), [])
        found = next((message for message in kept if message.ts == place.ts), None)
    if found is None:
        raise SlackError("message_not_found")
    return found
