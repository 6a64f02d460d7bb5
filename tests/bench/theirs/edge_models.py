"""Our listing behind Powertools' resolver with validation of query and answer, both pydantic models, as its contract
document needs them. Types are not checked here.
"""

import json
from datetime import date
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from saldo.aws.log import logger

from .edge import headers_of, page_of
from .models import Listing, Paging, Transaction

app = APIGatewayRestResolver(enable_validation=True)


@app.get("/api/v1/customer/<customer_id>/transactions")
def of_customer(
    customer_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")],
    group: Annotated[int | None, Query()] = None,
    type_: Annotated[int | None, Query(alias="type")] = None,
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    cursor: Annotated[str | None, Query()] = None,
    order: Annotated[Literal["asc", "desc"], Query()] = "asc",
) -> Response[dict]:
    event = app.current_event
    page = page_of(event, customer_id, group, type_, start, end, limit, offset, cursor, order)
    more = {} if page.next is None else {"next": page.next}
    listing = Listing(
        transactions=[_shown(transaction) for transaction in page.transactions],
        paging=Paging(offset=page.offset, count=len(page.transactions), more=page.next is not None, **more),
    )
    # Of a model the resolver would write null for what is not there.
    body = listing.model_dump(mode="json", exclude_unset=True)
    return Response(200, content_type="application/json", body=body, headers=headers_of(event, page))


def _shown(transaction) -> Transaction:
    names = ("text", "account", "counterparty", "balance")
    details = {name: value for name in names if (value := getattr(transaction, name)) is not None}
    if transaction.extra is not None:
        details["extra"] = json.loads(bytes(transaction.extra))
    return Transaction(
        transactionID=transaction.id,
        transactionGroupID=transaction.group,
        transactionTypeID=transaction.category,
        transactionDate=transaction.date,
        value=transaction.value,
        reference=transaction.reference,
        **details,
    )


def handler(event, context):
    answer = app.resolve(event, context)
    logger.info("answered", extra={"status": answer["statusCode"]})
    return answer
