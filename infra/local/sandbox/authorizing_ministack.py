"""MiniStack as it is, but for being asked what a caller may do."""

import authorization  # noqa: F401
from ministack import app

app.main()
