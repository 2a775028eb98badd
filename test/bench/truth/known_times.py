"""Requests that nobody sends: their response times are drawn here, and written down as they are.

Each worker has a speed of its own, as workers in different places have: an average of their percentiles is then far
from the percentile of all.
"""

import math
import os
import random

from locust import User, constant, events, task


@events.request.add_listener
def write_down(response_time, **_):
    path = os.path.join(os.environ["RAW_TIMES"], str(os.getpid()))
    with open(path, "a", encoding="ascii") as file:
        file.write(f"{response_time!r}\n")


class Known(User):
    wait_time = constant(0.02)

    def on_start(self):
        worker = self.environment.runner.worker_index
        self.median_ms = 2 * 1.8**worker
        self.spread = 0.2 + 0.1 * worker
        self.slow_share = 0.04 / (1 + worker)

    @task
    def answered(self):
        ms = random.lognormvariate(math.log(self.median_ms), self.spread)
        if random.random() < self.slow_share:
            ms *= 30
        self.environment.events.request.fire(
            request_type="GET", name="/known", response_time=ms, response_length=0, exception=None, context={}
        )
