"""The methods of the Web API by name."""

from collections.abc import Callable

from sandbox.slack.call import Call
from sandbox.slack.methods import auth, chat, views
from sandbox.slack.wire import Json

METHODS: dict[str, Callable[[Call], Json]] = {
    "api.test": auth.api_test,
    "apps.connections.open": auth.open_connection,
    "auth.test": auth.auth_test,
    "bots.info": auth.bots_info,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "team.info": auth.team_info,
    "views.open": views.open_view,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
