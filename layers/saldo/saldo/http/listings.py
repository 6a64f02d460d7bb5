"""What lists take in their query, and how an answer tells where its page is: a listing of transactions has filters,
every other list only a limit and a cursor.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from saldo.accounts import comparable
from saldo.errors import BadInput, bad
from saldo.http.model import Model
from saldo.http.parameters import Integer, Limit, SpanQuery
from saldo.http.request import Request
from saldo.money import fits, parse
from saldo.rules import words
from saldo.search import Search

# The filters for which each transaction has to be looked at.
_FILTERS = "account, text, min or max"
_LONGEST = 256


def _amount(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse(value, "")
    except BadInput as error:
        raise ValueError(error.errors[0].message) from None


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value == "true"


def _with_words(value: str) -> str:
    if not words(value):
        raise ValueError("must have a word")
    return value


def _with_account(value: str) -> str:
    if not comparable(value):
        raise ValueError("must not be empty")
    return value


_TEXT: Any = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
SearchText = Annotated[str, Field(max_length=_LONGEST), AfterValidator(_with_words), WithJsonSchema(_TEXT)]
SearchedAccount = Annotated[str, Field(max_length=_LONGEST), AfterValidator(_with_account), WithJsonSchema(_TEXT)]
_Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
_Flag = Annotated[bool, BeforeValidator(_flag)]


def search_of(
    account: str | None, text: str | None, least: Decimal | None, most: Decimal | None, decimals: int
) -> Search | None:
    """What the filters find, None without any. BadInput for amounts with more decimals, or for an empty range."""
    for name, amount in (("min", least), ("max", most)):
        if amount is not None and not fits(amount, decimals):
            raise bad(name, f"must have at most {decimals} decimals")
    if least is not None and most is not None and least > most:
        raise bad("min", "must not be more than max")
    search = Search(None if account is None else comparable(account), tuple(words(text or "")), least, most)
    return None if search == Search() else search


class ListQuery(Model):
    """The parameters of a list other than a listing."""

    limit: Limit = Field(100, description="The most entries of a page.")
    cursor: str | None = Field(None, description="`paging.next` of the page before.")


class GroupListingQuery(SpanQuery):
    """The parameters of a listing within one group."""

    type: Integer | None = Field(None, description="Only transactions of this type (category).")
    account: SearchedAccount | None = Field(
        None, description="Only transactions of this account; spaces and case do not matter."
    )
    text: SearchText | None = Field(
        None,
        description="Only transactions with all of these words, each at the beginning of a word of `text` or "
        "`counterparty`; case and accents do not matter.",
    )
    least: _Amount | None = Field(None, alias="min", description="The least `value`, itself inside.")
    most: _Amount | None = Field(None, alias="max", description="The greatest `value`, itself inside.")
    limit: Limit = Field(100, description="The most transactions of a page.")
    offset: Integer | None = Field(
        None, description=f"How many transactions to skip; not together with `cursor`, nor with {_FILTERS}."
    )
    cursor: str | None = Field(None, description="`paging.next` of the page before; not together with `offset`.")
    order: Literal["asc", "desc"] = Field("asc", description="By date, then id.")
    total: _Flag = Field(
        False,
        description="Whether `paging.total` says how many transactions the listing has in all; not together with "
        f"{_FILTERS}.",
    )

    def search(self, decimals: int) -> Search | None:
        """What the filters find, None without any; amounts have at most that many decimals. BadInput for what does
        not go together."""
        if self.cursor is not None and self.offset is not None:
            raise bad("cursor", "cannot go with offset")
        search = search_of(self.account, self.text, self.least, self.most, decimals)
        if search is None:
            return None
        if self.offset is not None:
            raise bad("offset", f"cannot go with {_FILTERS}")
        if self.total:
            raise bad("total", f"cannot go with {_FILTERS}")
        return search


class ListingQuery(GroupListingQuery):
    """The parameters of a listing over all groups."""

    group: Integer | None = Field(None, description="Only transactions of this group.")


class ListPaging(msgspec.Struct, omit_defaults=True):
    """How many entries the page has, and whether there is more; `next` is there when there is."""

    count: int
    more: bool
    next: str | None = None


def link_headers(request: Request, next_: str | None) -> dict[str, str]:
    """The Link header of a page, with the query of the next one; without a next one there is none."""
    if next_ is None:
        return {}
    kept = {name: values[0] for name, values in request.raw_query.items() if name not in ("offset", "cursor")}
    return {"Link": f'<?{urlencode(kept | {"cursor": next_})}>; rel="next"'}
