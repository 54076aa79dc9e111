"""Refusals with the status and the words of the real API (developer.zendesk.com)."""

from typing import Any


class Refusal(Exception):
    """An answer that is an error; `body` is its JSON."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(str(body.get("error")))
        self.status = status
        self.body = body


def unauthenticated() -> Refusal:
    return Refusal(401, {"error": "Couldn't authenticate you"})


def forbidden() -> Refusal:
    title, message = "Forbidden", "You do not have access to this page."
    return Refusal(403, {"error": {"title": title, "message": message}})


def not_found() -> Refusal:
    return Refusal(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(field: str, says: str) -> Refusal:
    return Refusal(
        422,
        {
            "error": "RecordInvalid",
            "description": "Record validation errors",
            "details": {field: [{"description": f"{field.capitalize()}: {says}"}]},
        },
    )


def closed() -> Refusal:
    return invalid("status", "closed prevents ticket update")


def conflict() -> Refusal:
    says = "Safe Update prevented ticket update, the ticket was changed since"
    return Refusal(409, {"error": "UpdateConflict", "description": says})


def repeated_otherwise() -> Refusal:
    says = "Request parameters do not match the request already made with this idempotency key"
    return Refusal(400, {"error": "IdempotentRequestError", "description": says})


def too_recent() -> Refusal:
    says = "Too recent start_time. Use a start_time older than 60 seconds"
    return Refusal(400, {"error": "InvalidValue", "description": says})
