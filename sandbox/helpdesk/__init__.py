"""A small helpdesk that speaks Zendesk's API, with people who work in it."""

from sandbox.helpdesk.server import Helpdesk, helpdesk

__all__ = ["Helpdesk", "helpdesk"]
