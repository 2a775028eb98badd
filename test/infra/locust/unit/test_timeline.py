import unittest

from faultline_recorder.timeline import Timeline


def report(at, *cells, retry_after=None, samples=None, intended=()):
    return {
        "at": at,
        "cells": cells,
        "intended": intended,
        "retryAfter": retry_after or {},
        "errorSamples": samples or {},
    }


def ok(t, count=1):
    return (t, "GET /", "ok", count, {1000: count})


class Seconds(unittest.TestCase):
    def setUp(self):
        self.timeline = Timeline()
        self.timeline.begin(100)

    def closed(self, now, live):
        return [second.t for second in self.timeline.due(now, live)]

    def test_a_second_closes_when_every_live_worker_has_reported_past_it(self):
        self.timeline.add("a", 10, report(101.4, ok(100)))
        self.assertEqual(self.closed(101.5, ["a", "b"]), [])
        self.timeline.add("b", 10, report(101.6, ok(100)))
        (second,) = self.timeline.due(101.7, ["a", "b"])
        self.assertEqual((second.t, second.users, second.workers, second.requests), (100, 20, 2, 2))

    def test_a_worker_that_does_not_report_holds_a_second_up_for_three_and_no_longer(self):
        self.timeline.add("a", 10, report(102.9, ok(100)))
        self.assertEqual(self.closed(102.99, ["a", "b"]), [])
        (second,) = self.timeline.due(103.0, ["a", "b"])
        self.assertEqual((second.t, second.workers), (100, 1))

    def test_a_lost_worker_holds_nothing_up(self):
        self.timeline.add("b", 10, report(99.9))
        self.timeline.add("a", 10, report(101.2, ok(100)))
        self.assertEqual(self.closed(101.3, ["a"]), [100])

    def test_late_records_become_another_slice_of_their_second(self):
        self.timeline.add("a", 7, report(104.0, ok(100, 5)))
        self.assertEqual(self.closed(103.5, ["a"]), [100, 101, 102, 103])
        self.assertEqual(self.timeline.late(), [])
        self.timeline.add("b", 3, report(104.2, ok(101, 2)))
        (late,) = self.timeline.late()
        self.assertEqual((late.t, late.users, late.requests), (101, 7, 2))
        self.assertEqual(self.timeline.late(), [])

    def test_seconds_without_requests_are_closed_too(self):
        self.timeline.add("a", 1, report(103.1))
        self.assertEqual(self.closed(103.2, ["a"]), [100, 101, 102])

    def test_at_the_end_the_unfinished_second_comes_out_as_well(self):
        self.timeline.add("a", 1, report(102.5, ok(100), ok(102)))
        self.assertEqual([s.t for s in self.timeline.rest([])], [100, 101, 102])

    def test_what_came_before_the_test_is_dropped(self):
        self.timeline.add("a", 1, report(100.5, ok(100)))
        self.timeline.begin(100)
        self.assertEqual([s.requests for s in self.timeline.due(103, ["a"])], [0])

    def test_error_samples_of_several_workers_are_three_of_as_many_kinds_as_there_were(self):
        def sample(outcome):
            return {"outcome": outcome, "status": 0}

        self.timeline.add("a", 1, report(101, samples={100: [sample("timeout")] * 3}))
        others = [sample("connection"), sample("other"), sample("timeout")]
        self.timeline.add("b", 1, report(101, samples={100: others}))
        (second,) = self.timeline.due(101, ["a", "b"])
        self.assertEqual(sorted(s["outcome"] for s in second.samples.kept), ["connection", "other", "timeout"])
