"""Files in S3, the links that hand them out, and the links that take them in.

A file's key is a hash of its owner and one of its content, so an unchanged ledger makes no second file and a key
tells nobody anything. What a link answers with (content type, file name), or takes (size, digest), is signed into it.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from saldo.aws import settings
from saldo.aws.clients import config, session
from saldo.errors import TooLarge

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_LIVES = timedelta(minutes=15)
# The bucket drops objects after two days; a file that a link is given for has most of that before it.
_FRESH = timedelta(hours=12)


# Where files are put that clients send; template.yaml lets their arrival start the import.
UPLOADS = "uploads/"
MAX_UPLOAD = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class Link(NamedTuple):
    """A presigned link, when it ends, and the headers that must be sent with it."""

    url: str
    expires_at: datetime
    headers: Mapping[str, str] = MappingProxyType({})


# Without the permission to list the bucket, S3 calls a key that is not there forbidden.
_MISSING = ("404", "403", "NoSuchKey", "AccessDenied")


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
        return self._sign(
            "get_object",
            {
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
        )

    def upload_link(self, name: str, size: int | None, sha256: str | None) -> Link:
        """A link that takes a file once, under a new name: of that many bytes, and of that SHA-256 (hex), if they
        are announced."""
        taken: dict[str, Any] = {"Key": f"{UPLOADS}{name}", "IfNoneMatch": "*"}
        headers = {"If-None-Match": "*"}
        if size is not None:
            taken["ContentLength"] = size
            headers["Content-Length"] = str(size)
        if sha256 is not None:
            digest = b64encode(bytes.fromhex(sha256)).decode()
            taken["ChecksumSHA256"] = digest
            headers["x-amz-checksum-sha256"] = digest
        return self._sign("put_object", taken)._replace(headers=headers)

    def fetch(self, key: str, to: IO[bytes], limit: int) -> int | None:
        """Copy a file into `to` and return its size; None if there is no such file. TooLarge, before anything is
        copied, if it has more bytes than the limit."""
        from botocore.exceptions import ClientError

        try:
            found = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        if found["ContentLength"] > limit:
            raise TooLarge(f"The file is larger than {limit} bytes.")
        for chunk in found["Body"].iter_chunks(_CHUNK):
            to.write(chunk)
        return found["ContentLength"]

    def drop(self, key: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def _sign(self, operation: str, parameters: dict[str, Any]) -> Link:
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + LINK_LIVES
        # botocore has no public word for when refreshable credentials end; others do not say.
        ends: datetime | None = getattr(self._credentials, "_expiry_time", None)
        if ends is not None:
            expires_at = min(expires_at, ends.replace(microsecond=0))
        url = self._signer.generate_presigned_url(
            operation,
            Params={"Bucket": self._bucket, **parameters},
            ExpiresIn=max(1, int((expires_at - now).total_seconds())),
        )
        return Link(url, expires_at)

    def _is_fresh(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            written = self._client.head_object(Bucket=self._bucket, Key=key)["LastModified"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise
        return datetime.now(UTC) - written < _FRESH


def files(bucket: str | None = None) -> Files:
    """The files of a bucket, or of this environment's."""
    client, signer, credentials = clients()
    return Files(client, signer, bucket or settings.bucket_name(), credentials)


@cache
def clients() -> tuple["S3Client", "S3Client", Any]:
    """What talks to S3, what signs links, and the credentials of both; made at first use, never at import."""
    for_s3 = config(
        signature_version="s3v4",
        # Else a link to upload would ask for a checksum of botocore's own choice.
        request_checksum_calculation="when_required",
        # The default still signs for a host without a region.
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )

    def client(endpoint: str | None = None) -> "S3Client":
        return cast("S3Client", session().create_client("s3", config=for_s3, endpoint_url=endpoint))

    own, public = client(), settings.public_s3_endpoint()
    return own, client(public) if public else own, session().get_credentials()
