"""EventBridge Scheduler as AWS has it, where MiniStack's own differs.

MiniStack reads all times in UTC, begins a rate with its first period, and hands a target's input on as it stands. This
takes the place of its sweep: it finds what is due in the schedule's time zone, and fills in the keywords of
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html, by which what is started
knows its scheduled time. How a target is started stays MiniStack's.
"""

import logging
import time
from datetime import datetime, timezone

import occurrences
from ministack.core.responses import get_account_id, get_region, new_uuid, set_request_account_id, set_request_region
from ministack.services import eventbridge, scheduler

logger = logging.getLogger("scheduler")

# AWS's own default of MaximumEventAgeInSeconds.
LONGEST_AGE_SECONDS = 86_400

# (account, region, "group/name") -> (creation, time up to which it has been looked at). A schedule that is not in here is
# new, or was there before the emulator began: what it owes may be delivered again, as AWS's may.
seen: dict = {}


def sweep() -> None:
    now = time.time()
    own = get_account_id(), get_region()
    try:
        for key, schedule in list(scheduler._schedules._data.items()):
            try:
                look_at(key, schedule, now)
            except Exception:
                # The others are due all the same.
                logger.exception("schedule %s could not be delivered", key[2])
    finally:
        set_request_account_id(own[0])
        set_request_region(own[1])


def look_at(key: tuple, schedule: dict, now: float) -> None:
    after = looked_at_until(key, schedule, now)
    seen[key] = schedule["CreationDate"], now
    end = scheduler._to_epoch(schedule.get("EndDate"))
    at = due(schedule, after, now if end is None else min(now, end))
    if at is not None:
        deliver(key, schedule, at)
    is_over = (end is not None and now > end) or (at is not None and schedule["ScheduleExpression"].startswith("at("))
    if is_over and schedule.get("ActionAfterCompletion") == "DELETE":
        scheduler._schedules._data.pop(key, None)


def due(schedule: dict, after: float, until: float) -> float | None:
    """The latest time in (after, until] at which it is due. What comes while it is paused is never made up for."""
    if schedule["State"] != "ENABLED":
        return None
    start = scheduler._to_epoch(schedule.get("StartDate"))
    begins = schedule["CreationDate"] if start is None else start
    zone = schedule["ScheduleExpressionTimezone"]
    return occurrences.latest(schedule["ScheduleExpression"], zone, begins, after, until)


def looked_at_until(key: tuple, schedule: dict, now: float) -> float:
    created, until = seen.get(key, (None, None))
    if created == schedule["CreationDate"]:
        return until
    policy = (schedule.get("Target") or {}).get("RetryPolicy") or {}
    longest = policy.get("MaximumEventAgeInSeconds", LONGEST_AGE_SECONDS)
    # The creation itself is a rate's first time.
    return max(schedule["CreationDate"] - 1, now - longest)


def deliver(key: tuple, schedule: dict, at: float) -> None:
    account, region, _ = key
    set_request_account_id(account)
    set_request_region(region)
    target = dict(schedule["Target"])
    attributes = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": datetime.fromtimestamp(int(at), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": new_uuid(),
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        if "Input" in target:
            target["Input"] = target["Input"].replace(f"<aws.scheduler.{name}>", value)
    event = {
        "EventId": new_uuid(),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": at,
        "Resources": [schedule["Arn"]],
        "Account": account,
        "Region": region,
    }
    eventbridge._invoke_target(target, event, schedule)


scheduler._tick_schedules = sweep
