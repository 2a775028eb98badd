"""Locust's own statistics as its CSV files have them."""

import csv
import io

from locust import stats
from locust.env import Environment


def stats_csv(environment: Environment) -> str:
    return _text(lambda writer: _csv(environment).requests_csv(writer))


def failures_csv(environment: Environment) -> str:
    return _text(lambda writer: _csv(environment).failures_csv(writer))


def write_files_a_last_time() -> None:
    """Locust writes its CSV files once a second and not at the end, so they may miss the last second's requests."""
    close = stats.StatsCSVFileWriter.close_files

    def close_files(self: stats.StatsCSVFileWriter) -> None:
        for file, write in (
            (self.requests_csv_filehandle, lambda: self.requests_csv(self.requests_csv_writer)),
            (self.failures_csv_filehandle, lambda: self.failures_csv(self.failures_csv_writer)),
        ):
            file.seek(0)
            file.truncate()
            write()
        close(self)

    stats.StatsCSVFileWriter.close_files = close_files


def _csv(environment: Environment) -> stats.StatsCSV:
    return stats.StatsCSV(environment, stats.PERCENTILES_TO_REPORT)


def _text(write) -> str:
    text = io.StringIO()
    write(csv.writer(text))
    return text.getvalue()
