"""Containers that SAM can start, of what is built."""

from collections.abc import Iterator

import pytest

from local import containers
from local.build import ARCHITECTURE, build


@pytest.fixture(scope="session")
def way() -> Iterator[containers.Way]:
    """The way from a container to an engine of this machine. Without Docker it is an error, which says what to do."""
    with containers.docker():
        containers.ensure_image()
        build(ARCHITECTURE)
        yield containers.way_here()
