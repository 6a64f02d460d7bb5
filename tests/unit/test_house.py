"""The rules of the house: arrows point inward, and what a function imports stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LAYER = TOP / "layers" / "saldo"


def imports(path: Path) -> set[str]:
    """Every module that the file names, wherever it imports it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def named(path: Path) -> str:
    return str(path.relative_to(TOP))


DOMAIN = [
    path
    for path in sorted((LAYER / "saldo").rglob("*.py"))
    if not {"aws", "http"} & set(path.relative_to(LAYER).parts)
]
AWS = sorted((LAYER / "saldo" / "aws").glob("*.py"))
FUNCTIONS = sorted((TOP / "functions").glob("*/app.py"))
OUTSIDE = ("boto3", "botocore", "aws_lambda_powertools")


@pytest.mark.parametrize("path", DOMAIN, ids=named)
def test_the_domain_knows_no_aws_and_no_http(path: Path) -> None:
    outward = ("saldo.aws", "functions", "local", "tests", "pydantic", *OUTSIDE)
    assert [name for name in imports(path) if name.split(".")[0] in outward or name.startswith("saldo.aws")] == []


@pytest.mark.parametrize("path", AWS, ids=named)
def test_the_aws_side_knows_no_function(path: Path) -> None:
    assert [name for name in imports(path) if name.split(".")[0] in ("functions", "local", "tests")] == []


@pytest.mark.parametrize("path", FUNCTIONS, ids=named)
def test_a_function_imports_only_the_layer(path: Path) -> None:
    allowed = {"saldo", *sys.stdlib_module_names, "msgspec"}
    assert [name for name in imports(path) if name.split(".")[0] not in allowed] == []


@pytest.mark.parametrize("path", FUNCTIONS, ids=named)
def test_a_function_makes_no_client_when_it_is_imported(path: Path) -> None:
    """boto3 is not even imported until the first request needs it."""
    code = (
        f"import sys; sys.path[:0] = [{str(path.parent)!r}, {str(LAYER)!r}]\n"
        "import app\n"
        "print([name for name in ('boto3', 'pandas', 'numpy', 'moto') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_nobody_is_called_utils() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    own = [path for path in TOP.rglob("*.py") if not path.relative_to(TOP).parts[0].startswith(".")]
    assert [named(path) for path in own if path.stem in vague] == []
