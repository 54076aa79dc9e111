"""Small checks from which the shapes of Block Kit are put together.

A check looks at a value and adds what is wrong with it, in Slack's words, to a list.
"""

from collections.abc import Callable, Mapping

Problems = list[str]
Check = Callable[[object, str, Problems], None]

PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


def complain(problems: Problems, what: str, pointer: str) -> None:
    problems.append(f"[ERROR] {what} [json-pointer:{pointer}]")


def string(most: int | None = None, least: int = 1) -> Check:
    def check(value: object, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            complain(problems, "must provide a string", pointer)
        elif len(value) < least:
            complain(problems, f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            complain(problems, f"must be less than {most + 1} characters", pointer)

    return check


def flag(value: object, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        complain(problems, "must provide a boolean", pointer)


def whole(least: int, most: int) -> Check:
    def check(value: object, pointer: str, problems: Problems) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            complain(problems, "must provide an integer", pointer)
        elif not least <= value <= most:
            complain(problems, f"must be between {least} and {most}", pointer)

    return check


def anything(value: object, pointer: str, problems: Problems) -> None:
    """For fields whose inside matters to no one here."""


def choice(*allowed: str) -> Check:
    def check(value: object, pointer: str, problems: Problems) -> None:
        if value not in allowed:
            complain(problems, f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def items(of: Check, most: int, least: int = 1) -> Check:
    def check(value: object, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            complain(problems, "must provide an array", pointer)
        elif len(value) > most:
            complain(problems, f"no more than {most} items allowed", pointer)
        elif len(value) < least:
            complain(problems, f"must have at least {least} items", pointer)
        else:
            for index, item in enumerate(value):
                of(item, f"{pointer}/{index}", problems)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """An object with exactly these fields; `type` is checked by `one_of`."""
    fields = {"type": anything, **required, **optional}

    def check(value: object, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            complain(problems, "must provide an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                complain(problems, f"missing required field: {name}", pointer)
        for name, part in value.items():
            if name not in fields:
                complain(problems, f"invalid additional property: {name}", pointer)
            elif part is not None:
                fields[name](part, f"{pointer}/{name}", problems)

    return check


def one_of(types: Mapping[str, Check]) -> Check:
    def check(value: object, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            complain(problems, "must provide an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            complain(problems, "missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in types:
            complain(problems, f"unsupported type: {str(kind)[:75]}", f"{pointer}/type")
        else:
            types[kind](value, pointer, problems)

    return check


def both(first: Check, second: Check) -> Check:
    """The second looks only at what the first found well formed."""

    def check(value: object, pointer: str, problems: Problems) -> None:
        before = len(problems)
        first(value, pointer, problems)
        if len(problems) == before:
            second(value, pointer, problems)

    return check


def text(most: int, kinds: tuple[str, ...] = ANY_TEXT) -> Check:
    """A text object; an empty text is refused."""
    plain = shape({"text": string(most)}, {"emoji": flag})
    mrkdwn = shape({"text": string(most)}, {"verbatim": flag})
    known = {"plain_text": plain, "mrkdwn": mrkdwn}
    return one_of({kind: known[kind] for kind in kinds})
