import socket
import unittest

import gevent
from faultline_recorder.outcome import outcome_of
from geventhttpclient.useragent import RetriesExceeded
from locust.exception import CatchResponseError
from requests import exceptions as requests_errors
from urllib3 import exceptions as urllib3_errors


def outcome(exception, status=0):
    return outcome_of(exception, status)


class Outcomes(unittest.TestCase):
    def test_what_locust_counts_as_a_success_is_ok_whatever_its_status(self):
        self.assertEqual(outcome(None, 200), "ok")
        self.assertEqual(outcome(None, 404), "ok")

    def test_an_error_status_is_its_class_even_where_the_locust_file_gave_its_own_reason(self):
        for status, expected in ((400, "4xx"), (404, "4xx"), (429, "429"), (500, "5xx"), (503, "503"), (504, "5xx")):
            self.assertEqual(outcome(CatchResponseError("no"), status), f"http_{expected}")

    def test_time_outs_of_every_client(self):
        timed_out = [
            requests_errors.ReadTimeout(),
            requests_errors.ConnectTimeout(),
            requests_errors.ConnectionError(urllib3_errors.ReadTimeoutError(None, "/", "read timed out")),
            urllib3_errors.ConnectTimeoutError(),
            socket.timeout("timed out"),
            TimeoutError(110, "Connection timed out"),
            gevent.Timeout(),
            RetriesExceeded("/", 0, original=socket.timeout("timed out")),
        ]
        for error in timed_out:
            self.assertEqual(outcome(error), "timeout", repr(error))

    def test_broken_connections_of_every_client(self):
        broken = [
            ConnectionRefusedError(111, "Connection refused"),
            ConnectionResetError(104, "Connection reset by peer"),
            OSError(113, "No route to host"),
            socket.gaierror(-2, "Name or service not known"),
            requests_errors.ConnectionError(),
            requests_errors.ChunkedEncodingError(),
            urllib3_errors.NewConnectionError(None, "refused"),
            RetriesExceeded("/", 0, original=BrokenPipeError(32, "Broken pipe")),
        ]
        for error in broken:
            self.assertEqual(outcome(error), "connection", repr(error))

    def test_a_body_that_breaks_off_is_a_broken_connection_though_its_status_was_good(self):
        self.assertEqual(outcome(ConnectionResetError(104, "reset"), 200), "connection")

    def test_everything_else_is_other(self):
        others = (CatchResponseError("wrong content"), "wrong content", ValueError(), requests_errors.TooManyRedirects())
        for error in others:
            self.assertEqual(outcome(error, 200), "other", repr(error))
