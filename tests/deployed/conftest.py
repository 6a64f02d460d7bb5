"""The whole system, deployed on this machine: `sam deploy` of the build to a ministack that enforces IAM.

The functions run on the Python of Lambda, under their own roles. The engine speaks TLS, because the bucket's policy
refuses anything else.
"""

import subprocess
from collections.abc import Iterator

import pytest

from local import engine
from local.build import ARCHITECTURE
from local.template import TOP
from tests.deployed.stack import House, Stack

PYTHON = TOP / ".venv-deploy" / "bin" / "python3.13"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack, built for this machine and deployed."""
    command = ["make", "build", f"ARCHITECTURE={ARCHITECTURE}"]
    completed = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr
    folder = tmp_path_factory.mktemp("ministack")
    with engine.embedded(python=PYTHON, AUTH="true", USE_SSL="1", TMPDIR=str(folder)) as endpoint:
        deployed = Stack(endpoint, folder / "ministack-tls" / "server.crt")
        deployed.deploy(ErasureWaitSeconds="2")
        yield deployed


@pytest.fixture
def house(stack: Stack) -> House:
    return House(stack)


@pytest.fixture(scope="session")
def filled(stack: Stack) -> House:
    """A customer with 250 transactions on 50 days, in three categories of two groups."""
    house = House(stack)
    days = [f"2024-{1 + number // 25:02}-{1 + number % 25:02}" for number in range(50)]
    rows = [
        {"transactionDate": day, "amount": f"-{number}.10", "description": f"{day} {number}", "category": category}
        for day in days
        for number, category in enumerate((1002, 1002, 15, 1, 1))
    ]
    assert house.register(*rows) == {"received": 250, "imported": 250, "duplicates": 0}
    assert house.register(*rows) == {"received": 250, "imported": 0, "duplicates": 250}
    return house
