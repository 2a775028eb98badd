import unittest
from types import SimpleNamespace

from faultline_recorder.clocks import ANSWER, QUESTION, Clocks, answer_on, distance
from faultline_recorder.generator_report import Generator, Totals


class Node:
    """A runner whose messages arrive at the other one."""

    def __init__(self):
        self.listeners, self.other, self.delay = {}, None, lambda: None

    def register_message(self, kind, listener):
        self.listeners[kind] = listener

    def send_message(self, kind, data, _client_id=None):
        self.delay()
        self.other.listeners[kind](environment=None, msg=SimpleNamespace(data=data, node_id="w1"))


class ClockDistances(unittest.TestCase):
    def setUp(self):
        self.now = 100.0
        self.way = [0.0, 0.0]
        master, worker = Node(), Node()
        master.other, worker.other = worker, master
        master.delay, worker.delay = (lambda: self.travel(0)), (lambda: self.travel(1))
        self.clocks = Clocks(master, clock=lambda: self.now)
        self.ahead = 0.0
        answer_on(worker, clock=lambda: self.now + self.ahead)

    def travel(self, direction):
        self.now += self.way[direction]

    def exchange(self, there, back, ahead):
        self.way, self.ahead = [there, back], ahead
        self.clocks.ask("w1")
        return self.clocks.of("w1")

    def test_a_clock_that_is_ahead_is_found_to_be_whatever_the_way_takes(self):
        for there, back in ((0.01, 0.01), (0.0, 0.02), (0.3, 0.05)):
            seen = distance(100.0, 100.0 + there + 3.0, 100.0 + there + back)
            self.assertLessEqual(abs(seen.offset - 3.0), seen.uncertainty + 1e-9)

    def test_the_quickest_exchange_stands(self):
        self.exchange(0.2, 0.0, ahead=0.5)
        best = self.exchange(0.001, 0.001, ahead=0.5)
        self.assertAlmostEqual(best.offset, 0.5)
        self.assertEqual(self.exchange(0.5, 0.0, ahead=0.5), best)

    def test_a_clock_that_was_set_back_on_the_way_says_nothing(self):
        self.assertIsNone(self.exchange(-5.0, 0.0, ahead=0.0))

    def test_a_worker_that_has_not_answered_has_no_clock(self):
        self.assertIsNone(self.clocks.of("w2"))

    def test_the_names_of_the_messages_are_the_recorders_own(self):
        self.assertTrue(QUESTION.startswith("faultline_") and ANSWER.startswith("faultline_"))


class Reports(unittest.TestCase):
    def test_the_longest_silence_of_a_worker_and_its_clock_are_in_the_report(self):
        generator = Generator(expected_workers=1)
        for at in (10.0, 11.0, 15.5, 16.5):
            generator.worker("w1").add(0.2, 3.0, at)
        (worker,) = generator.report(Totals(), {}, lambda _: distance(1.0, 1.251, 1.002))["workers"]
        self.assertAlmostEqual(worker["silenceMaxMs"], 4500)
        self.assertAlmostEqual(worker["clock"]["offsetMs"], 250)
        self.assertAlmostEqual(worker["clock"]["uncertaintyMs"], 1)
        (silent,) = generator.report(Totals(), {}, lambda _: None)["workers"]
        self.assertIsNone(silent["clock"])
