"""Our listing behind Powertools' resolver with validation of the query; the answer is our own. Types are not checked
here.
"""

from datetime import date
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from saldo.aws.log import logger

from .edge import headers_of, page_of
from .edge_answer import encoded

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
):
    event = app.current_event
    page = page_of(event, customer_id, group, type_, start, end, limit, offset, cursor, order)
    return Response(200, content_type="application/json", body=encoded(page), headers=headers_of(event, page))


def handler(event, context):
    answer = app.resolve(event, context)
    logger.info("answered", extra={"status": answer["statusCode"]})
    return answer
