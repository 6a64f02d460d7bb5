"""Files that take the most time or memory to read, in each format, by what they are made of.

Each is made in any size: as large as a body, as what a ZIP may unpack to, or as the file of an import.
"""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import cycle, islice

from tests.bench.statements import statement


def filled(size: int, head: str, unit: str | Iterable[str], tail: str = "", encoding: str = "utf-8") -> bytes:
    """The units, over and over, between head and tail."""
    units = [unit] if isinstance(unit, str) else list(unit)
    length = sum(len(text.encode(encoding)) for text in units) / len(units)
    count = max(int((size - len(head) - len(tail)) / length), 1)
    return f"{head}{''.join(islice(cycle(units), count))}{tail}".encode(encoding)


def filler(head: str, unit: str | Iterable[str], tail: str = "", encoding: str = "utf-8") -> Callable[[int], bytes]:
    return lambda size: filled(size, head, unit, tail, encoding)


SHORT_HEAD = "date,amount\n"
SHORT_ROW = "2024-01-31,1\n"
_TEXT_HEAD = "date,amount,description\n"
_WIDE = 1000


def _days(size: int) -> bytes:
    """Rows of 40,000 days."""
    first = date(1950, 1, 1)
    return filled(size, SHORT_HEAD, [f"{first + timedelta(number)},-1\n" for number in range(27_000)])


