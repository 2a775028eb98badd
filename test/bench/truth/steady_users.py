"""Users who ask once a second, each at a phase of its own, and wait for no answer longer than two seconds."""

import random
import time

from locust import HttpUser, constant_pacing, task


class Steady(HttpUser):
    wait_time = constant_pacing(1)

    def on_start(self):
        time.sleep(random.random())

    @task
    def ask(self):
        self.client.get("/", timeout=2)
