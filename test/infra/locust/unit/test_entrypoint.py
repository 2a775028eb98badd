import io
import tempfile
import unittest
import zipfile
from pathlib import Path

import entrypoint


def zipped(**files: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)
    return body.getvalue()


class BringingLocustFiles(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_an_address_is_a_bucket_and_a_key(self) -> None:
        self.assertEqual(entrypoint.object_at("s3://tests/orders/a.py"), ("tests", "orders/a.py"))
        for wrong in ("https://tests/a.py", "s3://tests", "s3:///a.py", "a.py"):
            with self.assertRaisesRegex(entrypoint.NotBrought, "is not s3://bucket/key"):
                entrypoint.object_at(wrong)

    def test_one_file_is_the_locust_file(self) -> None:
        entrypoint.unpack(b"# users", "orders/anything.py", self.folder)
        self.assertEqual((self.folder / "locustfile.py").read_text(), "# users")

    def test_a_zip_lies_as_it_is(self) -> None:
        entrypoint.unpack(zipped(buyers="b", common__login="c"), "orders.zip", self.folder)
        self.assertEqual((self.folder / "buyers.py").read_text(), "b")
        self.assertEqual((self.folder / "common" / "login.py").read_text(), "c")

    def test_what_is_no_zip_is_named(self) -> None:
        with self.assertRaisesRegex(entrypoint.NotBrought, "orders.zip is no zip"):
            entrypoint.unpack(b"not", "orders.zip", self.folder)
