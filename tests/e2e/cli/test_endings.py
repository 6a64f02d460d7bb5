"""How `saldo` ends when something is wrong: never with a traceback, whatever it is."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.e2e.cli.commands import SALDO, Saldo, Terminal, environment, in_pipe
from tests.e2e.cli.scripted import Scripted

LIST = "/api/v1/customer/anna/transactions"
DOWNLOADS = "/api/v1/customer/anna/downloads"
IMPORTS = "/api/v1/customer/anna/imports"
CONTENT = b"Category,Subcategory,Line_Item,Metric,Value\n"
IMPORT: dict[str, Any] = {
    "importId": "0" * 32,
    "status": "completed",
    "received": 1,
    "imported": 1,
    "duplicates": 0,
    "reason": None,
}


def link(url: str, content: bytes = CONTENT) -> dict[str, Any]:
    return {
        "url": url,
        "filename": "csv-anna-20260630.csv",
        "bytes": len(content),
        "sha256": sha256(content).hexdigest(),
        "rows": 0,
    }


def page(*transactions: dict[str, Any], next_: str | None = None) -> dict[str, Any]:
    return {
        "transactions": transactions,
        "paging": {"count": len(transactions), "more": next_ is not None, "next": next_},
    }


def transaction(**fields: Any) -> dict[str, Any]:
    return {
        "transactionID": 1,
        "transactionGroupID": 1,
        "transactionTypeID": 1,
        "transactionDate": "2026-01-01T00:00:00.000Z",
        "value": 1,
        "reference": None,
    } | fields


# --- What answers is not Saldo ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (502, b"<html>\x1b[31mbad gateway</html>", "answered 502 Bad Gateway, not in Saldo's words (text/html)"),
        (200, b"<html>log in</html>", "the answer is not one of Saldo: is the URL right?"),
        (200, b"", "the answer is not one of Saldo"),
        (200, b"{}", "the answer is not one of Saldo"),
        (200, b'{"transactions": 1, "paging": []}', "the answer is not one of Saldo"),
        (200, b"\xff\xfe", "the answer is not one of Saldo"),
        (200, b"[" * 100_000, "the answer is not one of Saldo"),
        (301, b"", "answered 301 Moved Permanently, not in Saldo's words"),
        (404, b'{"detail": 1}', "answered 404 Not Found, not in Saldo's words"),
    ],
)
def test_what_a_proxy_answers_is_one_line(
    saldo: Saldo, scripted: Scripted, status: int, body: bytes, message: str
) -> None:
    scripted.on(LIST, body, status, Content_Type="text/html", Location="http://example.com/")
    ended = saldo("list", "-c", "anna")
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert message in ended.err
    assert "\x1b" not in ended.err
    assert len(scripted.calls) == 1, "a redirect is not followed: it would carry the key along"


def test_nothing_answers(saldo: Saldo, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    monkeypatch.setenv("SALDO_URL", url)
    monkeypatch.setenv("SALDO_KEY", "some-key")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert saldo("customers") == (1, "", f"saldo: nothing answers at {url}: is the URL right, and is it running?\n")


@pytest.fixture
def untrusted(tmp_path: Path) -> Iterator[str]:
    """The URL of a server whose certificate nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    unencrypted = serialization.NoEncryption()
    (tmp_path / "server.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unencrypted) + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, pytest.raises(ssl.SSLError):
                context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


def test_a_certificate_that_nobody_trusts(saldo: Saldo, untrusted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALDO_KEY", "some-key")
    ended = saldo("--url", untrusted, "customers")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == f"saldo: the certificate of {untrusted} cannot be trusted: self-signed certificate\n"


def test_certificates_that_cannot_be_read(saldo: Saldo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALDO_KEY", "some-key")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/ca.pem")
    ended = saldo("--url", "https://127.0.0.1:1", "customers")
    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "SSL_CERT_FILE" in ended.err


# --- Refused before anything is sent ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--url", "http://example.com", "customers"), "https"),
        (("--url", "http://127.0.0.1.example.com", "customers"), "https"),
        (("--url", "http://192.168.0.1", "customers"), "https"),
        (("--url", "ftp://127.0.0.1", "customers"), "a URL such as"),
        (("--url", "https://user:word@example.com", "customers"), "without user name"),
        (("--url", "http://127.0.0.1:http", "customers"), "a URL such as"),
        (("--url", "", "customers"), "a URL such as"),
        (("list", "-c", ".."), "--customer"),
        (("list", "-c", ""), "--customer"),
        (("list",), "--customer"),
        (("list", "-c", "anna", "--limit", "0"), "--limit"),
        (("list", "-c", "anna", "--limit", "1", "--all"), "--all"),
        (("pivot", "-c", "anna", "--unit", "fortnight"), "--unit"),
        (("download", "-c", "anna", "--format", "json"), "--type"),
        (("import", "-c", "anna"), "FILE"),
        (("--key-file", "/nowhere/key", "customers"), "--key-file cannot be read: No such file"),
        (("--key-file", "/", "customers"), "--key-file cannot be read: Is a directory"),
        (("--key-file", os.devnull, "customers"), "--key-file must hold a key"),
        (("--key-file", __file__, "customers"), "--key-file must hold a key"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_call_that_cannot_be_understood(
    saldo: Saldo, scripted: Scripted, arguments: tuple[str, ...], word: str
) -> None:
    ended = saldo(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert word in ended.err
    assert scripted.calls == []


@pytest.mark.parametrize("host", ["http://localhost:9", "http://127.3.2.1:9", "http://[::1]:9"])
def test_plain_http_is_for_this_machine(saldo: Saldo, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALDO_KEY", "some-key")
    assert "nothing answers" in saldo("--url", host, "customers").err


def test_without_a_key_nothing_is_sent(saldo: Saldo, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SALDO_KEY")
    ended = saldo("customers")
    assert ended.status == 2
    assert "SALDO_KEY" in ended.err
    assert scripted.calls == []


def test_a_key_file_that_all_can_read_is_told(
    saldo: Saldo, scripted: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SALDO_KEY")
    monkeypatch.setenv("SALDO_KEY_FILE", str(tmp_path / "key"))
    (tmp_path / "key").write_text("the-key\n")
    scripted.on(LIST, page())
    (tmp_path / "key").chmod(0o644)
    assert "SALDO_KEY_FILE can be read by everybody" in saldo("list", "-c", "anna").err
    (tmp_path / "key").chmod(0o600)
    assert saldo("list", "-c", "anna").err == ""
    assert {call.headers["x-api-key"] for call in scripted.calls} == {"the-key"}


# --- What a bank wrote --------------------------------------------------------------------------------------------

NASTY = "=cmd \x1b]0;title\x07 \u202etxt.exe\n\u009b31m"


def test_control_and_bidi_characters_are_made_visible(saldo: Saldo, scripted: Scripted) -> None:
    scripted.on(LIST, page(transaction(text=NASTY)))
    scripted.on(
        "/api/v1/customer/anna",
        {
            "customerId": "anna",
            "currency": "EUR",
            "scheme": "household",
            "externalKeys": [],
            "accounts": [],
            "created": "",
        },
    )
    scripted.on("/api/linx/groups", {"scheme": "household", "groups": []})
    table = saldo("list", "-c", "anna", "--format", "table").lines
    assert table[1].endswith(r"=cmd \x1b]0;title\x07 \u202etxt.exe\n\x9b31m")
    assert len(table) == 2


def test_csv_and_json_in_a_pipe_are_data(saldo: Saldo, scripted: Scripted) -> None:
    scripted.on(LIST, page(transaction(text=NASTY)))
    assert f'"\'{NASTY}"' in saldo("list", "-c", "anna", "--format", "csv").out
    assert json.loads(saldo("list", "-c", "anna", "--format", "json").out)["transactions"][0]["text"] == NASTY


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_on_a_terminal_they_are_visible_in_any_format(scripted: Scripted, format_: str) -> None:
    scripted.on(LIST, json.dumps(page(transaction(text=NASTY)), ensure_ascii=False).encode())
    shown = Terminal("list", "-c", "anna", "--format", format_, SALDO_URL=scripted.url, SALDO_KEY="k").end()
    assert shown.status == 0
    assert not {"\x1b", "\u202e", "\u009b"}.intersection(shown.out)
    if format_ == "json":
        assert json.loads(shown.out)["transactions"][0]["text"] == NASTY


# --- Links --------------------------------------------------------------------------------------------------------


def test_a_file_is_fetched_by_its_link_without_the_key(saldo: Saldo, scripted: Scripted, tmp_path: Path) -> None:
    scripted.on(DOWNLOADS, link(f"{scripted.url}/bucket/file?signature=1"), 201)
    scripted.on("/bucket/file", CONTENT)
    assert saldo("download", "-c", "anna", "-o", str(tmp_path / "x.csv")).status == 0
    assert (tmp_path / "x.csv").read_bytes() == CONTENT
    (fetched,) = [call for call in scripted.calls if call.path.startswith("/bucket")]
    assert "some-key" not in str(fetched)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            403,
            b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
            "Request has expired",
        ),
        (200, CONTENT[:-1], "is not the file that was made"),
        (200, CONTENT[:-1] + b"x", "is not the file that was made"),
    ],
)
@pytest.mark.parametrize("old", [None, "old"])
def test_a_half_file_is_never_left(
    saldo: Saldo, scripted: Scripted, tmp_path: Path, status: int, body: bytes, message: str, old: str | None
) -> None:
    file = tmp_path / "x.csv"
    if old:
        file.write_text(old)
    scripted.on(DOWNLOADS, link(f"{scripted.url}/bucket/file"), 201)
    scripted.on("/bucket/file", body, status)
    ended = saldo("download", "-c", "anna", "-o", str(file))
    assert ended.status == 1
    assert message in ended.err
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == ({"x.csv": old} if old else {})


def test_a_connection_that_breaks_leaves_no_file(saldo: Saldo, scripted: Scripted, tmp_path: Path) -> None:
    scripted.on(DOWNLOADS, link(f"{scripted.url}/bucket/file"), 201)
    scripted.on("/bucket/file", CONTENT, Content_Length="1000", Connection="close")
    ended = saldo("download", "-c", "anna", "-o", str(tmp_path / "x.csv"))
    assert (ended.status, ended.err.count("\n"), list(tmp_path.iterdir())) == (1, 1, [])


def test_a_link_to_elsewhere_must_be_https(saldo: Saldo, scripted: Scripted, tmp_path: Path) -> None:
    scripted.on(DOWNLOADS, link("http://example.com/file"), 201)
    ended = saldo("download", "-c", "anna", "-o", str(tmp_path / "x.csv"))
    assert (ended.status, ended.err) == (1, "saldo: the link of the answer is neither https nor on this machine\n")


def test_transactions_are_waited_for(saldo: Saldo, scripted: Scripted) -> None:
    job = {"downloadId": "0" * 32, "status": "running", "rows": 0, "of": 2}
    scripted.on(DOWNLOADS, job, 202)
    scripted.on(f"{DOWNLOADS}/{'0' * 32}", job)
    scripted.on(f"{DOWNLOADS}/{'0' * 32}", job | {"status": "completed"} | link(f"{scripted.url}/bucket/file"))
    scripted.on("/bucket/file", CONTENT)
    ended = saldo("download", "-c", "anna", "transactions", "--from", "2026-01-01")
    assert ended == (0, CONTENT.decode(), "")
    assert json.loads(scripted.calls[0].body) == {"report": "transactions", "type": "csv", "from": "2026-01-01"}


def test_a_full_disk(saldo: Saldo, scripted: Scripted) -> None:
    scripted.on(DOWNLOADS, link(f"{scripted.url}/bucket/file"), 201)
    scripted.on("/bucket/file", CONTENT)
    full = "/dev/full cannot be written: No space left on device"
    assert saldo("download", "-c", "anna", "-o", "/dev/full") == (1, "", f"saldo: {full}\n")
    with open("/dev/full", "wb") as out:
        command = [str(SALDO), "download", "-c", "anna"]
        settings = environment(SALDO_URL=scripted.url, SALDO_KEY="k")
        ended = subprocess.run(command, env=settings, stdout=out, stderr=subprocess.PIPE, text=True, timeout=30)
    assert ended.returncode == 1
    assert ended.stderr == "saldo: what was read cannot be written: No space left on device\n"


# --- Imports ------------------------------------------------------------------------------------------------------


def announce(scripted: Scripted) -> None:
    upload = {"url": f"{scripted.url}/bucket/upload", "headers": {"If-None-Match": "*"}}
    scripted.on(IMPORTS, {"importId": "0" * 32, "upload": upload}, 201)


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Date,Amount\n2026-01-05,1\n")
    return path


def test_an_upload_has_the_links_headers_and_not_the_key(saldo: Saldo, scripted: Scripted, statement: Path) -> None:
    announce(scripted)
    scripted.on("/bucket/upload", b"")
    scripted.on(f"{IMPORTS}/{'0' * 32}", IMPORT)
    assert saldo("import", "-c", "anna", "--signs", "card", str(statement)).status == 0
    announced, upload, *_ = scripted.calls
    assert json.loads(announced.body) == {
        "filename": "a.csv",
        "bytes": 25,
        "sha256": sha256(statement.read_bytes()).hexdigest(),
        "signs": "card",
    }
    assert (upload.method, upload.body, upload.headers["if-none-match"]) == ("PUT", statement.read_bytes(), "*")
    assert upload.headers["content-length"] == "25"
    assert "some-key" not in str(upload)


def test_a_bucket_that_refuses_fails_one_file_only(saldo: Saldo, scripted: Scripted, statement: Path) -> None:
    announce(scripted)
    scripted.on(
        "/bucket/upload", b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>", 403
    )
    scripted.on("/bucket/upload", b"")
    scripted.on(f"{IMPORTS}/{'0' * 32}", IMPORT)
    ended = saldo("import", "-c", "anna", str(statement), str(statement))
    assert ended.status == 1
    assert [line.split(",")[1] for line in ended.lines] == ["status", "failed", "completed"]
    assert "the bucket did not take the file" in ended.err
    assert "Request has expired" in ended.err


def test_retry_after_is_obeyed(saldo: Saldo, scripted: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    busy = {"detail": "busy", "code": "503"}
    scripted.on(LIST, busy, 503, Retry_After="7")
    scripted.on(LIST, page())
    assert saldo("list", "-c", "anna").status == 0
    assert pauses == [7]
    scripted.on(LIST, {"detail": "used up", "code": "NoQuota"}, 429)
    assert saldo("list", "-c", "anna").status == 0
    assert saldo("list", "-c", "anna") == (1, "", "saldo: used up\n")


@pytest.mark.parametrize("name", ["folder", "pipe", "gone\0", "\udcff.csv"])
def test_what_is_no_file_fails_alone(saldo: Saldo, scripted: Scripted, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    ended = saldo("import", "-c", "anna", f"{tmp_path}/{name}")
    assert (ended.status, ended.lines[1].split(",")[1], ended.err.count("\n")) == (1, "failed", 1)
    assert scripted.calls == []


def test_a_key_that_may_not_see_the_customer_still_pivots(saldo: Saldo, scripted: Scripted) -> None:
    pivot: dict[str, Any] = {"from": None, "to": None, "unit": "month", "completeMonths": 0, "groups": []}
    scripted.on(f"{LIST}/pivot", pivot)
    scripted.on("/api/v1/customer/anna", {"detail": "The key lacks the scope.", "code": "InvalidApiKey"}, 403)
    ended = saldo("pivot", "-c", "anna", "--format", "table")
    assert (ended.status, ended.lines) == (
        0,
        ["          total  average", "Expenses   0.00     0.00", "Left       0.00     0.00", "0 complete months"],
    )


# --- Stopped ------------------------------------------------------------------------------------------------------


def test_ctrl_c_while_an_import_goes_on(scripted: Scripted, statement: Path) -> None:
    announce(scripted)
    scripted.on("/bucket/upload", b"")
    scripted.on(f"{IMPORTS}/{'0' * 32}", IMPORT | {"status": "processing"})
    terminal = Terminal("import", "-c", "anna", str(statement), SALDO_URL=scripted.url, SALDO_KEY="k")
    terminal.read_until("1 imported")
    os.killpg(terminal.process.pid, signal.SIGINT)
    ended = terminal.end()
    assert ended.status == 130
    assert "Traceback" not in ended.out
    assert f"its import goes on: {'0' * 32}" in " ".join(ended.out.split())
    assert "\x1b[?25h" in ended.out, "the cursor is there again"


# Presses Ctrl-C when the command line begins to load a module.
PRESSED = """
import os, signal, sys
class Presser:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Presser())
from saldo_cli.start import main
main()
"""


@pytest.mark.parametrize("module", ["saldo_cli.main", "click", "saldo_cli.group", "httpx", "msgspec"])
def test_ctrl_c_while_the_command_is_loaded(scripted: Scripted, module: str) -> None:
    scripted.on(LIST, page())
    ended = subprocess.run(
        [sys.executable, "-c", PRESSED.format(module=module), "list", "-c", "anna"],
        env=environment(SALDO_URL=scripted.url, SALDO_KEY="k"),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_a_closed_pipe_is_silent(scripted: Scripted) -> None:
    many = [transaction(text="x" * 1000) for _ in range(100)]
    scripted.on(LIST, page(*many, next_="more"))
    command = [str(SALDO), "list", "-c", "anna", "--limit", "100000"]
    settings = environment(SALDO_URL=scripted.url, SALDO_KEY="k")
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"transactionDate,amount,")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_help_needs_no_settings_and_shows_examples() -> None:
    shown = in_pipe("--help")
    assert (shown.status, shown.err) == (0, "")
    assert "_SALDO_COMPLETE" in shown.out
    completed = in_pipe(_SALDO_COMPLETE="bash_complete", COMP_WORDS="saldo pi", COMP_CWORD="1")
    assert completed.out.split(",")[-1].strip() == "pivot"
