"""The ledger: which writes were acknowledged, kept outside the system under test.

    from faultline_recorder import ledger

    with ledger.write("transactions", key) as mark:
        response = self.client.post("/whispers", json={"id": key, ...})
        mark.acked() if response.status_code in (200, 201) else mark.failed(response)

A mark that is left without a word is 'unknown', as is one that an exception ends. Without the plug-in marks do nothing.
"""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

CLASSES = ("users", "transactions", "sessions")

Entry = tuple[str, str, float, float | None, str]
"""(class, key, intent, ack, outcome); times are epoch seconds."""

_record: Callable[[Entry], None] | None = None


def attach(record: Callable[[Entry], None] | None) -> None:
    """The plug-in's: where finished entries go."""
    global _record
    _record = record


def write(data_class: str, key: str) -> "Mark":
    """Marks a write. `key` is what the application is asked for when it is read back, unique within its class.

    Raises ValueError on an unknown class or a key that is not text of 1 to 200 characters.
    """
    if data_class not in CLASSES:
        raise ValueError(f"ledger: class {data_class!r} is none of {', '.join(CLASSES)}")
    if not isinstance(key, str) or not 1 <= len(key) <= 200:
        raise ValueError(f"ledger: key {key!r} is not text of 1 to 200 characters")
    return Mark(data_class, key)


class Mark:
    """One write, from its intent to what became of it."""

    def __init__(self, data_class: str, key: str, clock: Callable[[], float] = time.time) -> None:
        self._class, self._key, self._clock = data_class, key, clock
        self._intent = 0.0
        self._ack: float | None = None
        self._outcome = "unknown"

    def __enter__(self) -> "Mark":
        self._intent = self._clock()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if _record is not None:
            _record((self._class, self._key, self._intent, self._ack, self._outcome))

    def acked(self) -> None:
        """The application said that it is written."""
        self._outcome, self._ack = "acked", self._clock()

    def refused(self) -> None:
        """The application said that it is not written."""
        self._outcome, self._ack = "refused", None

    def failed(self, response: Any) -> None:
        """`refused` where the response's status means so, else `unknown`."""
        definite = means_not_written(getattr(response, "status_code", None) or 0)
        self._outcome, self._ack = ("refused" if definite else "unknown"), None


def means_not_written(status: int) -> bool:
    """Whether an HTTP status says that the request had no effect.

    A 4xx does, but for 408 (the server gave up waiting, perhaps behind a proxy) and 409 (an earlier copy of the same
    request may have been the one that wrote). No 5xx does: a 503 may come from a server that lost its database between
    the commit and the answer just as well as from one that shed the request unread. A Locust file that can tell the
    two apart says `mark.refused()`.
    """
    return 400 <= status < 500 and status not in (408, 409)
