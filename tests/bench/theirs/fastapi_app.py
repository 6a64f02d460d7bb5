"""The listing as FastAPI serves it in Lambda, by Mangum. Types are not checked here."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from mangum import Mangum

from .listing import HEADERS, BadCursor, Listing, ListingQuery, NotFound, listing

app = FastAPI(openapi_url=None)


async def headers(request: Request, response: Response) -> None:
    """A dependency: Starlette's own middleware of this kind costs a task a request."""
    response.headers.update(HEADERS)
    sent = request.headers.get("x-request-id")
    response.headers["X-Request-ID"] = sent or request.scope["aws.event"]["requestContext"]["requestId"]


async def tenant(request: Request) -> str:
    authorizer = request.scope["aws.event"]["requestContext"].get("authorizer") or {}
    if "transactions:read" not in authorizer.get("scopes", "").split():
        raise HTTPException(403, "The key does not have the scope transactions:read.")
    return authorizer["tenant"]


# One request at a time is all that a function is given: a plain `def` would only add a thread.
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
        kept = {name: value for name, value in request.query_params.items() if name not in ("offset", "cursor")}
        response.headers["Link"] = f'<?{urlencode(kept | {"cursor": page.paging.next})}>; rel="next"'
    return page


handler = Mangum(app, lifespan="off")
