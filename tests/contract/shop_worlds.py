"""Google Play, the App Store, Google Business and Trustpilot, with people who review there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass

from starlette.applications import Starlette

from inbox.ports import Connection, Integration
from integrations.appstore import integration as appstore
from integrations.googlebusiness import integration as googlebusiness
from integrations.googleplay import integration as googleplay
from integrations.reviews.review import reply_name
from integrations.trustpilot import integration as trustpilot
from tests.contract.polled import Polled
from tests.contract.worlds import Answer, Unthreaded, World, now
from tests.hosts import a_host
from tests.networks.google import CLIENT, CLIENT_SECRET, REFRESH_TOKEN
from tests.networks.shops import (
    ACCOUNT,
    APP_ID,
    EC_KEY,
    ISSUER,
    KEY_ID,
    PACKAGE,
    PLACE,
    ROBOT,
    RSA_KEY,
    AppStore,
    Places,
    Play,
    Shelf,
)
from tests.networks.trustpilot import API_KEY, API_SECRET, UNIT, USER, Trustpilot
from tests.servers import Loopback

PLAY: Mapping[str, object] = {"package": PACKAGE, "client_email": ROBOT}
STORE: Mapping[str, object] = {"app_id": APP_ID, "issuer_id": ISSUER, "key_id": KEY_ID}
BUSINESS: Mapping[str, object] = {
    "account_id": ACCOUNT,
    "locations": [PLACE],
    "client_id": CLIENT,
}

TRUSTPILOT: Mapping[str, object] = {
    "business_unit_id": UNIT,
    "business_user_id": USER,
    "client_id": API_KEY,
}


def of_play(url: str) -> dict[str, object]:
    return {**PLAY, "base_url": url, "token_url": f"{url}/token"}


def of_store(url: str) -> dict[str, object]:
    return {**STORE, "base_url": url}


def of_business(url: str) -> dict[str, object]:
    return {**BUSINESS, "base_url": url, "token_url": f"{url}/token"}


def of_trustpilot(url: str) -> dict[str, object]:
    return {**TRUSTPILOT, "base_url": url}


@dataclass(kw_only=True)
class ShopWorld(Polled):
    net: Shelf
    integration: Integration
    settings: Callable[[str], dict[str, object]]
    variable: str
    prefix: str = ""
    sends: tuple[str, ...] = ("answer",)

    def connect(self, base_url: str, secret: str) -> Connection:
        network = self.integration.name.upper()
        secrets = {
            f"{network}_CARE_CLIENT_SECRET": CLIENT_SECRET,
            f"{network}_CARE_{self.variable}": secret,
        }
        return self.integration.connect("care", self.settings(base_url), secrets, host=a_host(now))

    def write(self, text: str, *, private: bool = False, under: str | None = None) -> str:
        assert not private
        if under is not None:
            raise Unthreaded
        return self.prefix + self.net.write(text)

    def echo(self) -> None:
        """A brand writes nothing in a shop but answers."""

    def edit(self, message: str, text: str) -> None:
        self.net.edit(message.removeprefix(self.prefix), text)

    def delete(self, message: str) -> None:
        self.net.delete(message.removeprefix(self.prefix))

    def answers(self) -> Sequence[Answer]:
        return [
            Answer(
                id=reply_name(self.prefix + id_, one["reply"]["text"]),
                text=one["reply"]["text"],
                to=one["name"],
                in_reply_to=self.prefix + id_,
                private=False,
            )
            for id_, one in self.net.reviews.items()
            if one["reply"]
        ]


def a_shop(
    make: Callable[[], Play | AppStore | Places | Trustpilot],
    integration: Integration,
    settings: Callable[[str], dict[str, object]],
    variable: str,
    secret: str,
    prefix: str = "",
) -> Callable[[], AbstractContextManager[World]]:
    @contextmanager
    def world() -> Iterator[World]:
        net = make()
        with Loopback(Starlette(routes=net.routes)) as server, ExitStack() as opened:
            yield ShopWorld(
                net=net,
                faults=net.faults,
                opened=opened,
                base_url=server.url,
                integration=integration,
                settings=settings,
                variable=variable,
                secret=secret,
                prefix=prefix,
            )

    return world


a_googleplay_world = a_shop(Play, googleplay, of_play, "PRIVATE_KEY", RSA_KEY)
an_appstore_world = a_shop(AppStore, appstore, of_store, "PRIVATE_KEY", EC_KEY)
a_trustpilot_world = a_shop(Trustpilot, trustpilot, of_trustpilot, "API_SECRET", API_SECRET)
a_googlebusiness_world = a_shop(
    Places, googlebusiness, of_business, "REFRESH_TOKEN", REFRESH_TOKEN, f"{PLACE}/"
)
