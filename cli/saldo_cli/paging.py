"""Lists of the API, page by page."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

import msgspec

from saldo_cli.answers import Paging
from saldo_cli.client import Api
from saldo_cli.output import write_json

T = TypeVar("T")
_LARGEST_PAGE = 100


class Walk(Generic[T]):
    """The entries of a list, in the shape `as_`, at most `limit` of them. After the walk `paging` is that of the last
    page."""

    def __init__(
        self,
        api: Api,
        path: str,
        name: str,
        as_: type[T],
        query: Mapping[str, str | int | None] = MappingProxyType({}),
        limit: int | None = None,
    ) -> None:
        self._api, self._path, self.name, self._query, self._limit = api, path, name, query, limit
        fields = [("entries", list[as_]), ("paging", Paging)]  # type: ignore[valid-type]
        self._page = msgspec.defstruct("Page", fields, rename={"entries": name})
        self.paging = Paging(count=0, more=True)

    def __iter__(self) -> Iterator[T]:
        count = 0
        while self._limit is None or count < self._limit:
            size = _LARGEST_PAGE if self._limit is None else min(self._limit - count, _LARGEST_PAGE)
            query = {**self._query, "limit": size, "cursor": self.paging.next}
            page = self._api.get(self._path, query).read(self._page)
            entries: list[T] = page.entries  # type: ignore[attr-defined]
            yield from entries
            self.paging = page.paging  # type: ignore[attr-defined]
            count += len(entries)
            if self.paging.next is None:
                return


def write_list(walk: Walk[msgspec.Raw]) -> None:
    """Write the walk to stdout as one answer of the API, as it comes."""
    count, before = 0, f'{{"{walk.name}":['
    for entry in walk:
        write_json(before + bytes(entry).decode(), end="")
        before = ","
        count += 1
    offset = None if walk.paging.offset is None else 0
    paging = msgspec.json.encode(msgspec.structs.replace(walk.paging, count=count, offset=offset)).decode()
    write_json(f'{"" if count else before}],"paging":{paging}}}')
