"""The master's seconds: workers' reports are added up per second until every live worker has reported past it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import histogram
from .error_samples import ErrorSamples
from .recording import Cell, Intended, Report

LATEST = 3
"""Second t is closed at t + 3 at the latest, whoever has not reported by then."""


@dataclass
class Second:
    t: int
    users: int = 0
    workers: int = 0
    """How many workers had reported past this second when it was closed."""
    retry_after: int = 0
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)
    intended: Intended = field(default_factory=Intended)
    samples: ErrorSamples = field(default_factory=ErrorSamples)

    @property
    def requests(self) -> int:
        return sum(cell.count for cell in self.cells.values())

    @property
    def failures(self) -> int:
        return sum(cell.count for (_, outcome), cell in self.cells.items() if outcome != "ok")

    def add(self, endpoint: str, outcome: str, count: int, buckets: dict[int, int]) -> None:
        cell = self.cells.setdefault((endpoint, outcome), Cell())
        cell.count += count
        histogram.add(cell.buckets, buckets)


@dataclass
class _Worker:
    at: float
    users: int


class Timeline:
    def __init__(self) -> None:
        self._seconds: dict[int, Second] = {}
        self._workers: dict[str, _Worker] = {}
        self._closed_users: dict[int, int] = {}
        self._next: int | None = None

    def begin(self, t: int) -> None:
        """The first second to close. What came before belongs to no test and is dropped, as Locust does."""
        self._seconds.clear()
        self._next = t

    def add(self, worker: str, users: int, report: Report) -> None:
        self._workers[worker] = _Worker(report["at"], users)
        for t, endpoint, outcome, count, buckets in report["cells"]:
            self._second(t).add(endpoint, outcome, count, buckets)
        for t, missed, buckets in report["intended"]:
            intended = self._second(t).intended
            intended.missed += missed
            histogram.add(intended.buckets, buckets)
        for t, count in report["retryAfter"].items():
            self._second(t).retry_after += count
        for t, samples in report["errorSamples"].items():
            self._second(t).samples.add(samples)

    def due(self, now: float, live: Iterable[str]) -> Iterator[Second]:
        """Closes, in order, the seconds that are complete or out of time. `live` are the connected workers."""
        live = list(live)
        while self._next is not None and (now >= self._next + LATEST or self._all_past(self._next, live)):
            yield self._close(self._next, live)
            self._next += 1

    def late(self) -> list[Second]:
        """Records of seconds that were closed before they came: further slices of the same seconds."""
        if self._next is None:
            return []
        slices = [self._seconds.pop(t) for t in sorted(self._seconds) if t < self._next]
        for second in slices:
            second.users = self._closed_users.get(second.t, 0)
        return slices

    def rest(self, live: Iterable[str]) -> Iterator[Second]:
        """Closes everything that is left, the last and unfinished second too."""
        live = list(live)
        while self._next is not None and self._seconds and self._next <= max(self._seconds):
            yield self._close(self._next, live)
            self._next += 1

    def _second(self, t: int) -> Second:
        return self._seconds.setdefault(t, Second(t))

    def _all_past(self, t: int, live: list[str]) -> bool:
        return bool(live) and all(w in self._workers and self._workers[w].at >= t + 1 for w in live)

    def _close(self, t: int, live: list[str]) -> Second:
        second = self._seconds.pop(t, None) or Second(t)
        present = [self._workers[w] for w in live if w in self._workers]
        second.users = self._closed_users[t] = sum(w.users for w in present)
        second.workers = sum(1 for w in present if w.at >= t + 1)
        return second
