"""A few failed requests of one second, so that a reader sees what the errors looked like."""

from collections.abc import Callable
from typing import Any

MOST = 3
TEXT_LENGTH = 300

Sample = dict[str, Any]


class ErrorSamples:
    """Keeps at most three, of as many kinds as there were. A kind is an outcome with its HTTP status."""

    def __init__(self) -> None:
        self.kept: list[Sample] = []

    def offer(self, outcome: str, status: int, make: Callable[[], Sample]) -> None:
        """`make` is called only for a sample that is kept: most are not, and reading a body costs."""
        kinds = [(s["outcome"], s["status"]) for s in self.kept]
        if len(kinds) < MOST:
            self.kept.append(make())
        elif (outcome, status) not in kinds and len(set(kinds)) < MOST:
            self.kept[next(i for i, kind in enumerate(kinds) if kind in kinds[:i])] = make()

    def add(self, samples: list[Sample]) -> None:
        for sample in samples:
            self.offer(sample["outcome"], sample["status"], lambda sample=sample: sample)


def describe(endpoint: str, outcome: str, status: int, response: Any, exception: Any, ms: float | None) -> Sample:
    """The contract's error sample. `response` may be requests', geventhttpclient's, or none."""
    return {
        "endpoint": endpoint,
        "outcome": outcome,
        "status": status,
        "contentType": header(response, "content-type"),
        "retryAfter": header(response, "retry-after"),
        "text": _body(response) or f"{type(exception).__name__}: {exception}"[:TEXT_LENGTH],
        "ms": ms or 0,
    }


def header(response: Any, name: str) -> str | None:
    headers = getattr(response, "headers", None)
    value = headers.get(name) if headers else None
    return value if isinstance(value, str) else None


def _body(response: Any) -> str:
    """Only what the client has read already: a streamed body is the Locust file's to read."""
    for attribute in ("_content", "_cached_content"):
        content = getattr(response, attribute, None)
        if isinstance(content, (bytes, bytearray)) and content:
            # four bytes a character at most; a character cut at the end is dropped
            return bytes(content[: TEXT_LENGTH * 4]).decode("utf-8", "ignore")[:TEXT_LENGTH]
    return ""
