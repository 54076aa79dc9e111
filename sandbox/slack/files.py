"""Files that an app uploads in Slack's three steps."""

from dataclasses import dataclass
from mimetypes import guess_type
from uuid import uuid4

from sandbox.slack.errors import SlackError
from sandbox.slack.names import Names
from sandbox.slack.wire import Json
from sandbox.slack.world import BOT_USER


@dataclass(slots=True, kw_only=True)
class File:
    id: str
    name: str
    length: int
    created: int
    content: bytes | None = None
    title: str = ""
    shared: bool = False


class Files:
    """Source: files.getUploadURLExternal and its neighbours of docs.slack.dev."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._files: dict[str, File] = {}
        self._tickets: dict[str, File] = {}

    def announce(self, name: str, length: int, now: float) -> tuple[str, File]:
        """A ticket for one upload, and the file that it will fill."""
        ticket = uuid4().hex
        file = File(id=self._names.new("F"), name=name, length=length, created=int(now))
        self._files[file.id] = file
        self._tickets[ticket] = file
        return ticket, file

    def upload(self, ticket: str, content: bytes) -> File | None:
        """The file that the ticket stood for, or None; a ticket is good once."""
        file = self._tickets.pop(ticket, None)
        if file is not None:
            file.content = content
        return file

    def find(self, file_id: str) -> File:
        file = self._files.get(file_id)
        if file is None or file.content is None:
            raise SlackError("file_not_found")
        return file

    def clear(self) -> None:
        self._files.clear()
        self._tickets.clear()


def file_json(file: File, base: str) -> Json:
    mimetype = guess_type(file.name)[0] or "text/plain"
    link = f"{base}/files/{file.id}/{file.name}"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": mimetype,
        "filetype": file.name.rpartition(".")[2],
        "size": len(file.content or b""),
        "user": BOT_USER,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": link,
        "url_private_download": link,
        "permalink": link,
    }
