"""One session for all clients, and how long they wait for an engine: well within the time that a function has.

Creating a client is most of a cold start: a second client shares everything that the first one read, and boto3 above
botocore is not imported, since nothing uses it.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

# Ours, and those that botocore itself asks for credentials where a profile says so.
_SERVICES = ("dynamodb", "s3", "sts", "sso", "sso-oidc", "signin")


@cache
def session() -> "Session":
    """The session of this environment, created at first use, never at import."""
    import botocore.session
    from botocore.loaders import Loader

    class KnownServices(Loader):
        """Names the services; botocore would list its 400 folders for each client."""

        def list_available_services(self, type_name: str) -> list[str]:
            return list(_SERVICES)

    created = botocore.session.get_session()
    created.register_component("data_loader", KnownServices())
    return created


def config(**options: Any) -> "Config":
    """The configuration that all clients share, with the options of one client."""
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=10, **options)
