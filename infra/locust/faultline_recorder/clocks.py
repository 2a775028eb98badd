"""How far the workers' clocks are from the master's: the exchange of NTP (RFC 5905, section 8) in Locust's own messages.

The worker says what time it has. Half of the way there and back is the most that this can be wrong by, so that of all
exchanges the quickest stands.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from locust.rpc.protocol import Message
from locust.runners import MasterRunner, WorkerRunner

QUESTION, ANSWER = "faultline_clock_question", "faultline_clock_answer"


@dataclass(frozen=True)
class Distance:
    """The worker's clock is ahead by `offset`, give or take `uncertainty`. Seconds."""

    offset: float
    uncertainty: float


def distance(asked: float, answered: float, heard: float) -> Distance:
    """`asked` and `heard` by the master's clock, `answered` by the worker's, between the two."""
    return Distance(answered - (asked + heard) / 2, (heard - asked) / 2)


def answer_on(runner: WorkerRunner, clock: Callable[[], float] = time.time) -> None:
    def answer(msg: Message, **_: Any) -> None:
        runner.send_message(ANSWER, {"asked": msg.data["asked"], "answered": clock()})

    runner.register_message(QUESTION, answer)


class Clocks:
    def __init__(self, runner: MasterRunner, clock: Callable[[], float] = time.time) -> None:
        self._runner, self._clock = runner, clock
        self._best: dict[str, Distance] = {}
        runner.register_message(ANSWER, self._on_answer)

    def ask(self, worker_id: str) -> None:
        self._runner.send_message(QUESTION, {"asked": self._clock()}, worker_id)

    def of(self, worker_id: str) -> Distance | None:
        """None where the worker has not answered."""
        return self._best.get(worker_id)

    def _on_answer(self, msg: Message, **_: Any) -> None:
        seen = distance(msg.data["asked"], msg.data["answered"], self._clock())
        known = self._best.get(msg.node_id)
        # A clock that was set back while the message travelled says nothing.
        if seen.uncertainty >= 0 and (known is None or seen.uncertainty < known.uncertainty):
            self._best[msg.node_id] = seen
