import random
import time
import unittest
from unittest import mock

import gevent
from faultline_recorder.histogram import bucket_of_ms
from faultline_recorder.pacing import Pacing, beats, pace_of
from faultline_recorder.recording import Recording
from faultline_recorder.timeline import Timeline
from locust import TaskSet, User, between, constant, constant_pacing, constant_throughput, task
from locust.env import Environment
from locust.user import wait_time as locust_wait_time


class Beats(unittest.TestCase):
    def found(self, **times):
        found = beats(**times)
        return round(found.intended, 6), [round(seconds, 6) for seconds in found.missed]

    def test_a_task_that_ends_in_time_misses_nothing_and_the_next_is_meant_for_the_next_beat(self):
        self.assertEqual(self.found(begun=10.0, freed=10.4, wait=0.6, pace=1.0), (11.0, []))

    def test_one_that_takes_longer_than_the_pace_makes_the_next_late(self):
        self.assertEqual(self.found(begun=10.0, freed=11.3, wait=0, pace=1.0), (11.0, []))

    def test_beats_that_pass_meanwhile_are_missed_but_for_the_last_for_which_the_next_is_late(self):
        self.assertEqual(self.found(begun=10.0, freed=13.4, wait=0, pace=1.0), (13.0, [2.4, 1.4]))

    def test_a_user_that_comes_back_on_its_beat_has_missed_the_last_one_too(self):
        self.assertEqual(self.found(begun=10.0, freed=13.4, wait=0.6, pace=1.0), (14.0, [2.4, 1.4, 0.4]))

    def test_a_stall_is_met_by_as_many_as_an_open_load_would_have_sent_each_as_long_as_it_lasted_for_it(self):
        for _ in range(200):
            pace, stall = random.uniform(0.1, 2), random.uniform(0, 20)
            begun = random.uniform(0, pace)
            freed = max(begun, stall)
            wait = max(0.0, begun + pace - freed)
            found = beats(begun, freed, wait, pace)
            waits = sorted(w for w in [stall - begun, *found.missed, stall - found.intended] if w > 0)
            truth = sorted(w for n in range(300) if (w := stall - begun - n * pace) > 0)
            self.assertEqual(len(waits), len(truth))
            for waited, wanted in zip(waits, truth, strict=True):
                self.assertAlmostEqual(waited, wanted)


class Clock:
    """Moves only when somebody sleeps."""

    def __init__(self):
        self.now = time.perf_counter()

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


class Users(unittest.TestCase):
    """Users of Locust itself, with a pace of a second, whose fifth task takes 3.4 s."""

    sleep = staticmethod(TaskSet._sleep)

    def tearDown(self):
        TaskSet._sleep = self.sleep

    def seen(self, kind):
        clock, missed, taken = Clock(), [], []
        TaskSet._sleep = lambda _tasks, seconds: clock.sleep(seconds)
        pacing = Pacing(lambda _at, waited: missed.extend(waited), clock)
        pacing.watch()

        class Stalled(kind):
            @task
            def ask(self):
                taken.append(pacing.take_lateness())
                clock.sleep(3.4 if len(taken) == 5 else 0.1)
                self.assert_later_requests_are_not_late()
                if len(taken) == 8:
                    self.stop()

            def assert_later_requests_are_not_late(self):
                assert pacing.take_lateness() in (0.0, None)

        with (
            mock.patch("locust.user.wait_time.perf_counter", clock),
            mock.patch("locust.user.task.perf_counter", clock),
        ):
            Stalled(Environment(user_classes=[Stalled])).start(gevent.pool.Group()).join(timeout=10)
        self.assertEqual(len(taken), 8)
        rounded = [None if late is None else round(late, 3) for late in taken]
        return rounded, [round(seconds, 3) for seconds in missed]

    def test_users_of_an_unmodified_file_are_paced_by_locusts_own_functions(self):
        for wait_time in (constant_pacing(1), constant_throughput(1)):
            kind = type("Paced", (User,), {"abstract": True, "wait_time": wait_time})
            late, missed = self.seen(kind)
            self.assertEqual(missed, [2.4, 1.4])
            # nothing says before the first wait what the pace counts from, and afterwards it counts from the late start
            self.assertEqual(late, [None, 0, 0, 0, 0, 0.4, 0, 0])

    def test_a_file_with_a_schedule_of_its_own_says_its_pace(self):
        clock_of = self

        class OnBeat(User):
            abstract = True
            pace_seconds = 1.0

            def wait_time(self):
                now = locust_wait_time.perf_counter()
                clock_of.start = getattr(clock_of, "start", now)
                return 1 - (now - clock_of.start) % 1

        late, missed = self.seen(OnBeat)
        self.assertEqual(missed, [2.4, 1.4, 0.4])
        self.assertEqual(late, [None, 0, 0, 0, 0, 0, 0, 0])

    def test_a_task_sets_own_pace_goes_before_its_users(self):
        class Tasks(TaskSet):
            wait_time = constant_pacing(2)

        kind = type("Both", (User,), {"abstract": True, "wait_time": constant_pacing(1), "tasks": [Tasks]})
        self.assertEqual(pace_of(Tasks(kind(Environment(user_classes=[])))), 2)

    def test_users_who_just_wait_have_no_intended_start(self):
        for wait_time in (constant(1), between(1, 2)):
            kind = type("Waiting", (User,), {"abstract": True, "wait_time": wait_time})
            self.assertEqual(self.seen(kind), ([None] * 8, []))

    def test_what_a_pace_finds_travels_to_the_seconds_of_the_master(self):
        recording = Recording(clock=lambda: 100.5, lateness=lambda: 0.25)
        recording.on_request("GET", "/", 10.0, 0)
        recording.on_missed(100.9, [2.0, 1.0])
        timeline = Timeline()
        timeline.begin(100)
        timeline.add("a", 1, {**recording.take(), "at": 101.2})
        of_another = {**recording.take(), "at": 101.2, "intended": [(100, 1, {5: 1})]}
        timeline.add("b", 1, of_another)
        (second,) = timeline.due(101.5, ["a", "b"])
        self.assertEqual(second.requests, 1)
        self.assertEqual(second.intended.missed, 3)
        wanted = {bucket_of_ms(260): 1, bucket_of_ms(2000): 1, bucket_of_ms(1000): 1, 5: 1}
        self.assertEqual(second.intended.buckets, wanted)


