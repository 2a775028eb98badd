"""The plug-in on a worker: counts requests and sends them with Locust's own reports."""

import atexit
from math import inf
from typing import Any

from locust.env import Environment
from locust.runners import STATE_STOPPED, WorkerRunner

from . import clocks, ledger
from .health import CpuMeter, LagMeter
from .pacing import Pacing
from .recording import Recording

LINGER_MS = 3000

MESSAGE_FIELD = "faultline"


class Worker:
    def __init__(self, environment: Environment, runner: WorkerRunner) -> None:
        self._runner = runner
        pacing = Pacing(lambda at, waited: self._recording.on_missed(at, waited))
        self._recording = Recording(lateness=pacing.take_lateness)
        pacing.watch()
        self._cpu, self._lag = CpuMeter(), LagMeter()
        self._lag.start()
        clocks.answer_on(runner)
        ledger.attach(self._recording.add_ledger_entry)
        # After Locust's own listeners: these run only where those have run.
        environment.events.request.add_listener(self._recording.on_request)
        environment.events.test_start.add_listener(self._on_test_start)
        environment.events.report_to_master.add_listener(self._on_report)
        # This event runs its listeners in reverse: before Locust's own, which says good-bye to the master.
        environment.events.quitting.add_listener(self._on_quitting)
        atexit.register(self._deliver_last_messages)

    def _on_test_start(self, **_: Any) -> None:
        # Locust has just cleared its own statistics
        self._recording.clear()
        self._cpu.restart()
        self._lag.take()

    def _on_report(self, data: dict[str, Any], **_: Any) -> None:
        data[MESSAGE_FIELD] = {**self._recording.take(), "cpu": self._cpu.take(), "lagMs": self._lag.take()}

    def _on_quitting(self, **_: Any) -> None:
        """A worker that is stopped by itself would keep its last second to itself; Locust reports it only when the
        master asks it to quit. Where it did, this report is empty."""
        # the users of another worker that leaves are not for this one any more: such messages look outdated
        self._runner.last_received_spawn_timestamp = inf
        if self._runner.state != STATE_STOPPED:
            self._runner.stop()
        self._runner._send_stats()

    def _deliver_last_messages(self) -> None:
        """A process that exits takes unsent messages with it; ending the socket's context waits for them."""
        socket = self._runner.client.socket
        if not socket.closed:
            context = socket.context
            socket.close(linger=LINGER_MS)
            context.term()
