"""`tierdesk slack`: what has to be set up in Slack."""

from __future__ import annotations

import json
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

app = typer.Typer(help="The Slack app: its manifest.")

Address = Annotated[
    str,
    typer.Option(
        "--http",
        metavar="URL",
        help="Make it for HTTP mode: the https address at which Slack reaches Tierdesk.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")]


@app.callback()
def _slack() -> None:
    """The Slack app: its manifest."""


@app.command()
def manifest(http: Address = "", as_json: AsJson = False) -> None:
    """Print the app manifest to paste at api.slack.com/apps: exactly what Tierdesk uses."""
    from workspace.manifest import manifest as of

    if http and not _is_address(http):
        typer.echo(
            f"--http: {http} is no address. Write it as in https://desk.example.com", err=True
        )
        raise typer.Exit(2)
    made = of("http", http) if http else of("socket")
    if as_json:
        typer.echo(json.dumps(made, indent=2, ensure_ascii=False))
    else:
        _print_yaml(made)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("https", "http") and bool(parts.hostname)


def _print_yaml(data: object) -> None:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(data, sys.stdout)
