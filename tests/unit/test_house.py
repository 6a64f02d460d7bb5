"""The rules of the house: arrows point inward, there are no cycles, files stay small and functions start light."""

import ast
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LAYER = TOP / "layers" / "saldo"
MAX_LINES = 300
HOUSE = ("layers", "functions", "cli", "local")


def imports(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The modules that the statements name. `from a import b` names a and a.b, which may be a module too."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            assert node.level == 0, "imports are absolute, so that these rules can read them"
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def forbidden(path: Path, *packages: str) -> list[str]:
    """The imports of these packages in the file, also in functions."""
    prefixes = tuple(f"{package}." for package in packages)
    return [name for name in imports(ast.walk(parsed(path))) if f"{name}.".startswith(prefixes)]


def named(path: Path) -> str:
    return str(path.relative_to(TOP))


def module(path: Path) -> str:
    """The name under which the layer, or the command line, imports the file."""
    parts = path.relative_to(LAYER if path.is_relative_to(LAYER) else TOP / "cli").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


LAYER_FILES = sorted((LAYER / "saldo").rglob("*.py"))
WINGS = [path for path in LAYER_FILES if path.relative_to(LAYER).parts[1] in ("aws", "http")]
STORAGE = sorted((LAYER / "saldo" / "aws").rglob("*.py"))
DOMAIN = [path for path in LAYER_FILES if path not in WINGS]
FUNCTIONS = sorted((TOP / "functions").glob("*/app.py"))
SOURCES = [path for folder in HOUSE for path in sorted((TOP / folder).rglob("*.py"))]
COMMAND_LINE = sorted((TOP / "cli").rglob("*.py"))
# Operators' commands work on the table itself, and share how it is found and how its errors are told.
OF_OPERATORS = {"erase_again.py", "commands/key.py", "commands/scheme.py", "target.py"}
OUTSIDE = ("functions", "saldo_cli", "local", "tests")
LIBRARIES_OF_THE_WINGS = ("pydantic", "multipart", "aws_lambda_powertools", "boto3", "botocore")


@pytest.mark.parametrize("path", DOMAIN, ids=named)
def test_the_domain_knows_no_aws_and_no_http(path: Path) -> None:
    assert forbidden(path, "saldo.aws", "saldo.http", *LIBRARIES_OF_THE_WINGS) == []


@pytest.mark.parametrize("path", STORAGE, ids=named)
def test_storage_knows_no_http(path: Path) -> None:
    assert forbidden(path, "saldo.http") == []


@pytest.mark.parametrize("path", LAYER_FILES, ids=named)
def test_the_layer_imports_nothing_from_outside(path: Path) -> None:
    assert forbidden(path, *OUTSIDE) == []


@pytest.mark.parametrize("path", COMMAND_LINE, ids=named)
def test_the_command_line_talks_to_the_api_over_http(path: Path) -> None:
    """It is installed without the rest of the repository, and only operators' commands know the layer."""
    assert forbidden(path, "functions", "local", "tests") == []
    if str(path.relative_to(TOP / "cli" / "saldo_cli")) not in OF_OPERATORS:
        assert forbidden(path, "saldo", "boto3", "botocore") == []


def test_help_loads_nothing_heavy() -> None:
    """It has to answer at once."""
    code = (
        "import sys; from saldo_cli.group import saldo\n"
        "print([name for name in ('httpx', 'msgspec', 'rich', 'boto3', 'saldo', 'ssl') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_imports_functions(path: Path) -> None:
    assert forbidden(path, "functions") == []


@pytest.mark.parametrize("path", FUNCTIONS, ids=named)
def test_a_function_imports_only_the_layer(path: Path) -> None:
    allowed = {"saldo", "msgspec", *sys.stdlib_module_names}
    if path.parent.name == "pages":
        allowed.add("aws_lambda_powertools")  # which brings Swagger UI
    assert [name for name in imports(ast.walk(parsed(path))) if name.split(".")[0] not in allowed] == []


@pytest.mark.parametrize("path", FUNCTIONS, ids=named)
def test_a_function_makes_no_client_when_it_is_imported(path: Path) -> None:
    """boto3 is not even imported until the first request needs it, nor what only one kind of answer needs."""
    code = (
        f"import sys; sys.path[:0] = [{str(path.parent)!r}, {str(LAYER)!r}]\n"
        "import app\n"
        "print([name for name in ('boto3', 'pandas', 'numpy', 'moto', 'xlsxwriter') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_what_makes_a_spreadsheet_imports_its_library(path: Path) -> None:
    assert forbidden(path, "xlsxwriter") == [] or path.stem.startswith("spreadsheet")


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_what_imports_its_library_is_itself_imported_when_one_is_made(path: Path) -> None:
    assert "saldo.spreadsheet_transactions" not in imports(at_import(parsed(path).body))


def at_import(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported: not those in functions or under `if TYPE_CHECKING`."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield from at_import(statement.orelse)
            continue
        yield statement
        for block in ("body", "orelse", "finalbody"):
            yield from at_import(getattr(statement, block, []))
        for handler in getattr(statement, "handlers", []):
            yield from at_import(handler.body)


def run_by(name: str, source: str, modules: Collection[str]) -> set[str]:
    """The modules that the import of `name` runs first: those that it imports, and the packages around them."""
    names: set[str] = set()
    for statement in at_import(ast.parse(source).body):
        if isinstance(statement, ast.ImportFrom):
            # `from a import b` takes nothing from a itself if a.b is a module.
            aliases = {f"{statement.module}.{alias.name}" for alias in statement.names}
            names |= {alias if alias in modules else alias.rpartition(".")[0] for alias in aliases}
        else:
            names |= set(imports([statement]))
    # Whoever imports `name` has already begun with the packages around it.
    packages = {imported[:at] for imported in names for at, letter in enumerate(imported) if letter == "."}
    names |= {package for package in packages if not name.startswith(f"{package}.")}
    return names.intersection(modules) - {name}


def cycle(sources: Mapping[str, str]) -> list[str]:
    """The modules of an import cycle at module level; empty if there is none."""
    graph = {name: run_by(name, source, sources) for name, source in sources.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        modules: list[str] = error.args[1]
        return modules
    return []


@pytest.mark.parametrize("files", [LAYER_FILES, COMMAND_LINE], ids=["layer", "command line"])
def test_there_is_no_import_cycle(files: list[Path]) -> None:
    assert cycle({module(path): path.read_text() for path in files}) == []


@pytest.mark.parametrize(
    ("sources", "modules"),
    [
        ({"p.a": "import p.b", "p.b": "from p import a"}, {"p.a", "p.b"}),
        ({"p.a": "try:\n    import p.b\nfinally:\n    pass", "p.b": "import p.a"}, {"p.a", "p.b"}),
        ({"p.a": "import p.b", "p.b": "class B:\n    from p.a import x"}, {"p.a", "p.b"}),
        ({"p.a": "import p.b", "p.b": "try:\n    pass\nexcept X:\n    import p.a"}, {"p.a", "p.b"}),
        ({"p.a": "def f():\n    import p.b", "p.b": "import p.a"}, set()),
        ({"p.a": "if TYPE_CHECKING:\n    import p.b", "p.b": "import p.a"}, set()),
        # by way of a package
        ({"p.a": "import p.q.b", "p.q": "import p.a", "p.q.b": ""}, {"p.a", "p.q"}),
        ({"p.q": "import p.q.a", "p.q.a": "from p.q import f"}, {"p.q", "p.q.a"}),
        ({"p.q": "import p.q.a", "p.q.a": "from p.q import b", "p.q.b": ""}, set()),
        ({"p.q": "import p.q.a", "p.q.a": "import p.q.b\nfrom p.q import f", "p.q.b": ""}, {"p.q", "p.q.a"}),
    ],
)
def test_a_cycle_would_be_found(sources: dict[str, str], modules: set[str]) -> None:
    assert set(cycle(sources)) == modules


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    lines = path.read_text().count("\n")
    assert lines <= MAX_LINES


def test_no_module_has_a_vague_name() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert [named(path) for path in (*SOURCES, *(TOP / "tests").rglob("*.py")) if path.stem in vague] == []
