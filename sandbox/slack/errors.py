"""Errors as the Web API of Slack words them."""


class SlackError(Exception):
    """A call that Slack refuses: HTTP 200 with `{"ok": false, "error": error, **details}`."""

    def __init__(self, error: str, **details: object) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


class RateLimited(Exception):
    """Too many calls: HTTP 429 with `Retry-After: after` (whole seconds)."""

    def __init__(self, after: int) -> None:
        super().__init__(f"try again in {after} s")
        self.after = after


def refused_blocks(error: str, problems: list[str]) -> SlackError:
    """`invalid_blocks` and its kin carry every problem in response_metadata.messages."""
    return SlackError(error, response_metadata={"messages": problems})
