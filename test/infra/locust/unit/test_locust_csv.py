import os
import tempfile
import unittest

from faultline_recorder import locust_csv
from locust import stats
from locust.env import Environment


class LastWriting(unittest.TestCase):
    def test_the_files_hold_what_was_counted_after_locust_last_wrote_them(self):
        original = stats.StatsCSVFileWriter.close_files
        self.addCleanup(setattr, stats.StatsCSVFileWriter, "close_files", original)
        locust_csv.write_files_a_last_time()
        environment = Environment()
        with tempfile.TemporaryDirectory() as folder:
            prefix = os.path.join(folder, "locust")
            writer = stats.StatsCSVFileWriter(environment, stats.PERCENTILES_TO_REPORT, prefix)
            writer.requests_csv_filehandle.write("what Locust wrote a second ago, and longer than that\n" * 100)
            environment.stats.log_request("GET", "/", 12.0, 100)
            environment.stats.log_error("GET", "/", "trouble")
            writer.close_files()
            with open(f"{prefix}_stats.csv") as file:
                written = file.read()
            self.assertRegex(written, r"^Type,Name,Request Count[^\n]*\nGET,/,1,1,[^\n]*\n,Aggregated,1,1,[^\n]*\n$")
            with open(f"{prefix}_failures.csv") as file:
                self.assertRegex(file.read(), r"\nGET,/,trouble,1,")
            self.assertEqual(written.split(), locust_csv.stats_csv(environment).split())
