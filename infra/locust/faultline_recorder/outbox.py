"""A queue of writes with one greenlet that sends them in order and tries again until each has arrived."""

import logging
import random
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import gevent
from gevent.event import Event

logger = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_WAIT, LONGEST_WAIT, LONGEST_WAIT_WHILE_DRAINING = 0.2, 5.0, 0.5


class Outbox(Generic[T]):
    """`limit` bounds what may wait; past it the oldest is dropped and counted. Without one nothing is ever dropped."""

    def __init__(
        self,
        name: str,
        send: Callable[[T], None],
        limit: int | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._name, self._send, self._limit, self._jitter = name, send, limit, jitter
        self._waiting: deque[T] = deque()
        self._more, self._empty, self._hurry = Event(), Event(), Event()
        self._empty.set()
        self.errors = 0
        self.dropped = 0
        self.last_error: str | None = None
        self._greenlet = gevent.spawn(self._run)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def put(self, thing: T) -> None:
        if self._limit is not None and len(self._waiting) >= self._limit:
            # the one at the head is being sent
            del self._waiting[1]
            self.dropped += 1
        self._waiting.append(thing)
        self._empty.clear()
        self._more.set()

    def drain(self, seconds: float) -> bool:
        """Waits until everything has been sent. False when the time was not enough."""
        self._hurry.set()
        return self._empty.wait(max(0.0, seconds))

    def _run(self) -> None:
        while True:
            self._more.wait()
            self._more.clear()
            while self._waiting:
                self._send_until_done(self._waiting[0])
                self._waiting.popleft()
            self._empty.set()

    def _send_until_done(self, thing: T) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                self._send(thing)
                return
            except Exception as error:
                self._failed(error)
            longest = LONGEST_WAIT_WHILE_DRAINING if self._hurry.is_set() else LONGEST_WAIT
            self._pause(min(wait, longest) * (0.5 + self._jitter() / 2))
            wait *= 2

    def _failed(self, error: Exception) -> None:
        self.errors += 1
        text = f"{type(error).__name__}: {error}"[:300]
        # the same trouble every few seconds is one line, and then one in ten
        if text != self.last_error or self.errors % 10 == 0:
            logger.error("faultline: %s not written (%d attempts failed so far): %s", self._name, self.errors, text)
        self.last_error = text

    def _pause(self, seconds: float) -> None:
        if self._hurry.is_set():
            gevent.sleep(seconds)
        else:
            # cut short when the end comes
            self._hurry.wait(seconds)


