"""Hooks the recorder into Locust."""

import logging
import os
import sys
from typing import Any

from locust import runners
from locust.event import Events
from locust.runners import MasterRunner, WorkerRunner

from . import locust_csv
from .delivery import Delivery
from .ending import EarlyTermination, end_after
from .master import Master
from .settings import BadSettings, read_settings
from .stores import store_for
from .worker import Worker

logger = logging.getLogger(__name__)

REPORT_SECONDS = 1.0


def install(events: Events) -> None:
    """Called when the plug-in's file is loaded, before Locust has parsed its options. Exits on a bad environment."""
    try:
        settings = read_settings(os.environ)
    except BadSettings as problem:
        sys.exit(str(problem))
    runners.WORKER_REPORT_INTERVAL = REPORT_SECONDS
    locust_csv.write_files_a_last_time()
    early = EarlyTermination()
    if settings.max_seconds is not None:
        end_after(settings.max_seconds)

    def on_init(environment: Any, runner: Any, **_: Any) -> None:
        if environment.reset_stats:
            logger.warning("faultline: --reset-stats is ignored: the windows keep the requests of the ramp-up")
            environment.reset_stats = False
        if isinstance(runner, MasterRunner) and (store := store_for(settings)):
            Master(environment, runner, Delivery(store, settings.run_id), settings.expected_workers, early)
            return
        early.over()
        if isinstance(runner, WorkerRunner):
            Worker(environment, runner)
        else:
            logger.warning("faultline: nothing is recorded: %s", _why_not(runner))

    events.init.add_listener(on_init)


def _why_not(runner: Any) -> str:
    if isinstance(runner, MasterRunner):
        return "neither FAULTLINE_TABLE and FAULTLINE_BUCKET nor FAULTLINE_OUT are set"
    return "Locust runs in one process; start it with --master and --worker"
