"""Rich text and tables of Block Kit (source: "Rich text block", "Table block")."""

from sandbox.slack.shape import (
    Check,
    Problems,
    anything,
    choice,
    complain,
    flag,
    items,
    one_of,
    shape,
    string,
    whole,
)

_STYLE = shape(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        flag,
    ),
)
_PARTS = one_of(
    {
        "text": shape({"text": string()}, {"style": _STYLE}),
        "link": shape(
            {"url": string(3_000)}, {"text": string(None, 0), "unsafe": flag, "style": _STYLE}
        ),
        "emoji": shape({"name": string()}, {"unicode": string(), "style": _STYLE}),
        "user": shape({"user_id": string()}, {"style": _STYLE}),
        "channel": shape({"channel_id": string()}, {"style": _STYLE}),
        "usergroup": shape({"usergroup_id": string()}, {"style": _STYLE}),
        "team": shape({"team_id": string()}, {"style": _STYLE}),
        "broadcast": shape({"range": choice("here", "channel", "everyone")}, {"style": _STYLE}),
        "date": shape(
            {"timestamp": whole(0, 99_999_999_999), "format": string()},
            {"url": string(3_000), "fallback": string(), "style": _STYLE},
        ),
        "color": shape({"value": string()}, {"style": _STYLE}),
    }
)
_SECTION = shape({"elements": items(_PARTS, 1_000, 0)}, {})
_BORDERED = shape({"elements": items(_PARTS, 1_000, 0)}, {"border": whole(0, 1)})

RICH_TEXT = one_of(
    {
        "rich_text_section": _SECTION,
        "rich_text_preformatted": shape(
            {"elements": items(_PARTS, 1_000, 0)}, {"border": whole(0, 1), "language": string()}
        ),
        "rich_text_quote": _BORDERED,
        "rich_text_list": shape(
            {
                "elements": items(one_of({"rich_text_section": _SECTION}), 1_000, 0),
                "style": choice("bullet", "ordered"),
            },
            {"indent": whole(0, 8), "offset": whole(0, 100_000), "border": whole(0, 1)},
        ),
    }
)

_RAW = shape({"text": string()}, {})


_CELLS = one_of(
    {
        "raw_text": _RAW,
        "raw_number": shape({"value": anything}, {"text": string()}),
        "rich_text": shape({"elements": items(RICH_TEXT, 1_000, 0)}, {"block_id": string(255)}),
    }
)


def _column(value: object, pointer: str, problems: Problems) -> None:
    if value is not None:
        _COLUMN(value, pointer, problems)


_COLUMN = shape({}, {"align": choice("left", "center", "right"), "is_wrapped": flag})


def _rows(value: object, pointer: str, problems: Problems) -> None:
    before = len(problems)
    items(items(_CELLS, 20), 100)(value, pointer, problems)
    if len(problems) == before and isinstance(value, list):
        widths = {len(row) for row in value}
        if len(widths) > 1:
            complain(problems, "all rows must have the same number of cells", pointer)


TABLE: dict[str, dict[str, Check]] = {
    "required": {"rows": _rows},
    "optional": {"column_settings": items(_column, 20, 0)},
}