def _words(size: int, letters: str = "abcdefghijklmnopqrstuvwxyz") -> bytes:
    """Texts of words that never repeat."""
    made = random.Random(1)
    rows = (
        f"2024-01-31,-1,{' '.join(''.join(made.choices(letters, k=3)) for _ in range(450))}\n"
        for _ in range(size // (1850 * len(letters[0].encode())))
    )
    return (_TEXT_HEAD + "".join(rows)).encode()


def _ibans(size: int) -> bytes:
    """10,000 accounts with the same beginning, and texts of that beginning."""
    head = "date,amount,account,description\n"
    texts = ["nl12 " * 300 if number % 25 == 0 else "" for number in range(10_000)]
    return filled(size, head, [f"2024-01-31,-1,nl12 {number:05},{text}\n" for number, text in enumerate(texts)])


def _amounts(size: int) -> bytes:
    """Amounts that never repeat."""
    made = random.Random(1)
    rows = (f"2024-01-31,-{made.randrange(10**13)}.{made.randrange(10):02}\n" for _ in range(size // 29))
    return (SHORT_HEAD + "".join(rows)).encode()


def _times(size: int) -> bytes:
    """Times of day that never repeat, with offsets."""
    rows = (
        f"2024-01-31T{number % 24:02}:{number % 60:02}:{number % 59:02}.{number % 1000:03}+01:00,-1\n"
        for number in range(size // 33)
    )
    return (SHORT_HEAD + "".join(rows)).encode()


def _all_at_once(size: int) -> bytes:
    """Times, amounts, balances, accounts and words that never repeat, in rows of 60 bytes."""
    made = random.Random(1)
    rows = (
        f"2024-01-31T{number % 24:02}:{number % 60:02}+01:00,-{made.randrange(10**6)}.{made.randrange(100):02},"
        f"1,a{number % 10_000},{''.join(made.choices('abcdefghijkl', k=6))} b{made.randrange(999)}\n"
        for number in range(size // 61)
    )
    return ("date,amount,balance,account,description\n" + "".join(rows)).encode()


_MT940 = ":20:X\n:25:NL12\n:60F:C240101EUR0,\n"


def _json_rows(size: int) -> bytes:
    row = '{"amount":1,"transactionDate":"2024-01-31"}'
    return filled(size, '{"transactions":[' + row, "," + row, "]}")


def _berlin(size: int) -> bytes:
    row = '{"transactionAmount":{"amount":"1","currency":"EUR"},"bookingDate":"2024-01-31"}'
    return filled(size, '{"transactions":{"booked":[' + row, "," + row, "]}}")


_ENTRY = '<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-01-31</Dt></BookgDt></Ntry>'
_CAMT = "<Document><BkToCstmrStmt><Stmt>"
_CAMT_END = "</Stmt></BkToCstmrStmt></Document>"
_OFX = "<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>"
_OFX_END = "</BANKTRANLIST></STMTRS></OFX>"

FILES: dict[str, Callable[[int], bytes]] = {
    "csv: an ordinary one": lambda size: statement("CSV", size // 99).content[:size],
    "csv: an ordinary one, by rules": lambda size: (
        statement("CSV", size // 99).content[:size].replace(b",category,", b",extra2,")
    ),
    "csv: blank lines": filler(SHORT_HEAD + SHORT_ROW, "\n"),
    "csv: blank lines of CR": filler(SHORT_HEAD + SHORT_ROW, "\r"),
    "csv: lines of a space": filler(SHORT_HEAD + SHORT_ROW, " \n"),
    "csv: short rows": filler(SHORT_HEAD, SHORT_ROW),
    "csv: rows with commas only": filler(SHORT_HEAD + SHORT_ROW, ",\n"),
    "csv: a row, then commas": filler(SHORT_HEAD + SHORT_ROW, ","),
    "csv: wide empty rows": filler(
        "date,amount" + ",x" * (_WIDE - 2) + "\n" + SHORT_ROW[:-1] + "," * (_WIDE - 2) + "\n",
        "," * (_WIDE - 1) + "\n",
    ),
    "csv: wide rows": filler("date,amount" + ",x" * (_WIDE - 2) + "\n", SHORT_ROW[:-1] + "," * (_WIDE - 2) + "\n"),
    "csv: wide rows of texts": filler(
        "date,amount" + ",description" * (_WIDE - 2) + "\n", SHORT_ROW[:-1] + ",a" * (_WIDE - 2) + "\n"
    ),
    "csv: wide rows of amounts": filler(
        "date,amount" + ",amount" * (_WIDE - 2) + "\n", SHORT_ROW[:-1] + ",1" * (_WIDE - 2) + "\n"
    ),
    "csv: wide rows of dates": filler(
        "date" + ",date" * (_WIDE - 2) + ",amount\n", "," * (_WIDE - 2) + "2024-01-31,1\n"
    ),
    "csv: quotes": filler(_TEXT_HEAD + '2024-01-31,1,"', '""', '"\n'),
    "csv: quoted line ends": filler(_TEXT_HEAD + '2024-01-31,1,"', "\n", '"\n'),
    "csv: a row of many lines each": filler(_TEXT_HEAD, '2024-01-31,1,"' + "\n" * 1900 + '"\n'),
    "csv: one line": filler(_TEXT_HEAD + "2024-01-31,1,", "a"),
    "csv: lines of 999,999 characters": filler(_TEXT_HEAD, "2024-01-31,1," + "a" * 999_000 + "\n"),
    "csv: not booked": filler("date,amount,status\n2024-01-31,1,\n", "2024-01-31,1,pending\n"),
    "csv: rows of a date": filler("date,amount,description\n" + "2024-01-31,1,\n", "2024-01-31,,balance\n"),
    "csv: words beneath": filler(SHORT_HEAD + SHORT_ROW, "a\n"),
    "csv: short rows in UTF-16": filler(SHORT_HEAD, SHORT_ROW, "", "utf-16"),
    "csv: many days": _days,
    "csv: amounts that differ": _amounts,
    "csv: times that differ": _times,
    "csv: all at once": _all_at_once,
    "csv: many words": _words,
    "csv: many words with accents": lambda size: _words(size, "àéîõüçñøæœđłðþıåäöëï"),
    "csv: short words": filler(_TEXT_HEAD, "2024-01-31,1," + "a " * 999 + "\n"),
    "csv: ligatures": filler(_TEXT_HEAD, "2024-01-31,1," + "\ufdfa" * 1999 + "\n"),
    "csv: marks": filler(_TEXT_HEAD, "2024-01-31,1," + "a" + "\u0301\u0323" * 999 + "\n"),
    "csv: beginnings of IBANs": _ibans,
    "csv: balances": filler("date,amount,balance,account\n", ["2024-01-31,1,1,a\n", "2024-01-31,1,2,b\n"]),
    "csv: debit and credit": filler("date,debit,credit,balance,fee\n", "2024-01-31,1,,1,\n2024-01-31,,1,1,\n"),
    "mt940: tiny lines": filler(_MT940, ":61:240131D0,NTRFA\n", ":62F:C240131EUR0,\n"),
    "mt940: tiny informations": filler(_MT940 + ":61:240131D0,NTRFA\n", ":86:\n", ":62F:C240131EUR0,\n"),
    "mt940: both": filler(_MT940, ":61:240131D0,NTRFA\n:86:A\n", ":62F:C240131EUR0,\n"),
    "mt940: many codes": filler(
        _MT940, ":61:240131D0,NTRFA\n:86:" + "/NAME//IBAN/" * 150 + "\n", ":62F:C240131EUR0,\n"
    ),
    "mt940: many parts": filler(_MT940, ":61:240131D0,NTRFA\n:86:166" + "?20?32" * 300 + "\n", ":62F:C240131EUR0,\n"),
    "mt940: many keywords": filler(
        _MT940, ":61:240131D0,NTRFA\n:86:166?20" + "EREF+SVWZ+" * 150 + "\n", ":62F:C240131EUR0,\n"
    ),
    "mt940: long lines of 1,000": filler(_MT940, ":61:240131D0,NTRFA\n:86:A\n" + "A\n" * 999, ":62F:C240131EUR0,\n"),
    "mt940: one line": filler(_MT940 + ":61:240131D0,NTRFA\n:86:", "a ", "\n:62F:C240131EUR0,\n"),
    "mt940: blank lines": filler(_MT940 + ":86:", "\n" * 900 + ":86:"),
    "mt940: blank lines in front": filler("\n" + _MT940 + ":62F:C240131EUR0,\n-\n", "\n"),
    "mt940: tiny statements": filler("", ":20:\n:60F:C240101EUR0,\n:62F:C240131EUR0,\n"),
    "mt940: tiny fields": filler(_MT940, ":64:\n", ":62F:C240131EUR0,\n"),
    "mt940: braces": filler(_MT940 + ":62F:C240131EUR0,\n", "{1:\n"),
    "mt940: dashes": filler(_MT940 + ":62F:C240131EUR0,\n", "-\n"),
    "camt: tiny entries": filler(_CAMT, _ENTRY, _CAMT_END),
    "camt: an entry of tiny elements": filler(_CAMT + _ENTRY[:-7], "<a>1</a>", "</Ntry>" + _CAMT_END),
    "camt: tiny elements": filler(_CAMT, "<a/>", _CAMT_END),
    "camt: elements that differ": lambda size: filled(
        size,
        _CAMT + _ENTRY[:-7],
        [f"<a{number}>1</a{number}>" for number in range(size // 20)],
        "</Ntry>" + _CAMT_END,
    ),
    "camt: texts of an entry": filler(
        _CAMT + _ENTRY[:-7] + "<NtryDtls><TxDtls><RmtInf>",
        "<Ustrd>a</Ustrd>",
        "</RmtInf></TxDtls></NtryDtls></Ntry>" + _CAMT_END,
    ),
    "camt: attributes": lambda size: filled(
        size, _CAMT + "<a ", [f'b{number}="" ' for number in range(size // 12)], "/>" + _CAMT_END
    ),
    "camt: namespaces": lambda size: filled(
        size, _CAMT + "<a ", [f'xmlns:b{number}="c" ' for number in range(size // 19)], "/>" + _CAMT_END
    ),
    "camt: tiny balances": filler(
        _CAMT,
        "<Bal><Tp><CdOrPrtry><Cd>A</Cd></CdOrPrtry></Tp><Amt>1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>",
        _CAMT_END,
    ),
    "camt: tiny statements": filler("<Document><BkToCstmrStmt>", "<Stmt/>", "</BkToCstmrStmt></Document>"),
    "camt: entities": filler(_CAMT + _ENTRY[:-7] + "<AddtlNtryInf>", "&amp;", "</AddtlNtryInf></Ntry>" + _CAMT_END),
    "camt: line ends": filler(_CAMT + _ENTRY[:-7] + "<AddtlNtryInf>", "\n", "</AddtlNtryInf></Ntry>" + _CAMT_END),
    "camt: one tag": filler(_CAMT + "<", "a", "/>" + _CAMT_END),
    "ofx: tiny entries": filler(_OFX, "<STMTTRN><DTPOSTED>20240131<TRNAMT>1</STMTTRN>", _OFX_END),
    "ofx: entries with equal ids": filler(_OFX, "<STMTTRN><DTPOSTED>20240131<TRNAMT>1<FITID>1</STMTTRN>", _OFX_END),
    "ofx: tiny leaves": filler(_OFX, "<A>1", _OFX_END),
    "ofx: tiny empty elements": filler(_OFX, "<A>", _OFX_END),
    "ofx: tiny aggregates": filler(_OFX, "<A></A>", _OFX_END),
    "ofx: end tags that differ": lambda size: filled(
        size, _OFX, [f"<A{number}></A{number}>" for number in range(size // 15)], _OFX_END
    ),
    "ofx: deep": filler(_OFX, "<A>", "</A>"),
    "ofx: entities": filler(_OFX + "<STMTTRN><DTPOSTED>20240131<TRNAMT>1<MEMO>", "&#1;", "</STMTTRN>" + _OFX_END),
    "ofx: comments": filler(_OFX, "<!---->", _OFX_END),
    "ofx: sections": filler(_OFX + "<A>1", "<![CDATA[]]>", _OFX_END),
    "ofx: one value": filler(_OFX + "<A>", "a ", _OFX_END),
    "ofx: wrong near the end": filler(_OFX, "<STMTTRN><DTPOSTED>20240131<TRNAMT>1</STMTTRN>\n", "<STMTTRN></X>"),
    "ofx: in front": filler("", "<OFX\u00a0", _OFX + _OFX_END),
    "ofx: tiny statements": filler("<OFX>", "<STMTRS></STMTRS>", "</OFX>"),
    "json: tiny rows": _json_rows,
    "json: tiny rows of the Berlin Group": _berlin,
    "json: deep": filler('{"transactions":[', "[", ""),
    "json: one number": filler('{"transactions":[{"transactionDate":"2024-01-31","amount":', "1", "}]}"),
    "json: large category": filler(
        '{"transactions":[{"transactionDate":"2024-01-31","amount":1,"category":', "1", "}]}"
    ),
    "json: numbers": filler(
        '{"transactions":[{"transactionDate":"2024-01-31","amount":1,"extra":{"a":[', "1,", "1]}}]}"
    ),
    "json: texts": filler(
        '{"account":{},"transactions":{"booked":[{"transactionAmount":{"amount":"1","currency":"EUR"},"bookingDate":"2024-01-31","remittanceInformationUnstructuredArray":[',
        '"",',
        '""]}]}}',
    ),
    "json: unknown fields": filler('{"transactions":{"booked":[]},"a":[', "{},", "{}]}"),
    "json: spaces": filler("{", " ", '"transactions":[]}'),
}
