"""Our listing without an edge: tenant and limit are taken from the event unchecked, the page is read and encoded.
Types are not checked here.
"""

from saldo.aws import pages
from saldo.aws.customers import Customers
from saldo.aws.log import logger
from saldo.aws.table import table
from saldo.selection import Selection

from .edge_answer import encoded


def handler(event, context):
    tenant = event["requestContext"]["authorizer"]["tenant"]
    customer = Customers(table(), tenant).get(event["pathParameters"]["customerId"])
    limit = int(event["queryStringParameters"]["limit"])
    page = pages.page(table(), customer, Selection(), limit)
    logger.info("answered", extra={"status": 200})
    return {"statusCode": 200, "body": encoded(page)}
