"""`python -m sandbox`: a world on this computer for Tierdesk to work in."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.app import build
from sandbox.feed import Feed
from sandbox.server import Server, address, listening


def main(given: Sequence[str] | None = None) -> None:
    args = _arguments().parse_args(given)
    try:
        listener = listening(args.host, args.port)
    except OSError as error:
        sys.exit(f"sandbox: cannot listen on {args.host}:{args.port}: {error.strerror}")
    feed = Feed()
    app = build(story=not args.no_story, pid_file=args.product_pid_file, feed=feed)

    def ready() -> None:
        sys.stdout.write(f"sandbox ready {address(listener)}\n")
        sys.stdout.flush()

    server = Server(app, ready=ready, ending=feed.close)
    with listener:
        asyncio.run(server.serve(sockets=[listener]))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    parser.add_argument("--no-story", action="store_true", help="the story waits for its button")
    parser.add_argument(
        "--product-pid-file", type=Path, help="holds the process id that kill-product ends"
    )
    return parser


if __name__ == "__main__":
    main()
