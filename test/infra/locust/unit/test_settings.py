import unittest

from faultline_recorder.settings import BadSettings, read_settings

AWS = {"FAULTLINE_RUN_ID": "run-1", "FAULTLINE_TABLE": "t", "FAULTLINE_BUCKET": "b"}


class Environment(unittest.TestCase):
    def test_a_table_and_a_bucket_go_before_a_folder(self):
        settings = read_settings({**AWS, "FAULTLINE_OUT": "/tmp/x", "FAULTLINE_EXPECTED_WORKERS": "2"})
        self.assertEqual((settings.table, settings.bucket, settings.out), ("t", "b", None))
        self.assertEqual(settings.expected_workers, 2)

    def test_without_any_nothing_is_written_and_nothing_is_wrong(self):
        self.assertFalse(read_settings({"FAULTLINE_TABLE": ""}).writes)

    def test_what_is_wrong_is_named_in_one_line(self):
        wrong = {
            "FAULTLINE_BUCKET": {"FAULTLINE_RUN_ID": "run-1", "FAULTLINE_TABLE": "t"},
            "FAULTLINE_RUN_ID": {**AWS, "FAULTLINE_RUN_ID": "Run 1"},
            "FAULTLINE_RUN_ID is not set": {"FAULTLINE_OUT": "/tmp/x"},
            "FAULTLINE_MAX_SECONDS": {**AWS, "FAULTLINE_MAX_SECONDS": "soon"},
            "FAULTLINE_EXPECTED_WORKERS": {**AWS, "FAULTLINE_EXPECTED_WORKERS": "-1"},
        }
        for name, env in wrong.items():
            with self.assertRaisesRegex(BadSettings, f"^faultline: .*{name}[^\n]*$"):
                read_settings(env)
