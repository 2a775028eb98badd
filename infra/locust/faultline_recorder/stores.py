"""Where evidence goes: DynamoDB and S3, or a folder of files with the same content."""

import json
import os
from pathlib import Path
from typing import Any, Protocol

from .settings import Settings

Item = dict[str, Any]


class Store(Protocol):
    def put_object(self, key: str, body: bytes, content_type: str) -> None: ...

    def put_item(self, item: Item) -> None: ...


def store_for(settings: Settings) -> Store | None:
    if settings.table and settings.bucket:
        return AwsStore(settings.table, settings.bucket)
    return FolderStore(settings.out) if settings.out else None


class AwsStore:
    """Credentials, endpoint and certificates are botocore's own business (its standard chain, AWS_ENDPOINT_URL).

    Locust has made sockets cooperative before this is imported, so a call that waits lets other greenlets run.
    """

    def __init__(self, table: str, bucket: str) -> None:
        # only the master needs them, and only when it writes there
        from botocore.config import Config
        from botocore.session import Session

        # retries are the outbox's, which counts them
        config = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 1})
        # botocore does not read AWS_REGION, the one that ECS sets
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        session = Session()
        self._s3 = session.create_client("s3", region_name=region, config=config)
        self._dynamodb = session.create_client("dynamodb", region_name=region, config=config)
        self._table, self._bucket = table, bucket

    def put_object(self, key: str, body: bytes, content_type: str) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def put_item(self, item: Item) -> None:
        self._dynamodb.put_item(TableName=self._table, Item={k: attribute(v) for k, v in item.items()})


class FolderStore:
    """Objects are files under their keys; items are lines of `items.jsonl`, in the order of their writing."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def put_object(self, key: str, body: bytes, content_type: str) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)

    def put_item(self, item: Item) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "items.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(item) + "\n")


def attribute(value: Any) -> dict[str, Any]:
    """A DynamoDB attribute value."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case str():
            return {"S": value}
        case dict():
            return {"M": {k: attribute(v) for k, v in value.items()}}
    raise TypeError(f"no DynamoDB attribute for {type(value).__name__}")
