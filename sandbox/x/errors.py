"""Refusals with the status and the words of the real API (docs.x.com, "Response codes")."""

from typing import Any

_PROBLEMS = "https://api.twitter.com/2/problems/"


class Refusal(Exception):
    """An answer that is an error; `problem` is its JSON."""

    def __init__(self, status: int, title: str, detail: str, kind: str = "about:blank") -> None:
        super().__init__(detail)
        self.status = status
        self.problem: dict[str, Any] = {
            "title": title,
            "detail": detail,
            "type": kind if ":" in kind else _PROBLEMS + kind,
            "status": status,
        }


def invalid(detail: str) -> Refusal:
    return Refusal(400, "Invalid Request", detail, "invalid-request")


def unauthorized() -> Refusal:
    return Refusal(401, "Unauthorized", "Unauthorized")


def no_credits() -> Refusal:
    detail = "Your enrolled account does not have any credits to fulfill this request."
    return Refusal(402, "CreditsDepleted", detail, "credits")


def forbidden(detail: str) -> Refusal:
    return Refusal(403, "Forbidden", detail)


def app_only() -> Refusal:
    detail = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint."
    return Refusal(403, "Unsupported Authentication", detail, "unsupported-authentication")


def not_summoned() -> Refusal:
    return forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or "
        "otherwise engaged by the author of the post you are replying to."
    )


def duplicate() -> Refusal:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def gone() -> Refusal:
    return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")


def too_long() -> Refusal:
    return forbidden("Your Tweet text is too long.")


def no_messages() -> Refusal:
    return forbidden("You do not have permission to DM one or more participants.")


def not_found(what: str) -> Refusal:
    return Refusal(404, "Not Found Error", f"Could not find {what}.", "resource-not-found")


def missing(id_: str) -> dict[str, Any]:
    """One of the partial errors that come beside data with status 200."""
    return {
        "resource_id": id_,
        "value": id_,
        "parameter": "ids",
        "resource_type": "tweet",
        "title": "Not Found Error",
        "detail": f"Could not find tweet with ids: [{id_}].",
        "type": _PROBLEMS + "resource-not-found",
    }
