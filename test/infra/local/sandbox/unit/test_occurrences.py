import unittest
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from occurrences import latest

BEGINS = datetime(2027, 1, 1, tzinfo=timezone.utc).timestamp()


def at(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def times(expression, zone, after, until, step=10, begins=BEGINS):
    """What somebody is told who looks every few seconds, as the wall clock of the zone shows it."""
    found, seen = [], after
    while seen < until:
        due = latest(expression, zone, begins, seen, seen + step)
        if due is not None:
            found.append(datetime.fromtimestamp(due, ZoneInfo(zone)).strftime("%d %H:%M:%S%z"))
        seen += step
    return found


class Rate(unittest.TestCase):
    def test_begins_at_once_and_is_due_each_period_of_its_beginning(self):
        found = times("rate(1 minute)", "UTC", BEGINS - 1, BEGINS + 150)
        self.assertEqual(found, ["01 00:00:00+0000", "01 00:01:00+0000", "01 00:02:00+0000"])

    def test_after_a_long_while_is_due_once_at_its_latest_time(self):
        self.assertEqual(latest("rate(2 hours)", "UTC", BEGINS, BEGINS - 1, BEGINS + 7201), BEGINS + 7200)

    def test_is_not_due_before_it_begins(self):
        self.assertIsNone(latest("rate(1 day)", "UTC", BEGINS, BEGINS - 900, BEGINS - 1))


class OneTime(unittest.TestCase):
    def test_is_in_the_zone_of_the_schedule(self):
        found = times("at(2027-03-01T09:00:00)", "Asia/Tokyo", at("2027-02-28T23:59:00"), at("2027-03-01T00:01:00"))
        self.assertEqual(found, ["01 09:00:00+0900"])


class Cron(unittest.TestCase):
    def test_is_in_the_zone_of_the_schedule_in_summer_and_in_winter(self):
        for day, offset in ("2027-07-05", "+0200"), ("2027-12-06", "+0100"):
            noon = at(f"{day}T12:00:00")
            found = times("cron(0 9 ? * MON *)", "Europe/Berlin", noon - 12 * 3600, noon, step=60)
            self.assertEqual(found, [f"{day[-2:]} 09:00:00{offset}"])

    def test_is_skipped_where_the_clock_skips_its_time(self):
        before, after = at("2027-03-28T00:30:00"), at("2027-03-28T02:30:00")
        found = times("cron(30 2 * * ? *)", "Europe/Berlin", before, after)
        self.assertEqual(found, [])

    def test_is_due_once_where_its_time_comes_twice(self):
        before, after = at("2027-10-30T23:00:00"), at("2027-10-31T02:30:00")
        found = times("cron(30 2 * * ? *)", "Europe/Berlin", before, after)
        self.assertEqual(found, ["31 02:30:00+0200"])

    def test_is_not_due_for_what_was_before_the_schedule(self):
        self.assertIsNone(latest("cron(0 0 1 1 ? *)", "UTC", BEGINS + 5, BEGINS - 3600, BEGINS + 60))


if __name__ == "__main__":
    unittest.main()
