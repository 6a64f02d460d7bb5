"""Files in S3, the links that hand them out, and the links that take uploads.

A file's key is a hash of its owner and one of its content, so an unchanged ledger makes no second file and a key
tells nobody anything. What a download is answered with (content type, file name) and what an upload must have (size,
digest) is signed into the link.
"""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import unquote_plus

from saldo.aws import layout, settings
from saldo.aws.attempts import Attempts
from saldo.aws.clients import S3, config, session
from saldo.aws.failures import engine_failures
from saldo.errors import TooLarge, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_LIVES = timedelta(minutes=15)
# The bucket drops downloads after two days; an older file is written anew before it gets a link.
_FRESH = timedelta(hours=12)
# The most bytes that S3 takes in one upload.
MAX_FILE = 5 * 1024 * 1024 * 1024
# How long a file surely lives: the bucket drops it at the end of the day after that.
FILE_LIVES = timedelta(days=2)

# Where clients upload files, and where steps of jobs are marked; template.yaml makes an arrival there start a run.
UPLOADS, JOBS = "uploads/", "jobs/"
MAX_UPLOAD = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


class Link(NamedTuple):
    """A presigned link, when it expires, and the headers that must be sent with it."""

    url: str
    expires_at: datetime
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def expires(self) -> str:
        """When it expires, as JSON has it."""
        return self.expires_at.isoformat().replace("+00:00", "Z")


class Kept(NamedTuple):
    """A file that is there: its size, what was said about it when it was uploaded, and when that was."""

    bytes: int
    about: Mapping[str, str]
    uploaded: datetime


class Arrival(NamedTuple):
    """What has arrived in the bucket: the file of the import with the id, or the mark of a step of the job (or long
    import) with the id."""

    bucket: str
    key: str
    id: str
    step: int | None

    @property
    def is_step(self) -> bool:
        return self.step is not None


def arrivals(event: Mapping[str, Any]) -> list[Arrival]:
    """What has arrived, as S3's event tells. Parity with AWS: the key is form-encoded."""
    return [
        _arrival(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))
        for record in event["Records"]
    ]


