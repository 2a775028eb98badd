"""The plug-in on the master: adds the workers' reports up and gets the windows out."""

import atexit
import logging
import time
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.rpc.protocol import Message
from locust.runners import STATE_INIT, STATE_MISSING, STATE_STOPPED, STATE_STOPPING, MasterRunner

from . import locust_csv, shapes
from .clocks import Clocks
from .delivery import Delivery
from .ending import EarlyTermination
from .generator_report import Generator, Totals
from .health import CpuMeter, LagMeter
from .timeline import Second, Timeline
from .worker import MESSAGE_FIELD

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.2
CPU_SECONDS = 1.0
CLOCK_SECONDS = 2.0
LAST_REPORTS_MARGIN = 3.0
"""On top of the stop time-out, which workers give their users' last requests."""
FLUSH_SECONDS = 20.0
KEPT_FOR_REPORT_SECONDS = 5.0


class Master:
    def __init__(
        self,
        environment: Environment,
        runner: MasterRunner,
        delivery: Delivery,
        expected_workers: int,
        early: EarlyTermination,
    ) -> None:
        self._environment, self._runner, self._delivery, self._early = environment, runner, delivery, early
        self._timeline = Timeline()
        self._generator = Generator(expected_workers)
        self._cpu, self._lag = CpuMeter(), LagMeter()
        self._lag.start()
        self._health_at = self._clocks_at = 0.0
        self._clocks = Clocks(runner)
        self._asked_to_quit, self._workers_gone = False, Event()
        self._finishing, self._finished = False, Event()
        early.before_exit(self._end_workers)
        events = environment.events
        events.test_start.add_listener(self._on_test_start)
        events.worker_report.add_listener(self._on_worker_report)
        events.test_stopping.add_listener(self._on_test_stopping)
        # This event runs its listeners in reverse: before Locust's own, which gives the workers half a second.
        events.quitting.add_listener(self._on_quitting)
        events.quit.add_listener(self._finish)
        # where Locust leaves without its events, as when too few workers came
        atexit.register(self._finish)
        self._ticker = gevent.spawn(self._tick_forever)

    def _on_test_start(self, **_: Any) -> None:
        self._early.over()
        self._timeline.begin(int(time.time()))
        # how the workers were while they started up belongs to no test
        self._generator.workers.clear()
        self._generator.lost.clear()
        self._cpu.restart()
        self._lag.take()

    def _on_worker_report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        report = data.get(MESSAGE_FIELD)
        if report is None:
            logger.error("faultline: worker %s runs without the plug-in, its requests are missing", client_id)
            return
        self._timeline.add(client_id, data["user_count"], report)
        self._generator.worker(client_id).add(report["cpu"], report["lagMs"], time.time())
        self._delivery.ledger(map(shapes.ledger_entry, report["ledger"]))

    def _tick_forever(self) -> None:
        while True:
            gevent.sleep(TICK_SECONDS)
            self._tick(time.time())

    def _tick(self, now: float) -> None:
        for second in self._timeline.due(now, self._live()):
            self._emit(second)
        if now >= self._health_at:
            self._health_at = now + CPU_SECONDS
            self._generator.master.add(self._cpu.take(), self._lag.take(), now)
        if now >= self._clocks_at and not self._asked_to_quit:
            self._clocks_at = now + CLOCK_SECONDS
            for worker_id in self._live():
                self._clocks.ask(worker_id)
        if not self._asked_to_quit:
            self._generator.lost.update(set(self._generator.workers) - set(self._live()))
        self._keep_late_records()
        self._delivery.tick()

    def _emit(self, second: Second) -> None:
        self._delivery.summary(shapes.summary(second))
        self._keep(second)

    def _keep_late_records(self) -> None:
        for second in self._timeline.late():
            self._keep(second)

    def _keep(self, second: Second) -> None:
        self._generator.windows.requests += second.requests
        self._generator.windows.failures += second.failures
        self._delivery.window(shapes.window(second))

    def _live(self) -> list[str]:
        return [worker_id for worker_id, node in self._runner.clients.items() if node.state != STATE_MISSING]

    def _on_test_stopping(self, **_: Any) -> None:
        # with a web UI a test that was stopped may be started again, by the same workers
        if self._environment.parsed_options.headless:
            self._end_workers()

    def _on_quitting(self, **_: Any) -> None:
        if self._runner.state not in (STATE_INIT, STATE_STOPPED, STATE_STOPPING):
            self._runner.stop(send_stop_to_client=False)
        self._end_workers()
        self._workers_gone.wait()

    def _end_workers(self) -> None:
        """Asks the workers to quit and waits for their last reports. A worker's good-bye comes after its last report,
        and takes it off Locust's list. Runs once, whoever asks again."""
        if self._asked_to_quit:
            return
        self._asked_to_quit = True
        try:
            self._let_workers_quit()
        finally:
            self._workers_gone.set()

    def _let_workers_quit(self) -> None:
        # or Locust would hand the users of each worker that leaves to those that are left
        self._runner._users_dispatcher = None
        if self._runner.state != STATE_INIT:
            self._runner.update_state(STATE_STOPPING)
        for worker_id in list(self._runner.clients):
            self._runner.server.send_to_client(Message("quit", None, worker_id))
        until = time.monotonic() + self._environment.stop_timeout + LAST_REPORTS_MARGIN
        while self._live() and time.monotonic() < until:
            gevent.sleep(0.05)
        self._generator.lost.update(set(self._live()) & set(self._generator.workers))

    def _finish(self, **_: Any) -> None:
        """Everything out, the report of the generator last. Locust may come here twice; the second waits."""
        if self._finishing:
            self._finished.wait()
            return
        self._finishing = True
        until = time.monotonic() + FLUSH_SECONDS
        try:
            self._ticker.kill()
            self._close_books()
            self._delivery.drain(until - KEPT_FOR_REPORT_SECONDS - time.monotonic())
            self._write_report()
            if not self._delivery.drain(until - time.monotonic()):
                left = self._delivery.report()
                logger.error("faultline: not everything was written in %.0f s: %s", FLUSH_SECONDS, left)
        finally:
            self._finished.set()

    def _close_books(self) -> None:
        for second in self._timeline.rest(self._live()):
            self._emit(second)
        self._keep_late_records()
        self._delivery.cut_slices()

    def _write_report(self) -> None:
        total = self._environment.stats.total
        locust = Totals(total.num_requests, total.num_failures)
        if locust != self._generator.windows:
            logger.error("faultline: Locust counted %s, the windows hold %s", locust, self._generator.windows)
        report = self._generator.report(locust, self._delivery.report(), self._clocks.of)
        self._delivery.object("locust/stats.csv", locust_csv.stats_csv(self._environment), "text/csv")
        self._delivery.object("locust/failures.csv", locust_csv.failures_csv(self._environment), "text/csv")
        self._delivery.json("generator.json", report)
