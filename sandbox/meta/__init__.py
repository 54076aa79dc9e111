"""Networks of Meta in one: a Page with Messenger, Instagram, WhatsApp and Threads."""

from sandbox.meta.server import Meta, meta

__all__ = ["Meta", "meta"]
