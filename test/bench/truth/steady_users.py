"""Users who ask once a second, each at a phase of its own, and wait for no answer longer than two seconds."""

import random
import time

from locust import HttpUser, task


class Steady(HttpUser):
    def on_start(self):
        # Not constant_pacing: it counts from a user's creation, so users who spawn together would ask together.
        self.phase = random.random()
        time.sleep(self.wait_time())

    def wait_time(self):
        """Until the next beat."""
        return 1 - (time.monotonic() - self.phase) % 1

    @task
    def ask(self):
        self.client.get("/", timeout=2)
