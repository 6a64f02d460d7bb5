"""How long our clients wait for an engine, and how often they try: well within the time that a function has."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.config import Config


def config(**own: Any) -> "Config":
    """The configuration that all clients share, with what is one client's own."""
    from botocore.config import Config

    return Config(retries={"mode": "standard", "max_attempts": 4}, connect_timeout=2, read_timeout=10, **own)
