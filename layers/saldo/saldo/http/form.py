"""A body of `multipart/form-data` (RFC 7578), as browsers and `curl -F` send it: its one file."""

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from saldo.errors import bad

# Boundaries have at most 70 characters (RFC 2046), and a form with one file has one part.
_LONGEST_BOUNDARY = 70
_MAX_PARTS = 2
_LONGEST_NAME = 64
_MALFORMED = "must be multipart/form-data as RFC 7578 defines it, with a boundary, and one file in one part"
# What browsers, curl and the libraries send, if they name it at all.
_PLAIN = ("7bit", "8bit", "binary")


def file_of(content: bytes, content_type: str) -> bytes:
    """The bytes of the one file in the form. BadInput for a form without a file, or with anything beside it."""
    _, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise bad("Content-Type", f"must name the boundary, of 1 to {_LONGEST_BOUNDARY} characters")
    file: list[bytes] = []
    files = 0
    try:
        with PushMultipartParser(boundary, max_segment_count=_MAX_PARTS) as parser:
            for event in parser.parse(content):
                if isinstance(event, MultipartSegment):
                    _check(event)
                    files += 1
                    if files > 1:
                        raise bad("body", "must have only one file")
                elif event:
                    file.append(bytes(event))
    except MultipartError:
        raise bad("body", _MALFORMED) from None
    if not files:
        raise bad("body", "must have a file: a part with a filename")
    return b"".join(file)


def _check(part: MultipartSegment) -> None:
    """BadInput unless the part is a file, and is sent as it is."""
    if part.filename is None:
        name = (part.name or "")[:_LONGEST_NAME]
        raise bad(name or "body", "is not known: the form must have one part, a file with a filename")
    if part.header("Content-Transfer-Encoding", "binary").strip().lower() not in _PLAIN:
        raise bad("Content-Transfer-Encoding", f"must be {', '.join(_PLAIN[:-1])} or {_PLAIN[-1]}")
