"""Whether a HubSpot account is set up right: the token, the pipeline, the property for our key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from inbox.errors import AuthFailed, IntegrationError
from inbox.ports import Checkup
from integrations.hubspot.api import HubSpot, Missing
from integrations.hubspot.convert import Form
from integrations.hubspot.wire import Pipeline


class Examination:
    """Asks with the requests that the work needs; writes nothing."""

    def __init__(
        self, name: str, hubspot: HubSpot, form: Form, clock: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._hubspot = hubspot
        self._form = form
        self._clock = clock

    def examine(self) -> Sequence[Checkup]:
        try:
            pipeline = self._hubspot.pipeline(self._form.pipeline)
        except AuthFailed as error:
            return [self._wrong(f"{error} Take a new one as docs/hubspot.md says")]
        except Missing:
            return [self._wrong(f"there is no pipeline {self._form.pipeline} of tickets")]
        except IntegrationError as error:
            return [self._wrong(f"{error} Is base_url right?")]
        return [self._stages(pipeline), self._key(), self._lists()]

    def _stages(self, pipeline: Pipeline) -> Checkup:
        there = {stage.id: stage.label for stage in pipeline.stages}
        if unknown := sorted(set(self._form.stages.table) - set(there)):
            stages = ", ".join(f"{id_} ({label})" for id_, label in there.items())
            return self._wrong(f"the pipeline has no stage {unknown[0]}. It has: {stages}")
        return self._well(f"the token is accepted; tickets go to the pipeline {pipeline.label}")

    def _key(self) -> Checkup:
        field = self._form.key_field
        try:
            unique = self._hubspot.key_property().unique
        except Missing:
            return self._wrong(f"tickets have no property {field}. Make it as docs/hubspot.md says")
        except IntegrationError as error:
            return self._wrong(f"the property {field} could not be seen: {error}")
        if not unique:
            return self._wrong(f"the property {field} does not require unique values. Make another")
        return self._well(f"tickets have the property {field}, with unique values")

    def _lists(self) -> Checkup:
        now = self._clock()
        try:
            next(self._hubspot.changed(now), None)
            next(self._hubspot.written(now), None)
        except IntegrationError as error:
            return self._wrong(f"tickets and notes could not be searched: {error}")
        return self._well("tickets and notes can be searched")

    def _well(self, what: str) -> Checkup:
        return Checkup(well=True, says=f"{self._name}: {what}")

    def _wrong(self, what: str) -> Checkup:
        return Checkup(well=False, says=f"{self._name}: {what}.")
