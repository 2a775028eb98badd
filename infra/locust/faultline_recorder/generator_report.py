"""What the load generator says of itself when it ends: GeneratorReport of lambdas/evidence/window.ts."""

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from .clocks import Distance


@dataclass
class ProcessHealth:
    reports: int = 0
    cpu_max: float = 0.0
    cpu_sum: float = 0.0
    cpu_samples: int = 0
    lag_max_ms: float = 0.0
    heard_at: float | None = None
    silence_max: float = 0.0
    """The longest time between two reports, by the master's clock. Seconds."""

    def add(self, cpu: float | None, lag_ms: float, at: float) -> None:
        self.reports += 1
        if self.heard_at is not None:
            self.silence_max = max(self.silence_max, at - self.heard_at)
        self.heard_at = at
        self.lag_max_ms = max(self.lag_max_ms, lag_ms)
        if cpu is not None:
            self.cpu_max = max(self.cpu_max, cpu)
            self.cpu_sum += cpu
            self.cpu_samples += 1

    @property
    def cpu_mean(self) -> float:
        return self.cpu_sum / self.cpu_samples if self.cpu_samples else 0.0


@dataclass
class Totals:
    requests: int = 0
    failures: int = 0

    def as_json(self) -> dict[str, int]:
        return {"requests": self.requests, "failures": self.failures}


@dataclass
class Generator:
    expected_workers: int
    workers: dict[str, ProcessHealth] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    master: ProcessHealth = field(default_factory=ProcessHealth)
    windows: Totals = field(default_factory=Totals)

    def worker(self, worker_id: str) -> ProcessHealth:
        return self.workers.setdefault(worker_id, ProcessHealth())

    def report(
        self, locust: Totals, delivery: dict[str, Any], clock: Callable[[str], Distance | None]
    ) -> dict[str, Any]:
        return {
            "expectedWorkers": self.expected_workers,
            "workers": [
                {
                    "id": worker_id,
                    "reports": w.reports,
                    "cpuMax": w.cpu_max,
                    "cpuMean": w.cpu_mean,
                    "lagMaxMs": w.lag_max_ms,
                    "silenceMaxMs": w.silence_max * 1000,
                    "clock": _clock(clock(worker_id)),
                }
                for worker_id, w in sorted(self.workers.items())
            ],
            "lostWorkers": sorted(self.lost),
            "master": {
                "cpuMax": self.master.cpu_max,
                "cpuMean": self.master.cpu_mean,
                "lagMaxMs": self.master.lag_max_ms,
            },
            "locust": locust.as_json(),
            "windows": self.windows.as_json(),
            "versions": versions(),
            "delivery": delivery,
        }


def _clock(distance: Distance | None) -> dict[str, float] | None:
    return distance and {"offsetMs": distance.offset * 1000, "uncertaintyMs": distance.uncertainty * 1000}


def versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("locust", "gevent", "hdrhistogram")}
    return {"python": platform.python_version(), **packages}
