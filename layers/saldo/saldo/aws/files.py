"""Files in S3 and the links that hand them out.

A file's key is a hash of its owner and one of its content, so an unchanged ledger makes no second file and a key
tells nobody anything. What a link answers with (content type, file name) is signed into the link.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from saldo.aws import settings
from saldo.aws.clients import config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_LIVES = timedelta(minutes=15)
# The bucket drops objects after two days; a file that a link is given for has most of that before it.
_FRESH = timedelta(hours=12)


class Link(NamedTuple):
    """A presigned link, and when it ends."""

    url: str
    expires_at: datetime


class Files:
    """The files of one bucket. `signer` is the client that knows where the holder of a link reaches S3."""

    def __init__(self, client: "S3Client", signer: "S3Client", bucket: str, credentials: Any) -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket
        self._credentials = credentials

    def keep(self, owner: str, content: bytes) -> str:
        """Write the file unless a fresh one with this content is there; return its key."""
        key = f"{hashlib.sha256(owner.encode()).hexdigest()}/{hashlib.sha256(content).hexdigest()}"
        if not self._is_fresh(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def link(self, key: str, filename: str, content_type: str) -> Link:
        """A link that gets the file for 15 minutes, or for as long as the role's own credentials live."""
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + LINK_LIVES
        # botocore has no public word for when refreshable credentials end; others do not say.
        ends: datetime | None = getattr(self._credentials, "_expiry_time", None)
        if ends is not None:
            expires_at = min(expires_at, ends.replace(microsecond=0))
        url = self._signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
            ExpiresIn=max(1, int((expires_at - now).total_seconds())),
        )
        return Link(url, expires_at)

    def _is_fresh(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            written = self._client.head_object(Bucket=self._bucket, Key=key)["LastModified"]
        except ClientError as error:
            # Without the permission to list the bucket, S3 calls a key that is not there forbidden.
            if error.response["Error"]["Code"] in ("404", "403"):
                return False
            raise
        return datetime.now(UTC) - written < _FRESH


@cache
def files() -> Files:
    """The files of this environment; the clients are made at first use, never at import."""
    import boto3

    session = boto3.Session()
    for_s3 = config(
        signature_version="s3v4",
        # The default still signs for a host without a region.
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )
    client = session.client("s3", config=for_s3)
    public = settings.public_s3_endpoint()
    signer = session.client("s3", config=for_s3, endpoint_url=public) if public else client
    return Files(client, signer, settings.bucket_name(), session.get_credentials())
