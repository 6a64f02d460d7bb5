"""What SAM needs to start the built functions in containers."""

from collections.abc import Iterator

import pytest

from local import containers, image
from local.build import ARCHITECTURE, build


@pytest.fixture(scope="session")
def host() -> Iterator[containers.HostAddress]:
    """How a container reaches an engine on this machine. Without Docker it is an error that says what to do."""
    with containers.docker():
        image.ensure_image()
        build(ARCHITECTURE)
        yield containers.host_address(image.IMAGE)
