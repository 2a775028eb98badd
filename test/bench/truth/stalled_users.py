"""Users who ask five times a second, and beside each one an open load: a request on every beat, whatever became of the others.

The open load's response times are written down as they are, and are in no statistics of Locust.
"""

import os
import random
import time

import gevent
import requests

from locust import HttpUser, constant_pacing, task

PACE = 0.2


class Paced(HttpUser):
    wait_time = constant_pacing(PACE)
    has_phase = False
    shadow = None

    def on_stop(self):
        if self.shadow:
            self.shadow.kill()

    @task
    def ask(self):
        if not self.has_phase:
            # Locust counts the pace from a user's creation, unless a task takes longer than it: then from its end.
            self.has_phase = True
            gevent.sleep(PACE * (1 + random.random()))
            return
        if self.shadow is None:
            self.shadow = gevent.spawn(self.ask_on_every_beat, time.perf_counter())
        self.client.get("/")

    def ask_on_every_beat(self, beat):
        while True:
            beat += PACE
            gevent.sleep(max(0, beat - time.perf_counter()))
            gevent.spawn(self.ask_once, beat)

    def ask_once(self, beat):
        # On a connection of its own: none waits for another.
        requests.get(self.host + "/", timeout=60)
        milliseconds = (time.perf_counter() - beat) * 1000
        path = os.path.join(os.environ["RAW_TIMES"], str(os.getpid()))
        with open(path, "a", encoding="ascii") as file:
            file.write(f"{milliseconds!r}\n")
