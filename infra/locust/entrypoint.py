"""The image's entry point: brings Locust files where they are named, then becomes the container's command.

`FAULTLINE_LOCUST_FILE=s3://bucket/key` is a .zip, whose files lie in the working directory as they do in it, or one file,
which is `locustfile.py` there. A target's configuration names them so.
"""

import io
import os
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlparse


class NotBrought(Exception):
    """There are no Locust files; the message is one line."""


def object_at(url: str) -> tuple[str, str]:
    parts = urlparse(url)
    key = parts.path.lstrip("/")
    if parts.scheme != "s3" or not parts.netloc or not key:
        raise NotBrought(f"FAULTLINE_LOCUST_FILE {url!r} is not s3://bucket/key")
    return parts.netloc, key


def read(bucket: str, key: str) -> bytes:
    # only a container that brings a file needs them
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.session import Session

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    config = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 5})
    s3 = Session().create_client("s3", region_name=region, config=config)
    try:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except (BotoCoreError, ClientError) as error:
        raise NotBrought(f"s3://{bucket}/{key} could not be read: {error}") from error


def unpack(body: bytes, key: str, folder: Path) -> None:
    if not key.endswith(".zip"):
        (folder / "locustfile.py").write_bytes(body)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            archive.extractall(folder)
    except zipfile.BadZipFile as error:
        raise NotBrought(f"{key} is no zip: {error}") from error


def main(command: list[str]) -> None:
    url = os.environ.get("FAULTLINE_LOCUST_FILE")
    try:
        if url:
            bucket, key = object_at(url)
            unpack(read(bucket, key), key, Path.cwd())
    except NotBrought as error:
        sys.exit(f"faultline: {error}")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
