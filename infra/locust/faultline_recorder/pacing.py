"""When paced users meant to start, which they could not while an answer kept them waiting (coordinated omission).

A user is paced by Locust's `constant_pacing` or `constant_throughput`, which no file has to be changed for, or by a
`wait_time` of its own where its class says so with `pace_seconds`: then a user starts on multiples of that time only.
A beat is a moment at which a task was to start. A task that starts after its beat is late, and beats that pass before
the user is free for them are missed: nobody asked at those moments, and whoever had would have waited until then.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from weakref import WeakKeyDictionary

import gevent
from locust.user.task import TaskSet
from locust.user.wait_time import constant_pacing


@dataclass
class Beats:
    intended: float
    """The beat that the next task starts for."""
    missed: list[float]
    """How long each missed beat had to wait for the user to be free. Seconds."""


def beats(begun: float, freed: float, wait: float, pace: float) -> Beats:
    """Of a user whose task was to begin at `begun` and ended at `freed`, and who then waits for so many seconds: none
    where the next task is late already."""
    if wait > 0:
        intended = freed + wait
        passed = round((intended - begun) / pace)
    else:
        passed = max(1, floor((freed - begun) / pace))
        intended = begun + passed * pace
    waited = [freed - (begun + n * pace) for n in range(1, passed)]
    return Beats(intended, [seconds for seconds in waited if seconds > 0])


@dataclass
class _Pace:
    begun: float
    """When the task was to begin that runs now, or is about to."""
    late: float = 0.0


class Pacing:
    """The paced users of this process, by the greenlets that they run in."""

    def __init__(self, missed: Callable[[float, list[float]], None], clock: Callable[[], float] = time.perf_counter):
        """`missed` is told when the user was free again (epoch seconds), and of each missed beat how long it waited."""
        self._missed, self._clock = missed, clock
        self._paces: WeakKeyDictionary[gevent.Greenlet, _Pace] = WeakKeyDictionary()

    def watch(self) -> None:
        """From here on every user of this process is looked at between two tasks."""
        sleep = TaskSet._sleep

        def watched(tasks: TaskSet, seconds: float) -> None:
            pace = pace_of(tasks)
            if pace is None:
                return sleep(tasks, seconds)
            known, intended = self._freed(seconds, pace)
            sleep(tasks, seconds)
            if intended is not None:
                known.late = max(0.0, self._clock() - intended)
            return None

        TaskSet._sleep = watched

    def take_lateness(self) -> float | None:
        """Of the task that runs: what its first request has to add to its own time, and 0 for those that follow. Seconds.
        None where no paced user runs, or where it is not known yet what its pace counts from."""
        pace = self._paces.get(gevent.getcurrent()) if self._paces else None
        if pace is None:
            return None
        late, pace.late = pace.late, 0.0
        return late

    def _freed(self, wait: float, pace: float) -> tuple[_Pace, float | None]:
        """The user has ended a task. When the next one is meant to start; None after what came before the first task,
        such as a log-in: that is no task that could have been late."""
        user, freed = gevent.getcurrent(), self._clock()
        known = self._paces.get(user)
        if known is None:
            known = self._paces[user] = _Pace(freed + wait)
            return known, None
        found = beats(known.begun, freed, wait, pace)
        if found.missed:
            self._missed(time.time(), found.missed)
        known.begun = freed + wait
        return known, found.intended


_locusts = constant_pacing(1).__code__


def pace_of(tasks: TaskSet) -> float | None:
    """Seconds between two starts; None where a user just waits. A task set's own `wait_time` goes before its user's."""
    function = _function(tasks)
    if function is TaskSet.wait_time:
        function = _function(tasks.user)
    if getattr(function, "__code__", None) is _locusts:
        return function.__closure__[_locusts.co_freevars.index("wait_time")].cell_contents
    return getattr(tasks.user, "pace_seconds", None)


def _function(of: object) -> Callable[..., float] | None:
    wait_time = getattr(of, "wait_time", None)
    return getattr(wait_time, "__func__", wait_time)
