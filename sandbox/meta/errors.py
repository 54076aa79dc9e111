"""Refusals as Meta words them: a code, a subcode, a status."""

from typing import Any


class Refusal(Exception):
    """An answer with `{"error": {...}}`."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.subcode = subcode
        self.status = status

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": "Ab1cD2eF3gH",
        }
        return {"error": {**error, **({"error_subcode": self.subcode} if self.subcode else {})}}


def not_there(node: str) -> Refusal:
    return Refusal(
        100,
        f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        subcode=33,
    )


def invalid_token() -> Refusal:
    return Refusal(190, "Invalid OAuth access token - Cannot parse access token.", status=401)


def no_permission(permission: str) -> Refusal:
    return Refusal(200, f"(#200) Requires {permission} permission to manage the object", status=403)


def bad_proof() -> Refusal:
    return Refusal(100, "Invalid appsecret_proof provided in the API argument")


def invalid(what: str) -> Refusal:
    return Refusal(100, f"(#100) {what}")


def outside_window(network: str) -> Refusal:
    subcode = 2534022 if network == "instagram" else 2018278
    said = "(#10) This message is sent outside of allowed window."
    return Refusal(10, said, subcode=subcode)


def answered_already() -> Refusal:
    return Refusal(10900, "(#10900) Activity already replied to")


def unavailable() -> Refusal:
    return Refusal(551, "(#551) This person isn't available right now.")


def wrong_person() -> Refusal:
    return Refusal(100, "(#100) No matching user found", subcode=2018001)
