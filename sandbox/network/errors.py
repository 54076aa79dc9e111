"""Refusals with the status and the words of the real server."""


class Refusal(Exception):
    """An answer that is an error; `status` is the HTTP status."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


def not_found() -> Refusal:
    return Refusal(404, "Record not found")


def invalid(what: str) -> Refusal:
    return Refusal(422, f"Validation failed: {what}")


def invalid_token() -> Refusal:
    return Refusal(401, "The access token is invalid")


def out_of_scope() -> Refusal:
    return Refusal(403, "This action is outside the authorized scopes")


def not_allowed() -> Refusal:
    return Refusal(403, "This action is not allowed")


def reply_not_found() -> Refusal:
    return Refusal(404, "The post you are trying to reply to does not appear to exist.")
