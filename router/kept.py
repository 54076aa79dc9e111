"""What takes long to make out of files, kept beside them as Python keeps its compiled modules."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import cache_from_source, source_hash
from itertools import chain
from mmap import ACCESS_READ, mmap
from pathlib import Path


def digest(*parts: bytes | str, files: Iterable[Path] = ()) -> bytes:
    """Of all that the result depends on. Raises OSError for a file that cannot be read."""
    given = [part if isinstance(part, bytes) else part.encode() for part in parts]
    return source_hash(b"".join(map(source_hash, chain(given, map(Path.read_bytes, files)))))


def kept(source: Path, key: bytes, make: Callable[[], bytes]) -> memoryview:
    """What `make` returned when last asked with this key; made anew where the key is another.

    It lies in `__pycache__` beside `source`, and is mapped, not read: of what nobody looks at
    nothing is in memory. Where that folder cannot be written it is made on every start.
    """
    path = Path(cache_from_source(f"{source}.py")).with_suffix(".kept")
    found = _mapped(path, key)
    if found is not None:
        return found
    made = make()
    _write(path, key + made)
    # From the file, where it could be written: what was made need not stay in memory.
    found = _mapped(path, key)
    return memoryview(made) if found is None else found


def _mapped(path: Path, key: bytes) -> memoryview | None:
    try:
        with path.open("rb") as file:
            content = mmap(file.fileno(), 0, access=ACCESS_READ)
    except (OSError, ValueError):
        return None
    return memoryview(content)[len(key) :] if content[: len(key)] == key else None


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: another process may read it meanwhile."""
    # With what it needs it takes a megabyte, and most starts write nothing.
    from tempfile import NamedTemporaryFile

    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)
