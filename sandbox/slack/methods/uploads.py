"""files.*: the three steps of an upload (the second is the address given out here)."""

from sandbox.slack.call import Call
from sandbox.slack.content import content
from sandbox.slack.errors import SlackError
from sandbox.slack.files import File, file_json
from sandbox.slack.wire import Args, Json
from sandbox.slack.world import BOT_ID, BOT_USER, Message

_BYTES_MOST = 100_000_000


def get_upload_url(call: Call) -> Json:
    name = call.args.required("filename")
    length = call.args.number("length", 0)
    if not 0 < length <= _BYTES_MOST:
        raise SlackError("invalid_arguments" if length <= 0 else "file_too_large")
    ticket, file = call.office.files.announce(name, length, call.office.clock())
    return {"upload_url": f"{call.base}/files/upload/{ticket}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    files = _named(call)
    named = call.args.text("channel_id") or call.args.text("channels")
    shown = [file_json(file, call.base) for file in files]
    for channel_id in filter(None, named.split(",")):
        _share(call, channel_id, shown)
    return {"files": shown}


def info(call: Call) -> Json:
    file = call.office.files.find(call.args.required("file", "file_not_found"))
    return {"file": file_json(file, call.base), "comments": []}


def _named(call: Call) -> list[File]:
    given = call.args.structure("files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments")
    found = []
    for item in given:
        if not isinstance(item, dict):
            raise SlackError("invalid_arguments")
        file = call.office.files.find(str(item.get("id")))
        file.title = str(item.get("title") or file.name)
        found.append(file)
    return found


def _share(call: Call, channel_id: str, files: list[Json]) -> None:
    channel = call.known(channel_id)
    if BOT_USER not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    thread_ts = call.args.text("thread_ts") or None
    if thread_ts and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    comment = call.args.text("initial_comment")
    said = content(Args({"text": comment}), call.office.names) if comment else None
    call.office.activity.post(
        channel,
        Message(
            ts=call.office.names.ts(),
            user=BOT_USER,
            bot_id=BOT_ID,
            text=said.text if said else "",
            files=files,
            subtype="file_share",
            thread_ts=thread_ts,
        ),
    )
