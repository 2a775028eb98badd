import unittest

import wildcards  # noqa: F401
from ministack.core.iam_evaluator import fnmatch_iam_cs

API = "arn:aws:execute-api:us-east-1:000000000000:api/v1"


class Wildcard(unittest.TestCase):
    def test_takes_a_path_with_a_line_end_in_it(self):
        self.assertTrue(fnmatch_iam_cs(f"{API}/GET/schedules/a\nb", f"{API}/*/*"))

    def test_takes_no_more_than_it_says(self):
        self.assertFalse(fnmatch_iam_cs("arn:aws:execute-api:us-east-1:000000000000:other/v1/GET/a\nb", f"{API}/*/*"))


if __name__ == "__main__":
    unittest.main()
