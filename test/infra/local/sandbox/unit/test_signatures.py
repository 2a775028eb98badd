import hashlib
import unittest

import signatures  # noqa: F401
from ministack.core import sigv4

SECRET = "secret"
SIGNED = b'{"pulled": false}'
STAMP = "20270115T080000Z"


def headers(service, payload_hash):
    signed_headers = "host;x-amz-content-sha256;x-amz-date"
    own = {"host": "127.0.0.1:4566", "x-amz-date": STAMP, "x-amz-content-sha256": payload_hash}
    scope = f"20270115/us-east-1/{service}/aws4_request"
    own["authorization"] = f"AWS4-HMAC-SHA256 Credential=AKIA/{scope}, SignedHeaders={signed_headers}, Signature={'0' * 64}"
    signature = sigv4.parse_header_signature(own)
    # As a client does it: by the hash that it sends.
    _, text = signatures.believing(signature, "PUT", "/v1/safety-lever", {}, own, SIGNED)
    made = sigv4.calculate_signature(SECRET, "20270115", "us-east-1", service, text)
    own["authorization"] = own["authorization"].replace("0" * 64, made)
    return own


def failure(service, body, payload_hash=hashlib.sha256(SIGNED).hexdigest()):
    own = headers(service, payload_hash)
    signature = sigv4.parse_header_signature(own)
    return sigv4.header_signature_failure(signature, SECRET, "PUT", "/v1/safety-lever", {}, own, body)


class Body(unittest.TestCase):
    def test_that_was_signed_is_accepted(self):
        self.assertIsNone(failure("execute-api", SIGNED))

    def test_that_was_altered_is_refused(self):
        self.assertIsNotNone(failure("execute-api", b'{"pulled": true}'))

    def test_that_nobody_signed_is_left_to_the_service(self):
        self.assertIsNone(failure("execute-api", b"anything", "UNSIGNED-PAYLOAD"))
        self.assertIsNone(failure("s3", b"anything"))


if __name__ == "__main__":
    unittest.main()