def step_event(bucket: str, job_id: str) -> dict[str, Any]:
    """S3's event for the first step of a job, as far as `arrivals` reads it."""
    return {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": f"{JOBS}{job_id}/0"}}}]}


def _arrival(bucket: str, key: str) -> Arrival:
    if not key.startswith(JOBS):
        return Arrival(bucket, key, key.removeprefix(UPLOADS), None)
    identity, _, step = key.removeprefix(JOBS).partition("/")
    return Arrival(bucket, key, identity, int(step) if step.isdecimal() else 0)


# Without the permission to list the bucket, S3 answers 403 for a missing key.
_MISSING = ("404", "403", "NoSuchKey", "AccessDenied")
# The file is there, or somebody is putting it.
_PRESENT = ("PreconditionFailed", "ConditionalRequestConflict")


def key_of(owner: str, name: bytes) -> str:
    """The key of a download of the owner (the partition of a customer), whose name is its content or an id."""
    return f"{layout.digest(owner)}/{hashlib.sha256(name).hexdigest()}"


class Files:
    """The files of one bucket. `signer` is a client of the endpoint at which the holder of a link reaches S3."""

    def __init__(self, client: "S3Client", signer: "S3Client", bucket: str, credentials: Any) -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket
        self._credentials = credentials

    @property
    def bucket(self) -> str:
        """The name of the bucket."""
        return self._bucket

    def keep(self, owner: str, content: bytes) -> str:
        """Write the file unless a fresh one with this content exists; return its key."""
        key = key_of(owner, content)
        if not self._is_fresh(key):
            Attempts(S3.longest)(self._client.put_object, Bucket=self._bucket, Key=key, Body=content)
        return key

    def keep_once(self, key: str, file: IO[bytes], about: Mapping[str, str]) -> Kept | None:
        """Upload a file unless there is one with this key; then return what that one is, whoever uploaded it, so that
        all who make the file tell of the same one. Unavailable if it is being uploaded at this moment.
        """
        from botocore.exceptions import ClientError

        def put() -> None:
            file.seek(0)  # an earlier attempt may have read it
            self._client.put_object(Bucket=self._bucket, Key=key, Body=file, Metadata=dict(about), IfNoneMatch="*")

        try:
            Attempts(S3.longest)(put)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _PRESENT:
                raise
        else:
            return None
        try:
            answer = Attempts(S3.longest)(self._client.head_object, Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                raise Unavailable("The file is being written; send the same call again.") from error
            raise
        return Kept(answer["ContentLength"], answer["Metadata"], answer["LastModified"])

    def link(self, key: str, filename: str, content_type: str) -> Link:
        """A link to get the file, for 15 minutes or until the role's own credentials expire."""
        return self._sign(
            "get_object",
            {
                "Key": key,
                "ResponseContentType": content_type,
                "ResponseContentDisposition": f'attachment; filename="{filename}"',
            },
        )

    def upload_link(self, name: str, size: int | None, sha256: str | None) -> Link:
        """A link to upload a file once under the name, with this size and SHA-256 (hex) if they are announced."""
        parameters: dict[str, Any] = {"Key": f"{UPLOADS}{name}", "IfNoneMatch": "*"}
        headers = {"If-None-Match": "*"}
        if size is not None:
            parameters["ContentLength"] = size
            headers["Content-Length"] = str(size)
        if sha256 is not None:
            digest = b64encode(bytes.fromhex(sha256)).decode()
            parameters["ChecksumSHA256"] = digest
            headers["x-amz-checksum-sha256"] = digest
        return self._sign("put_object", parameters)._replace(headers=headers)

    def fetch(self, key: str, to: IO[bytes], limit: int) -> int | None:
        """Copy a file into `to` and return its size; None if it is certainly gone. TooLarge, before anything is
        copied, if it has more bytes than the limit. Unavailable if S3 denies a file that it lists."""
        from botocore.exceptions import ClientError

        try:
            answer = Attempts(S3.longest)(self._client.get_object, Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
            if self._is_gone(key):
                return None
            raise Unavailable("The file cannot be read now; send the same call again.") from error
        if answer["ContentLength"] > limit:
            raise TooLarge(f"The file is larger than {limit} bytes.")
        with engine_failures:
            for chunk in answer["Body"].iter_chunks(_CHUNK):
                to.write(chunk)
        return answer["ContentLength"]

    def mark_step(self, job_id: str, step: int = 0, *, if_missing: bool = False) -> None:
        """Put the file whose arrival starts a run of the job; with `if_missing` not again if it is there."""
        from botocore.exceptions import ClientError

        condition: Any = {"IfNoneMatch": "*"} if if_missing else {}
        try:
            Attempts(S3.longest)(
                self._client.put_object,
                Bucket=self._bucket,
                Key=f"{JOBS}{job_id}/{step}",
                # No two are alike, so that one that is put again is seen as new by all who compare.
                Body=secrets.token_hex(8).encode(),
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _PRESENT:
                raise

    def delete(self, key: str) -> None:
        Attempts(S3.longest)(self._client.delete_object, Bucket=self._bucket, Key=key)

    def delete_many(self, keys: Collection[str]) -> None:
        """Delete up to 1,000 files, whether they exist or not."""
        attempts = Attempts(S3.longest)
        while keys:
            objects: Any = {"Objects": [{"Key": key} for key in keys], "Quiet": True}
            answer = attempts(self._client.delete_objects, Bucket=self._bucket, Delete=objects)
            # Parity with AWS: a 200 may name files that S3 has kept.
            kept = [error.get("Key", "") for error in answer.get("Errors", [])]
            attempts.brought(len(kept) < len(keys))
            keys = kept

    def delete_under(self, prefix: str) -> None:
        """Delete all files whose keys begin with the prefix."""
        more = True
        while more:
            listing = Attempts(S3.longest)(self._client.list_objects_v2, Bucket=self._bucket, Prefix=prefix)
            self.delete_many([item["Key"] for item in listing.get("Contents", [])])
            more = listing["IsTruncated"]

    def _is_gone(self, key: str) -> bool:
        """Whether the bucket's list, which is consistent, does not have the key.

        One 403 or 404 of a read proves nothing: S3 answers so for a moment when permissions are slow to arrive.
        """
        with engine_failures:
            listing = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        return listing.get("KeyCount") == 0

    def _sign(self, operation: str, parameters: dict[str, Any]) -> Link:
        now = datetime.now(UTC).replace(microsecond=0)
        expires_at = now + LINK_LIVES
        # botocore has no public name for the expiry of refreshable credentials; others do not expire.
        credentials_expire: datetime | None = getattr(self._credentials, "_expiry_time", None)
        if credentials_expire is not None:
            expires_at = min(expires_at, credentials_expire.replace(microsecond=0))
        with engine_failures:
            url = self._signer.generate_presigned_url(
                operation,
                Params={"Bucket": self._bucket, **parameters},
                ExpiresIn=max(1, int((expires_at - now).total_seconds())),
            )
        return Link(url, expires_at)

    def _is_fresh(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        try:
            answer = Attempts(S3.longest)(self._client.head_object, Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return False
            raise
        return datetime.now(UTC) - answer["LastModified"] < _FRESH


def files(bucket: str | None = None) -> Files:
    """The files of the bucket; without one, of this environment's bucket."""
    client, signer, credentials = clients()
    return Files(client, signer, bucket or settings.bucket_name(), credentials)


@cache
def clients() -> tuple["S3Client", "S3Client", Any]:
    """The client of S3, the client that signs links, and the credentials of both; created at first use, never at
    import."""
    for_s3 = config(
        S3,
        signature_version="s3v4",
        # Otherwise an upload link would demand a checksum that botocore chooses.
        request_checksum_calculation="when_required",
        # The default still signs for a host name without a region.
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    )

    def client(endpoint: str | None = None) -> "S3Client":
        return cast("S3Client", session().create_client("s3", config=for_s3, endpoint_url=endpoint))

    internal, public_endpoint = client(), settings.public_s3_endpoint()
    signer = client(public_endpoint) if public_endpoint else internal
    return internal, signer, session().get_credentials()
