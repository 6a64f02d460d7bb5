"""What template.yaml tells a function about its surroundings. A variable that is missing fails by its name."""

import os


def table_name() -> str:
    return _required("TABLE_NAME")


def bucket_name() -> str:
    return _required("BUCKET_NAME")


def public_s3_endpoint() -> str | None:
    """Where the holder of a presigned link reaches S3; None on AWS, where that is the bucket's own host."""
    return os.environ.get("PUBLIC_S3_ENDPOINT") or None


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"the environment variable {name} is not set")
    return value
