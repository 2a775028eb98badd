"""Gets a run's evidence out of the process: summaries at once, everything else in slices."""

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from .outbox import Outbox
from .stores import Item, Store

SLICE_SECONDS = 5
KEEP_SECONDS = 30 * 24 * 3600
MOST_SUMMARIES_WAITING = 300

Object = tuple[str, bytes, str]


class Delivery:
    """Slices wait for as long as the store refuses them: a run has a bounded number of seconds, and nothing measured
    may be lost. Summaries are the live view; of those only the last few minutes wait."""

    def __init__(self, store: Store, run_id: str, clock: Callable[[], float] = time.time) -> None:
        self._run_id, self._clock = run_id, clock
        self._slices = {"windows": _Slices(), "ledger": _Slices()}
        self._next_slice_at = clock() + SLICE_SECONDS
        self._objects: Outbox[Object] = Outbox("object", lambda o: store.put_object(*o))
        self._items: Outbox[Item] = Outbox("window summary", store.put_item, limit=MOST_SUMMARIES_WAITING)

    def window(self, window: dict[str, Any]) -> None:
        self._slices["windows"].lines.append(window)

    def ledger(self, entries: Iterable[dict[str, Any]]) -> None:
        self._slices["ledger"].lines.extend(entries)

    def summary(self, summary: dict[str, Any]) -> None:
        self._items.put(
            {
                "pk": f"run#{self._run_id}",
                "sk": f"window#{summary['t']}",
                "data": summary,
                "expiresAt": int(self._clock()) + KEEP_SECONDS,
            }
        )

    def json(self, name: str, content: dict[str, Any]) -> None:
        self.object(name, json.dumps(content, indent=2) + "\n", "application/json")

    def object(self, name: str, body: str, content_type: str) -> None:
        self._objects.put((f"runs/{self._run_id}/{name}", body.encode("utf-8"), content_type))

    def tick(self) -> None:
        if self._clock() >= self._next_slice_at:
            self._next_slice_at = self._clock() + SLICE_SECONDS
            self.cut_slices()

    def cut_slices(self) -> None:
        for kind, slices in self._slices.items():
            if slices.lines:
                self.object(f"{kind}/{slices.sequence:05d}.jsonl", slices.cut(), "application/x-ndjson")

    def drain(self, seconds: float) -> bool:
        until = self._clock() + seconds
        objects = self._objects.drain(seconds)
        return self._items.drain(until - self._clock()) and objects

    def report(self) -> dict[str, Any]:
        """Of the trouble there was; `undelivered` is what still waits."""
        return {
            "errors": self._objects.errors + self._items.errors,
            "lastError": self._objects.last_error or self._items.last_error,
            "undelivered": self._objects.waiting + self._items.waiting,
            "summariesDropped": self._items.dropped,
        }


class _Slices:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.sequence = 0

    def cut(self) -> str:
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in self.lines)
        self.lines = []
        self.sequence += 1
        return text
