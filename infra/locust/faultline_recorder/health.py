"""How the load generator itself is doing: a generator out of CPU or out of time measures itself."""

import time
from collections.abc import Callable

import gevent

LAG_INTERVAL = 0.1
SHORTEST_CPU_INTERVAL = 0.5


class CpuMeter:
    """This process's CPU time as a share of one core."""

    def __init__(
        self, cpu: Callable[[], float] = time.process_time, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._cpu, self._clock = cpu, clock
        self.restart()

    def restart(self) -> None:
        self._last = (self._cpu(), self._clock())

    def take(self) -> float | None:
        """The share since the last time; None when that is too short ago to mean anything."""
        (cpu, at), (now_cpu, now) = self._last, (self._cpu(), self._clock())
        if now - at < SHORTEST_CPU_INTERVAL:
            return None
        self._last = (now_cpu, now)
        return (now_cpu - cpu) / (now - at)


class LagMeter:
    """How late a timed wake-up comes: a response that waits as long for its greenlet is measured that much too slow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._worst = 0.0
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        self._greenlet = gevent.spawn(self._run)

    def take(self) -> float:
        """The worst since the last time, in milliseconds."""
        worst, self._worst = self._worst, 0.0
        return worst * 1000

    def _run(self) -> None:
        while True:
            asked = self._clock()
            gevent.sleep(LAG_INTERVAL)
            self._worst = max(self._worst, self._clock() - asked - LAG_INTERVAL)
