"""How a request ended: one of the outcomes of lambdas/evidence/window.ts."""

import socket
import ssl
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

from gevent import Timeout as GeventTimeout
from geventhttpclient.client import HTTPConnectionClosed, HTTPParseError
from geventhttpclient.useragent import ConnectionError as FastConnectionError
from requests import exceptions as requests_errors
from urllib3 import exceptions as urllib3_errors

OK = "ok"

_by_status = {429: "http_429", 503: "http_503"}

_timeouts = (TimeoutError, GeventTimeout, requests_errors.Timeout, urllib3_errors.TimeoutError)
_broken = (
    ConnectionError,
    socket.gaierror,
    ssl.SSLError,
    HTTPException,
    requests_errors.ConnectionError,
    requests_errors.ChunkedEncodingError,
    urllib3_errors.ProtocolError,
    urllib3_errors.NewConnectionError,
    FastConnectionError,
    HTTPConnectionClosed,
    HTTPParseError,
)


def outcome_of(exception: Any, status: int) -> str:
    """`exception` as in Locust's request event (anything false is a success); `status` is 0 without a response."""
    if not exception:
        return OK
    if status >= 400:
        return _by_status.get(status) or ("http_4xx" if status < 500 else "http_5xx")
    causes = list(_causes(exception))
    if any(map(_is_timeout, causes)):
        return "timeout"
    return "connection" if any(map(_is_broken_connection, causes)) else "other"


def _causes(error: Any) -> Iterator[BaseException]:
    """The exception and what lies under it: clients wrap the socket's error, each in its own way."""
    waiting, seen = [error], set()
    while waiting and len(seen) < 16:
        error = waiting.pop()
        if not isinstance(error, BaseException) or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        # `reason` is urllib3's MaxRetryError, `original` is geventhttpclient's RetriesExceeded
        under = [getattr(error, name, None) for name in ("__cause__", "__context__", "reason", "original")]
        waiting += [*under, *error.args]


def _is_timeout(error: BaseException) -> bool:
    # urllib3 1 and 2 derive "connection refused" from its connect time-out
    return isinstance(error, _timeouts) and not isinstance(error, urllib3_errors.NewConnectionError)


def _is_broken_connection(error: BaseException) -> bool:
    # a plain OSError is the socket's own ("no route to host"); requests derives even its misuse errors from OSError
    return isinstance(error, _broken) or type(error) is OSError
