"""The JSON of lambdas/evidence: Window, WindowSummary, LedgerEntry."""

from typing import Any

from .histogram import Buckets, add, encode, percentiles_ms
from .ledger import Entry
from .timeline import Second


def window(second: Second) -> dict[str, Any]:
    return {
        "t": second.t,
        "users": second.users,
        "cells": [
            {"endpoint": endpoint, "outcome": outcome, "count": cell.count, "histogram": encode(cell.buckets)}
            for (endpoint, outcome), cell in sorted(second.cells.items())
        ],
        "retryAfter": second.retry_after,
        "errorSamples": second.samples.kept,
        **_paced(second),
    }


def _paced(second: Second) -> dict[str, Any]:
    """Nothing where no paced user's request ended."""
    intended = second.intended
    if not intended.buckets:
        return {}
    return {"paced": {"missed": intended.missed, "histogram": encode(intended.buckets)}}


def summary(second: Second) -> dict[str, Any]:
    everything: Buckets = {}
    for cell in second.cells.values():
        add(everything, cell.buckets)
    p50, p95, p99 = percentiles_ms(everything, (50, 95, 99))
    return {
        "t": second.t,
        "users": second.users,
        "workers": second.workers,
        "requests": second.requests,
        "failures": second.failures,
        "p50Ms": p50,
        "p95Ms": p95,
        "p99Ms": p99,
    }


def ledger_entry(entry: Entry) -> dict[str, Any]:
    data_class, key, intent, ack, outcome = entry
    return {"class": data_class, "key": key, "intent": intent, "ack": ack, "outcome": outcome}
