"""One session for all clients, and how long they wait for an engine: well within the time that a function has.

A client is most of a fresh start, so a second one shares all that the first has read, and what boto3 has above
botocore is not imported, for it is not used.
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
    """The session of this environment, made at first use, never at import."""
    import botocore.session
    from botocore.loaders import Loader

    class Known(Loader):
        """Names the services: botocore would look for them in all of its folders, 400 of them, for each client."""

        def list_available_services(self, type_name: str) -> list[str]:
            return list(_SERVICES)

    made = botocore.session.get_session()
    made.register_component("data_loader", Known())
    return made


def config(**own: Any) -> "Config":
    """The configuration that all clients share, with what is one client's own."""
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=10, **own)
