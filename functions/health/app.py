"""Says that the API is up. It needs no key and reads nothing, and so tells nothing else."""

from typing import Literal

import msgspec

from saldo.http.answers import Ok
from saldo.http.api import Api

api = Api("Operation")


class Health(msgspec.Struct):
    status: Literal["ok"] = "ok"


@api.route("GET", "/health", scope=None)
def get_health() -> Ok[Health]:
    """Say that the API is up."""
    return Ok(Health())
