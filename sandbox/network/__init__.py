"""A small network that speaks Mastodon's API, with people who write to a brand."""

from sandbox.network.server import Network, network

__all__ = ["Network", "network"]
