import json
import unittest
from unittest import mock

import schedules
from ministack.services import eventbridge, scheduler

NOW = 1_800_000_000.7
KEY = ("000000000000", "us-east-1", "faultline/nightly")


class Sweep(unittest.TestCase):
    """What the emulator's own dispatch is given, sweep by sweep."""

    def setUp(self):
        self.addCleanup(scheduler._schedules._data.clear)
        self.addCleanup(schedules.seen.clear)
        self.now = NOW
        self.delivered = []
        take = lambda target, event, rule: self.delivered.append(json.loads(target["Input"]))
        for patch in (
            mock.patch.object(eventbridge, "_invoke_target", take),
            mock.patch.object(schedules.time, "time", lambda: self.now),
        ):
            patch.start()
            self.addCleanup(patch.stop)

    def schedule(self, expression="rate(1 minute)", **changes):
        text = {"schedule": "nightly", "scheduledTime": "<aws.scheduler.scheduled-time>"}
        scheduler._schedules._data[KEY] = {
            "Arn": "arn:aws:scheduler:us-east-1:000000000000:schedule/faultline/nightly",
            "ScheduleExpression": expression,
            "ScheduleExpressionTimezone": "UTC",
            "State": "ENABLED",
            "CreationDate": self.now,
            "Target": {"Arn": "arn:aws:states:::x", "Input": json.dumps(text)},
            **changes,
        }
        return scheduler._schedules._data[KEY]

    def sweeps(self, seconds):
        for _ in range(seconds // 10):
            scheduler._tick_schedules()
            self.now += 10.1
        return [d["scheduledTime"] for d in self.delivered]

    def test_fills_in_the_scheduled_time_and_delivers_each_once(self):
        self.schedule()
        self.assertEqual(self.sweeps(120), ["2027-01-15T08:00:00Z", "2027-01-15T08:01:00Z"])

    def test_fills_in_every_keyword(self):
        names = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number"]
        self.schedule()["Target"]["Input"] = json.dumps({n: f"<aws.scheduler.{n}>" for n in names})
        scheduler._tick_schedules()
        [given] = self.delivered
        self.assertEqual(given["schedule-arn"], "arn:aws:scheduler:us-east-1:000000000000:schedule/faultline/nightly")
        self.assertEqual((given["scheduled-time"], given["attempt-number"]), ("2027-01-15T08:00:00Z", "1"))
        self.assertRegex(given["execution-id"], r"^[0-9a-f-]{36}$")

    def test_makes_up_for_nothing_that_came_in_a_pause(self):
        schedule = self.schedule(State="DISABLED")
        self.assertEqual(self.sweeps(90), [])
        schedule["State"] = "ENABLED"
        self.assertEqual(self.sweeps(40), ["2027-01-15T08:02:00Z"])

    def test_a_new_schedule_of_an_old_name_owes_nothing_to_the_old_one(self):
        self.schedule("at(2027-01-15T08:00:05)")
        self.assertEqual(self.sweeps(20), ["2027-01-15T08:00:05Z"])
        self.schedule("at(2027-01-15T08:00:05)")
        self.assertEqual(len(self.sweeps(20)), 1)

    def test_forgets_one_that_is_over_where_it_says_so(self):
        self.schedule("at(2027-01-15T08:00:05)", ActionAfterCompletion="DELETE")
        self.assertEqual(self.sweeps(40), ["2027-01-15T08:00:05Z"])
        self.assertEqual(dict(scheduler._schedules._data), {})

    def test_one_that_cannot_be_read_does_not_keep_the_others_from_being_delivered(self):
        good = self.schedule()
        scheduler._schedules._data[("000000000000", "us-east-1", "faultline/bad")] = {
            **good,
            "ScheduleExpression": "at(2027-01-15T08:00:05)",
            "ScheduleExpressionTimezone": "No/Where",
        }
        with self.assertLogs("scheduler", "ERROR"):
            self.assertEqual(self.sweeps(10), ["2027-01-15T08:00:00Z"])

    def test_what_is_older_than_its_longest_age_is_not_delivered_any_more(self):
        policy = {"MaximumEventAgeInSeconds": 300}
        target = {"Arn": "arn:aws:states:::x", "Input": "{}", "RetryPolicy": policy}
        self.schedule("at(2027-01-15T08:00:05)", CreationDate=NOW - 900, Target=target)
        self.now += 400
        self.assertEqual(self.sweeps(20), [])


if __name__ == "__main__":
    unittest.main()
