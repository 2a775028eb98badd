"""MiniStack as it is, but for who may do what (a question, signatures, wildcards) and for the times of schedules."""

import authorization  # noqa: F401
import schedules  # noqa: F401
import signatures  # noqa: F401
import wildcards  # noqa: F401
from ministack import app

app.main()
