import unittest

from faultline_recorder.recording import Recording


class Recordings(unittest.TestCase):
    def setUp(self):
        self.now = 100.5
        self.recording = Recording(clock=lambda: self.now)

    def record(self, ms=10.0, **more):
        self.recording.on_request("GET", "/", ms, 0, **more)

    def cells(self):
        return self.recording.take()["cells"]

    def test_a_request_counts_in_the_second_in_which_it_ended(self):
        self.now = 101.2
        self.record(ms=500, start_time=100.4)
        self.record(ms=500, start_time=100.6)
        self.assertEqual([c[0] for c in self.cells()], [100, 101])

    def test_a_start_time_that_cannot_be_true_is_not_believed(self):
        self.record(ms=10, start_time=5000.0)
        self.record(ms=10, start_time=1.0)
        self.assertEqual([(c[0], c[3]) for c in self.cells()], [(100, 2)])

    def test_a_request_without_a_response_time_is_counted_though_no_histogram_can_hold_it(self):
        self.record(ms=None)
        ((_, endpoint, outcome, count, buckets),) = self.cells()
        self.assertEqual((endpoint, outcome, count, buckets), ("GET /", "ok", 1, {}))

    def test_everything_is_reported_once(self):
        self.record()
        self.recording.add_ledger_entry(("users", "1", 1.0, 2.0, "acked"))
        first = self.recording.take()
        self.assertEqual((len(first["cells"]), len(first["ledger"])), (1, 1))
        second = self.recording.take()
        self.assertEqual((second["cells"], second["ledger"]), ([], []))

    def test_arguments_that_locust_does_not_count_are_not_counted_either(self):
        with self.assertRaises(TypeError):
            self.recording.on_request("GET", "/", 10.0)
