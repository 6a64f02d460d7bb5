"""Lists, pivots and makes a download with the client that openapi-python-client makes, and prints what came."""

import hashlib
import json
import sys

import httpx
from saldo_client import AuthenticatedClient
from saldo_client.api.downloads import create_download
from saldo_client.api.listing import list_transactions
from saldo_client.api.pivot import pivot_ledger
from saldo_client.models import DownloadBody, DownloadBodyType, DownloadLink, Listing, Pivot, PivotLedgerUnit
from saldo_client.types import UNSET, Unset

url, customer, start, end = sys.argv[1:]
client = AuthenticatedClient(
    url, token="demo-key", prefix="", auth_header_name="x-api-key", timeout=httpx.Timeout(60)
)

pages: list[Listing] = []
cursor: str | Unset = UNSET
while not pages or pages[-1].paging.more:
    page = list_transactions.sync(customer, client=client, from_=start, to=end, limit=100, cursor=cursor)
    assert isinstance(page, Listing), page
    pages.append(page)
    cursor = page.paging.next_
pivot = pivot_ledger.sync(customer, client=client, unit=PivotLedgerUnit.MONTH, from_=start, to=end)
assert isinstance(pivot, Pivot), pivot
body = DownloadBody(type_=DownloadBodyType.CSV, from_=start, to=end)
link = create_download.sync(customer, client=client, body=body)
assert isinstance(link, DownloadLink), link
content = httpx.get(link.url).raise_for_status().content

json.dump(
    {
        "pages": [page.paging.count for page in pages],
        "values": [transaction.value for page in pages for transaction in page.transactions],
        "completeMonths": pivot.complete_months,
        "counted": sum(group.count for group in pivot.groups),
        "sha256": link.sha256,
        "downloaded": hashlib.sha256(content).hexdigest(),
        "rows": link.rows,
        "lines": content.decode().count("\n"),
    },
    sys.stdout,
)
