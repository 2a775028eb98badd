import unittest

from faultline_recorder import ledger


class Response:
    def __init__(self, status_code):
        self.status_code = status_code


class Marks(unittest.TestCase):
    def setUp(self):
        self.entries = []
        ledger.attach(self.entries.append)
        self.addCleanup(ledger.attach, None)

    def outcome(self):
        (entry,) = self.entries
        return entry[4]

    def test_an_acknowledgement_is_timed(self):
        with ledger.write("users", "u1") as mark:
            mark.acked()
        ((data_class, key, intent, ack, outcome),) = self.entries
        self.assertEqual((data_class, key, outcome), ("users", "u1", "acked"))
        self.assertGreaterEqual(ack, intent)

    def test_only_a_status_that_says_so_is_a_refusal(self):
        refused = [s for s in range(600) if ledger.means_not_written(s)]
        self.assertEqual(refused, [s for s in range(400, 500) if s not in (408, 409)])

    def test_a_response_without_a_status_leaves_it_unknown(self):
        for status in (0, None):
            self.entries.clear()
            with ledger.write("users", "u1") as mark:
                mark.failed(Response(status))
            self.assertEqual(self.outcome(), "unknown")

    def test_no_word_is_unknown(self):
        with ledger.write("sessions", "s1"):
            pass
        self.assertEqual(self.outcome(), "unknown")

    def test_an_exception_passes_through_and_leaves_it_unknown(self):
        with self.assertRaises(KeyError), ledger.write("sessions", "s1"):
            raise KeyError
        self.assertEqual(self.outcome(), "unknown")

    def test_a_locust_file_that_can_tell_says_refused(self):
        with ledger.write("users", "u1") as mark:
            mark.refused()
        self.assertEqual(self.outcome(), "refused")

    def test_without_the_plugin_marks_do_nothing(self):
        ledger.attach(None)
        with ledger.write("users", "u1") as mark:
            mark.acked()
        self.assertEqual(self.entries, [])

    def test_a_wrong_class_or_key_is_named(self):
        for data_class, key in (("user", "u1"), ("users", ""), ("users", 7), ("users", "x" * 201)):
            with self.assertRaisesRegex(ValueError, "^ledger: "):
                ledger.write(data_class, key)
