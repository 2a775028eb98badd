"""What a worker counts between two reports to its master."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from .error_samples import ErrorSamples, describe, header
from .histogram import bucket_of_ms
from .ledger import Entry
from .outcome import OK, outcome_of

Report = dict[str, Any]


class Cell:
    """Requests of one second, endpoint and outcome."""

    __slots__ = ("buckets", "count")

    def __init__(self) -> None:
        # more than the histogram holds where requests had no response time (Locust allows that)
        self.count = 0
        self.buckets: dict[int, int] = {}


class Intended:
    """Requests of paced users in one second, timed from when they were meant to start."""

    __slots__ = ("buckets", "missed")

    def __init__(self) -> None:
        # how many of them were never sent, because their users still waited for another answer
        self.missed = 0
        self.buckets: dict[int, int] = {}

    def add(self, milliseconds: float) -> None:
        bucket = bucket_of_ms(milliseconds)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1


class Recording:
    def __init__(
        self,
        clock: Callable[[], float] = time.time,
        lateness: Callable[[], float | None] = lambda: None,
    ) -> None:
        """`lateness`: seconds that the request is late by the pace of the user that runs; None without one."""
        self._clock, self._lateness = clock, lateness
        self.clear()

    def clear(self) -> None:
        self._cells: defaultdict[tuple[int, str, str, str], Cell] = defaultdict(Cell)
        self._intended: defaultdict[int, Intended] = defaultdict(Intended)
        self._retry_after: defaultdict[int, int] = defaultdict(int)
        self._samples: defaultdict[int, ErrorSamples] = defaultdict(ErrorSamples)
        self._ledger: list[Entry] = []

    def on_request(
        self,
        request_type: str,
        name: str,
        response_time: float | None,
        response_length: int,
        exception: Any = None,
        response: Any = None,
        start_time: float | None = None,
        **_: Any,
    ) -> None:
        """Locust's request event. Its own statistics take the same arguments, so both count the same events."""
        second = int(self._ended(start_time, response_time))
        outcome = OK
        if exception:
            outcome = self._failed(second, request_type, name, response_time, exception, response)
        cell = self._cells[second, request_type, name, outcome]
        cell.count += 1
        if response_time is not None:
            bucket = bucket_of_ms(response_time)
            cell.buckets[bucket] = cell.buckets.get(bucket, 0) + 1
            late = self._lateness()
            if late is not None:
                self._intended[second].add(response_time + late * 1000)

    def on_missed(self, at: float, waited: list[float]) -> None:
        """Requests that a paced user was to send and did not, each with the seconds it would have waited at least."""
        intended = self._intended[int(at)]
        intended.missed += len(waited)
        for seconds in waited:
            intended.add(seconds * 1000)

    def add_ledger_entry(self, entry: Entry) -> None:
        self._ledger.append(entry)

    def take(self) -> Report:
        """Everything counted since the last time. It never yields to another greenlet, so no request slips between
        this and the statistics that Locust puts into the same message."""
        report = {
            "at": self._clock(),
            "cells": [
                (second, f"{method} {name}", outcome, cell.count, cell.buckets)
                for (second, method, name, outcome), cell in self._cells.items()
            ],
            "intended": [(second, i.missed, i.buckets) for second, i in self._intended.items()],
            "retryAfter": dict(self._retry_after),
            "errorSamples": {second: samples.kept for second, samples in self._samples.items()},
            "ledger": self._ledger,
        }
        self.clear()
        return report

    def _ended(self, start_time: float | None, response_time: float | None) -> float:
        """The event comes later than the end where a Locust file checks the response first (`catch_response`)."""
        now = self._clock()
        if start_time is None or response_time is None:
            return now
        ended = start_time + response_time / 1000
        return ended if now - 60 < ended <= now else now

    def _failed(self, second: int, method: str, name: str, ms: float | None, exception: Any, response: Any) -> str:
        status = getattr(response, "status_code", None) or 0
        outcome = outcome_of(exception, status)
        if header(response, "retry-after") is not None:
            self._retry_after[second] += 1
        self._samples[second].offer(
            outcome, status, lambda: describe(f"{method} {name}", outcome, status, response, exception, ms)
        )
        return outcome
