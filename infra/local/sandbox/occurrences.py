"""When EventBridge Scheduler's expressions are due, in the schedule's own time zone.

As AWS has it (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html): a rate's first time is the
schedule's beginning; a time that the clock skips when it is put forward is skipped, and one that comes twice when it is
put back is due once.
"""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from ministack.services.eventbridge import _cron_next_fire, _parse_cron_fields, _parse_rate_seconds


def latest(expression: str, zone: str, begins: float, after: float, until: float) -> float | None:
    """The latest time in (after, until] at which the expression is due, in epoch seconds; None where there is none.

    `begins` is the schedule's StartDate, or its creation. Raises ZoneInfoNotFoundError for a zone that this machine does
    not know.
    """
    seconds = _parse_rate_seconds(expression)
    if seconds is not None:
        at = begins + (until - begins) // seconds * seconds
        return at if at >= begins and after < at <= until else None
    clock = timezone.utc if zone == "UTC" else ZoneInfo(zone)
    if expression.startswith("at("):
        at = datetime.fromisoformat(expression[3:-1]).replace(tzinfo=clock).timestamp()
        return at if after < at <= until else None
    return latest_of_cron(_parse_cron_fields(expression), clock, max(after, begins), until)


def latest_of_cron(fields, clock, after: float, until: float) -> float | None:
    found = None
    wall = datetime.fromtimestamp(after, clock)
    while fields is not None:
        wall = _cron_next_fire(fields, wall)
        if wall is None or wall.timestamp() > until:
            return found
        if wall.timestamp() > after and is_on_the_clock(wall):
            found = wall.timestamp()
    return None


def is_on_the_clock(wall: datetime) -> bool:
    shown = datetime.fromtimestamp(wall.timestamp(), wall.tzinfo)
    return shown.replace(tzinfo=None) == wall.replace(tzinfo=None)
