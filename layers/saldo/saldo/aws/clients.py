"""One session for all clients, and how long one attempt of theirs may take.

botocore makes one attempt, and `attempts` the others, for a deadline goes through all of a call.

Creating clients is a large part of a cold start: a second client shares everything that the first one read, a build
has only what is called to read, and boto3 above botocore is not imported, since nothing uses it.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

# Ours, and those that botocore itself asks for credentials where a profile says so.
_SERVICES = ("dynamodb", "s3", "sqs", "events", "sts", "sso", "sso-oidc", "signin")
# What the build has reduced for botocore to read (see local.service_models). What is not there it reads from its own
# data: everything in a checkout, and a later version of a service's API.
_REDUCED = Path(__file__).with_name("models")
# Whether botocore checks the shape of each value before it is sent, which would double what a write of 100 actions
# takes. Without that a None is left out in silence, so the tests have it checked.
checks_parameters = False


class Waits(NamedTuple):
    """How many seconds a client waits for a connection to one address, and for the next bytes of an answer; and how
    many addresses the engine's name may have, which are tried one after the other."""

    connect: float
    read: float
    addresses: int = 1

    @property
    def longest(self) -> float:
        """The seconds that an attempt may take at an engine that is silent."""
        return self.addresses * self.connect + self.read


# Two attempts at a silent DynamoDB fit into the five seconds of the authorizer.
DYNAMODB = Waits(connect=1, read=1.9)
S3 = Waits(connect=1, read=5, addresses=8)
EVENTS = Waits(connect=1, read=5)
SQS = Waits(connect=1, read=5)


@cache
def session() -> "Session":
    """The session of this environment, created at first use, never at import."""
    import botocore.session
    from botocore.loaders import Loader

    class KnownServices(Loader):
        """Names the services; botocore would list its 400 folders for each client. Reduced data count as botocore's
        own: with the hosts of somebody else it would not use its rules for FIPS and dual-stack endpoints."""

        def list_available_services(self, type_name: str) -> list[str]:
            return list(_SERVICES)

        def is_builtin_path(self, path: str) -> bool:
            return Path(path).is_relative_to(_REDUCED) or bool(super().is_builtin_path(path))

    created = botocore.session.get_session()
    created.register_component("data_loader", KnownServices([str(_REDUCED)]))
    return created


def config(waits: Waits, **options: Any) -> "Config":
    """The configuration of a client that waits so long, with its other options."""
    from botocore.config import Config

    return Config(
        retries={"mode": "standard", "total_max_attempts": 1},
        connect_timeout=waits.connect,
        read_timeout=waits.read,
        parameter_validation=checks_parameters,
        **options,
    )
