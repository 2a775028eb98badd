"""MiniStack as it is, but for being asked what a caller may do, for signatures and for the times of schedules."""

import authorization  # noqa: F401
import schedules  # noqa: F401
import signatures  # noqa: F401
from ministack import app

app.main()
