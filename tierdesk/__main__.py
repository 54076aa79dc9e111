"""`python -m tierdesk`."""

from tierdesk.cli import app

app(prog_name="tierdesk")
