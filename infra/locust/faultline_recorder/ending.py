"""How a Locust process ends when nobody asks it to, or asks before Locust listens."""

import logging
import os
import signal
from collections.abc import Callable

import gevent

logger = logging.getLogger(__name__)

LAST_RESORT_SECONDS = 60


def end_after(seconds: int) -> None:
    """The test ends by itself: as if SIGTERM had come, and by force if that takes longer than anything here may."""
    gevent.spawn_later(seconds, _end, seconds)
    gevent.spawn_later(seconds + LAST_RESORT_SECONDS, os._exit, 1)


def _end(seconds: int) -> None:
    logger.warning("faultline: FAULTLINE_MAX_SECONDS (%d) have passed, ending the test", seconds)
    os.kill(os.getpid(), signal.SIGTERM)


class EarlyTermination:
    """Locust listens for SIGTERM only once it runs. Until then the default would apply: a master that waits for its
    workers would leave them behind, and process 1 of a container would not react at all."""

    def __init__(self) -> None:
        self._before_exit: Callable[[], None] = lambda: None
        self._watcher = gevent.signal_handler(signal.SIGTERM, self._on_signal)

    def before_exit(self, action: Callable[[], None]) -> None:
        self._before_exit = action

    def over(self) -> None:
        """From here on Locust's own handler does it."""
        self._watcher.cancel()

    def _on_signal(self) -> None:
        logger.info("faultline: got SIGTERM before the test began")
        self._before_exit()
        raise SystemExit(0)
