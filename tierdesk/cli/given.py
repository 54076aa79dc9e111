"""Files that a command is given."""

from __future__ import annotations

from pathlib import Path

import typer


def there(file: Path | None) -> Path | None:
    """Typer's own check takes `-`, the input, for a file's name."""
    if file is not None and str(file) != "-" and (file.is_dir() or not file.exists()):
        raise typer.BadParameter(f"{file} is not there, or is a folder")
    return file
