"""The listing as AWS's guide writes it: Powertools' resolver with validation, its Tracer (which patches what X-Ray
knows) and its Logger. mypy does not check this folder.
"""

from datetime import date
from typing import Annotated, Literal
from urllib.parse import urlencode

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import BadRequestError, ForbiddenError, NotFoundError
from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.logging import correlation_paths

from .listing import HEADERS, BadCursor, ListingQuery, NotFound, listing

tracer = Tracer()
logger = Logger()
app = APIGatewayRestResolver(enable_validation=True)


@app.get("/api/v1/customer/<customer_id>/transactions")
@tracer.capture_method(capture_response=False)
def of_customer(
    customer_id: Annotated[str, Path()],
    group: Annotated[int | None, Query()] = None,
    type_: Annotated[int | None, Query(alias="type")] = None,
    start: Annotated[date | None, Query(alias="from")] = None,
    end: Annotated[date | None, Query(alias="to")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    cursor: Annotated[str | None, Query()] = None,
    order: Annotated[Literal["asc", "desc"], Query()] = "asc",
) -> Response[dict]:
    context = app.current_event.request_context
    authorizer = context.authorizer
    if "transactions:read" not in authorizer.get("scopes", "").split():
        raise ForbiddenError("The key does not have the scope transactions:read.")
    query = ListingQuery.model_validate(
        {
            **{"group": group, "type": type_, "from": start, "to": end, "limit": limit},
            **{"offset": offset, "cursor": cursor, "order": order},
        }
    )
    try:
        page = listing(authorizer["tenant"], customer_id, query)
    except NotFound:
        raise NotFoundError("There is no such customer.") from None
    except BadCursor:
        raise BadRequestError("cursor is not a cursor of this listing") from None
    headers = HEADERS | {"X-Request-ID": context.request_id}
    if page.paging.next:
        query_string = app.current_event.query_string_parameters or {}
        filters = {name: value for name, value in query_string.items() if name not in ("offset", "cursor")}
        headers["Link"] = f'<?{urlencode(filters | {"cursor": page.paging.next})}>; rel="next"'
    # From a model the resolver would write null for missing fields.
    body = page.model_dump(mode="json", exclude_unset=True)
    return Response(200, content_type="application/json", body=body, headers=headers)


@logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST)
@tracer.capture_lambda_handler(capture_response=False)
def handler(event, context):
    answer = app.resolve(event, context)
    logger.info("answered", extra={"status": answer["statusCode"]})
    return answer
