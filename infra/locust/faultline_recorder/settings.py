"""The plug-in's configuration: environment variables, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


class BadSettings(Exception):
    """The environment is not usable; the message is one line."""


@dataclass(frozen=True)
class Settings:
    """Without a table and bucket, and without a folder (`out`), nothing is written."""

    run_id: str
    table: str | None
    bucket: str | None
    out: str | None
    expected_workers: int
    max_seconds: int | None

    @property
    def writes(self) -> bool:
        return self.out is not None or self.bucket is not None


def read_settings(env: Mapping[str, str]) -> Settings:
    """Raises BadSettings. An empty variable counts as unset."""
    given = {name: value for name, value in env.items() if value}
    table, bucket, out = (given.get(f"FAULTLINE_{name}") for name in ("TABLE", "BUCKET", "OUT"))
    if (table is None) != (bucket is None):
        raise BadSettings("faultline: FAULTLINE_TABLE and FAULTLINE_BUCKET belong together; only one of them is set")
    run_id = given.get("FAULTLINE_RUN_ID")
    if run_id is None and (table or out):
        raise BadSettings("faultline: FAULTLINE_RUN_ID is not set")
    if run_id is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]{2,63}", run_id):
        raise BadSettings(f"faultline: FAULTLINE_RUN_ID {run_id!r} is not 3 to 64 of a-z, 0-9 and '-'")
    return Settings(
        run_id=run_id or "",
        table=table,
        bucket=bucket,
        out=None if table else out,
        expected_workers=_whole(given, "FAULTLINE_EXPECTED_WORKERS") or 0,
        max_seconds=_whole(given, "FAULTLINE_MAX_SECONDS"),
    )


def _whole(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[1-9]\d{0,6}", text):
        raise BadSettings(f"faultline: {name} {text!r} is not a whole number from 1 to 9999999")
    return int(text)
