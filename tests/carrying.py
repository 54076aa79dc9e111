"""Carries out the answers that wait in a house, as the dispatcher does: lease, deliver, settle."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from inbox import deliveries
from inbox.errors import IntegrationError
from inbox.outbox import Item, SendAnswer
from inbox.ports import Delivered
from responders.courier import AnswerCourier
from tests.house import House


def carry(house: House, courier: AnswerCourier) -> list[Delivered | IntegrationError]:
    """Carry out all answers that wait and whose lane is free."""
    return [_carry(house, courier, item) for item in leased(house)]


def leased(house: House) -> list[Item]:
    """The answers that a worker has in hand from now on."""
    items = house.writer.run(
        lambda unit: unit.outbox.lease("w", limit=20, lease_for=timedelta(minutes=1))
    )
    return [item for item in items if isinstance(item.effect, SendAnswer)]


def killed_while_sending(house: House, courier: AnswerCourier) -> None:
    """The worker died before it could note what the network did with what waited."""
    for item in leased(house):
        with suppress(IntegrationError):
            courier.deliver(item)
    house.writer.run(lambda unit: unit.outbox.take_back("w"))


def _carry(house: House, courier: AnswerCourier, item: Item) -> Delivered | IntegrationError:
    desk, at = house.desk, house.clock()
    try:
        done = courier.deliver(item)
    except IntegrationError as error:
        failed = error
        house.writer.run(lambda unit: deliveries.not_delivered(unit, desk, item, failed, at=at))
        return failed
    house.writer.run(lambda unit: deliveries.delivered(unit, desk, item, done, at=at))
    return done
