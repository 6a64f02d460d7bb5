"""The listing with FastAPI in Lambda, through Mangum. mypy does not check this folder."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from mangum import Mangum

from .listing import HEADERS, BadCursor, Listing, ListingQuery, NotFound, listing

app = FastAPI(openapi_url=None)


async def headers(request: Request, response: Response) -> None:
    """A dependency, because a Starlette middleware would cost a task per request."""
    response.headers.update(HEADERS)
    request_id = request.headers.get("x-request-id")
    response.headers["X-Request-ID"] = request_id or request.scope["aws.event"]["requestContext"]["requestId"]


async def tenant(request: Request) -> str:
    authorizer = request.scope["aws.event"]["requestContext"].get("authorizer") or {}
    if "transactions:read" not in authorizer.get("scopes", "").split():
        raise HTTPException(403, "The key does not have the scope transactions:read.")
    return authorizer["tenant"]


# A function gets one request at a time, so a plain `def` would only add a thread.
@app.get(
    "/api/v1/customer/{customer_id}/transactions",
    response_model=Listing,
    response_model_exclude_unset=True,
    dependencies=[Depends(headers)],
)
async def of_customer(
    customer_id: str,
    query: Annotated[ListingQuery, Query()],
    tenant: Annotated[str, Depends(tenant)],
    request: Request,
    response: Response,
):
    try:
        page = listing(tenant, customer_id, query)
    except NotFound:
        raise HTTPException(404, "There is no such customer.") from None
    except BadCursor:
        raise HTTPException(400, "cursor is not a cursor of this listing") from None
    if page.paging.next:
        filters = {name: value for name, value in request.query_params.items() if name not in ("offset", "cursor")}
        response.headers["Link"] = f'<?{urlencode(filters | {"cursor": page.paging.next})}>; rel="next"'
    return page


handler = Mangum(app, lifespan="off")
