"""The environment variables that template.yaml sets. A missing one is an error that names it."""

import os


def table_name() -> str:
    return _required("TABLE_NAME")


def bucket_name() -> str:
    return _required("BUCKET_NAME")


def public_s3_endpoint() -> str | None:
    """The endpoint at which the holder of a presigned link reaches S3; None on AWS, where it is the bucket's host."""
    return os.environ.get("PUBLIC_S3_ENDPOINT") or None


def bucket_origins() -> list[str]:
    """The origins at which a browser reaches the bucket: its regional host, or those of another endpoint."""
    endpoint = public_s3_endpoint() or os.environ.get("AWS_ENDPOINT_URL_S3")
    if not endpoint:
        region = _required("AWS_REGION")
        return [f"https://{bucket_name()}.s3.{region}.amazonaws.com{'.cn' * region.startswith('cn-')}"]
    scheme, _, rest = endpoint.partition("://")
    host = rest.partition("/")[0]
    # An endpoint that has a name may have one for each bucket too, which an address cannot.
    return [f"{scheme}://{host}", *([f"{scheme}://{bucket_name()}.{host}"] if host[0].isalpha() else [])]


def event_bus() -> str | None:
    """The bus of EventBridge to which it is told what has ended; None on a developer's machine."""
    return None if "AWS_SAM_LOCAL" in os.environ else os.environ.get("EVENT_BUS") or None


def erasure_wait_seconds() -> int:
    """How long an erasure waits for calls that began before it; 0 on this machine, where nothing waits."""
    return int(os.environ.get("ERASURE_WAIT_SECONDS") or 0)


def waiting_steps_url() -> str:
    """The queue of the steps that are to be marked later."""
    return _required("WAITING_STEPS_URL")


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"the environment variable {name} is not set")
    return value
