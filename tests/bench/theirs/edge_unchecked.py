"""Our listing behind Powertools' resolver without validation: the query is checked by our own pydantic model, the
answer is our own. Types are not checked here.
"""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from saldo.aws.log import logger
from saldo.http.listings import ListingQuery

from .edge import headers_of, page_of
from .edge_answer import encoded

app = APIGatewayRestResolver()


@app.get("/api/v1/customer/<customer_id>/transactions")
def of_customer(customer_id: str):
    event = app.current_event
    query = ListingQuery.parse(event.query_string_parameters or {})
    page = page_of(
        *(event, customer_id, query.group, query.type, query.start, query.end),
        *(query.limit, query.offset or 0, query.cursor, query.order),
    )
    return Response(200, content_type="application/json", body=encoded(page), headers=headers_of(event, page))


def handler(event, context):
    answer = app.resolve(event, context)
    logger.info("answered", extra={"status": answer["statusCode"]})
    return answer
