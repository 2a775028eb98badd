"""Many workers in one process: to their master they are what Locust's workers with the plug-in are.

Each reports once a second, at a moment of its own, what Locust's statistics and the recorder make of its users'
requests. The requests are made up beforehand, a few seconds of them, and get the second in which they are sent.

    many_workers.py <port of the master> <number of workers> <requests a second of each>

Once all have been told to start it says `{"reporting": <n>}`, and in the end `{"sent": <requests>}`.
"""

import json
import random
import sys
import time
import uuid

import msgpack
import zmq

# First of all that opens connections: it makes them cooperative.
from locust import __version__
from locust.stats import RequestStats

from faultline_recorder.recording import Recording  # isort: skip
from faultline_recorder.worker import MESSAGE_FIELD  # isort: skip

ENDPOINTS = 10
TEMPLATES = 20
# As many of the sample's requests are writes that the ledger keeps.
MARKED_SHARE = 0.25
HEARTBEAT_SECONDS = 1.0


def one_second(requests):
    """A second of one worker: Locust's part of the report, and the recorder's."""
    stats, recording = RequestStats(), Recording()
    for _ in range(requests):
        name, ms = f"/endpoint/{random.randrange(ENDPOINTS)}", random.lognormvariate(2, 0.7)
        stats.log_request("GET", name, ms, 500)
        recording.on_request("GET", name, ms, 500)
        if random.random() < MARKED_SHARE:
            recording.add_ledger_entry(("transactions", str(uuid.uuid4()), time.time(), time.time(), "acked"))
    report = {"stats": stats.serialize_stats(), "stats_total": stats.total.get_stripped_report(), "errors": {}}
    return report, recording.take()


def as_of(template, now):
    """The same requests, as if they had ended now."""
    locust, recorded = template
    second = int(now)
    entries = [
        {**entry, "num_reqs_per_sec": {second: entry["num_requests"]}, "last_request_timestamp": now}
        for entry in [*locust["stats"], locust["stats_total"]]
    ]
    cells = [(second, *cell[1:]) for cell in recorded["cells"]]
    return {
        **locust,
        "stats": entries[:-1],
        "stats_total": entries[-1],
        MESSAGE_FIELD: {**recorded, "at": now, "cells": cells, "cpu": 0.1, "lagMs": 1.0},
    }


class FakeWorker:
    def __init__(self, context, port, number, count):
        self.id = f"worker-{number}"
        self.phase = number / count
        self.users = None
        self.beat_at = 0.0
        self.report_at = 0.0
        self.over = False
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.IDENTITY, self.id.encode())
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.connect(f"tcp://127.0.0.1:{port}")
        self.send("client_ready", __version__)

    def send(self, kind, data=None):
        self.socket.send(msgpack.dumps((kind, data, self.id)))

    def read(self):
        while self.socket.poll(0):
            kind, data, _ = msgpack.loads(self.socket.recv(), strict_map_key=False)
            if kind == "spawn":
                self.users = data["user_classes_count"]
                self.send("spawning")
                self.send("spawning_complete", self.counts())
            elif kind == "quit":
                self.send("quit")
                self.over = True

    def counts(self):
        return {"user_classes_count": self.users, "user_count": sum(self.users.values())}

    def step(self, now, templates):
        """Returns how many requests it has just reported."""
        if now >= self.beat_at:
            self.beat_at = now + HEARTBEAT_SECONDS
            self.send("heartbeat", {"state": "running" if self.users else "ready", "current_cpu_usage": 10.0})
        if self.users is None or now < self.report_at:
            return 0
        self.report_at = int(now) + 1 + self.phase
        report = as_of(random.choice(templates), now)
        self.send("stats", {**report, **self.counts()})
        return report["stats_total"]["num_requests"]


def main(port, count, requests):
    templates = [one_second(requests) for _ in range(TEMPLATES)]
    context = zmq.Context()
    context.set(zmq.MAX_SOCKETS, count + 16)
    workers = [FakeWorker(context, port, i, count) for i in range(count)]
    said, sent = False, 0
    while not all(w.over for w in workers):
        now = time.time()
        for worker in workers:
            worker.read()
            if not worker.over:
                sent += worker.step(now, templates)
        if not said and all(w.users for w in workers):
            said = True
            print(json.dumps({"reporting": count}), flush=True)
        time.sleep(0.01)
    print(json.dumps({"sent": sent}), flush=True)
    context.destroy(linger=3000)


main(*map(int, sys.argv[1:4]))
