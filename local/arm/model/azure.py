"""The simulated Azure and all that is in it now. Usable from Python; http/ only adds HTTP."""

import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime

from local.arm.base import (
    SUBSCRIPTION,
    ArmError,
    Json,
    entity_not_found,
    guid,
    resource_id,
    resource_not_found,
)
from local.arm.event_grid import Change, Method
from local.arm.images import GalleryVersion, Published
from local.arm.model.buckets import Buckets
from local.arm.model.contents import Contents
from local.arm.model.fault import Fault
from local.arm.model.faults import ActiveFault
from local.arm.model.happening import happen, prepare
from local.arm.model.making import made
from local.arm.model.operation import Operation
from local.arm.model.received import Boxes
from local.arm.model.request_log import RequestLog
from local.arm.model.scale_set import ScaleSet
from local.arm.model.spec import ScaleSetSpec
from local.arm.model.truth import truth_of
from local.base import Clock


class Azure:
    """One simulated cloud. All public methods may be called from any thread.

    `clock` is the only source of time. Nothing happens between two calls: what fell due in the
    meantime is settled at the beginning of the next, at the instant at which it fell due.
    `on_change` is called after each change, before anybody hears of it: then it can be kept.
    """

    def __init__(self, clock: Clock, contents: Contents | None = None) -> None:
        self.clock = clock
        self.contents = contents or Contents()
        self.on_change: Callable[[], None] = lambda: None
        self.images = self.contents.images
        self.faults = self.contents.faults
        self.event_grid = self.contents.event_grid
        """Call its methods only while the simulation is held still."""
        self.monitor = self.contents.monitor
        """The same."""
        self.requests = RequestLog()
        self.received = Boxes()
        self.buckets = Buckets()
        self.tokens = Counter[str]()
        """How many tokens were issued, by the resource they are for."""
        self._lock = threading.RLock()
        self._scale_sets = self.contents.scale_sets
        self._operations = self.contents.operations

    @contextmanager
    def settled(self) -> Generator[datetime]:
        """Hold the simulation still at one moment; everything that is due by then has happened."""
        with self._lock:
            now = self.clock.now()
            due = self.faults.due(now)
            for at, event in due:
                happen(self.contents, event, at)
            if self.event_grid.fan_out(now, self.faults.delivery_fault) or due:
                self.on_change()
            yield now

    @contextmanager
    def changing(self) -> Generator[datetime]:
        """The same, for what changes something, or may; also if it is refused in the middle."""
        with self.settled() as now:
            try:
                yield now
            finally:
                self.on_change()

    def add_scale_set(self, spec: ScaleSetSpec) -> str:
        """Create a scale set, up and running, and publish its image; returns its ARM id.

        Raises ArmError when the name is taken, or when its image leaves the version open and none
        is published.
        """
        with self.changing() as now:
            if spec.id.lower() in self._scale_sets:
                raise ArmError(409, "Conflict", f"there is a scale set {spec.id} already")
            self._scale_sets[spec.id.lower()] = made(spec, self.images, now)
            return spec.id

    def add_image(self, image: Published) -> str:
        """Publish an image; returns its id, URN or uri."""
        with self.changing() as now:
            self.images.publish(image, now)
            if isinstance(image, GalleryVersion):
                end = self.images.writing(image).end
                failed = image.provisioning_state == "Failed"
                self.publish_change(image.identity, "PUT", now, end, failed=failed)
            return image.identity

    def published_images(self) -> list[tuple[Published, datetime]]:
        """All images there are now, each with when it was published, the latest last."""
        with self.settled() as now:
            return self.images.all(now)

    def withdraw_image(self, identity: str) -> bool:
        """Make an image unavailable; returns whether there was one."""
        with self.changing() as now:
            found = self.images.find(identity, now)
            self.images.withdraw(identity)
            if isinstance(found, GalleryVersion):
                self.publish_change(found.identity, "DELETE", now, now)
            return found is not None

    def publish_change(
        self,
        resource: str,
        method: Method,
        start: datetime,
        end: datetime,
        *,
        failed: bool = False,
    ) -> None:
        """Publish what somebody did as events; call it only while the simulation is held still."""
        self.contents.changes += 1
        change = Change(
            resource_id=resource,
            method=method,
            correlation=guid("correlation", self.contents.changes),
            failed=failed,
        )
        self.event_grid.publish_change(change, start, end)

    def add_fault(self, fault: Fault) -> str:
        """Declare a fault; returns its id."""
        with self.changing() as now:
            prepare(self.contents, fault, now)
            return self.faults.declare(fault, now)

    def active_faults(self) -> list[ActiveFault]:
        """What goes wrong now or will, in the order of the declarations."""
        with self.settled() as now:
            return self.faults.active(now)

    def end_fault(self, name: str) -> bool:
        """End the fault of that id, or call it off; returns whether it was active."""
        with self.changing() as now:
            return self.faults.end(name, now)

    def clear_faults(self) -> None:
        """End all faults, and call off those that have not happened yet."""
        with self.changing() as now:
            self.faults.clear(now)

    def truth(self, resource_group: str, name: str, subscription: str = SUBSCRIPTION) -> Json:
        """What is and was really the state of a scale set. Raises ArmError when there is none."""
        with self.settled() as now:
            scale_set = self.scale_set(subscription, resource_group, name)
            return truth_of(scale_set, self.faults, now)

    def truths(self) -> list[Json]:
        """The truth about every scale set."""
        with self.settled() as now:
            return [
                truth_of(scale_set, self.faults, now) for scale_set in self._scale_sets.values()
            ]

    def scale_set(self, subscription: str, resource_group: str, name: str) -> ScaleSet:
        """Raises ArmError when there is none."""
        path = f"virtualMachineScaleSets/{name}"
        found = self._scale_sets.get(resource_id(subscription, resource_group, path).lower())
        if found is None:
            raise resource_not_found(path, resource_group)
        return found

    def scale_sets(self, subscription: str, resource_group: str | None = None) -> list[ScaleSet]:
        """Those of a subscription, or of one of its resource groups."""
        prefix = f"/subscriptions/{subscription}/resourceGroups/{resource_group or ''}".lower()
        prefix = f"{prefix}/" if resource_group else prefix
        return [scale_set for key, scale_set in self._scale_sets.items() if key.startswith(prefix)]

    def resource_ids(self) -> list[str]:
        """Of everything that is in a resource group, in lower case; and more, of images that are in
        none.
        """
        return [*self._scale_sets, *self.images.identities()]

    def operation(self, operation_id: str) -> Operation:
        """Raises ArmError when there is none."""
        found = self._operations.get(operation_id.lower())
        if found is None:
            raise entity_not_found()
        return found

    def begin(
        self,
        scale_set: ScaleSet,
        span: tuple[datetime, datetime],
        *,
        instance_ids: frozenset[str] | None = None,
        failed_ids: tuple[str, ...] = (),
        is_of_vm: bool = False,
    ) -> Operation:
        """Start an operation on a scale set, from one instant to another."""
        operation = self._begun(
            Operation(
                id=guid("operation", len(self._operations)),
                subscription=scale_set.spec.subscription,
                location=scale_set.spec.location,
                start=span[0],
                end=span[1],
                instance_ids=instance_ids,
                failed_ids=failed_ids,
                is_of_vm=is_of_vm,
            )
        )
        scale_set.operations.append(operation)
        return operation

    def begin_of_gallery(
        self, version: GalleryVersion, span: tuple[datetime, datetime]
    ) -> Operation:
        """Start an operation on a gallery image version, from one instant to another."""
        operation = Operation(
            id=guid("operation", len(self._operations)),
            subscription=version.subscription,
            location=version.location,
            start=span[0],
            end=span[1],
            family="capsOperations",
        )
        return self._begun(operation)

    def _begun(self, operation: Operation) -> Operation:
        self._operations[operation.id] = operation
        return operation
