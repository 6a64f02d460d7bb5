"""Idempotency keys: the same call again gets the first answer, for 24 hours.

A key is claimed before anything is written. The claim holds a salt that goes into the ids of the call's transactions,
so a call that died half-way, or that runs twice at the same time, makes the same transactions; the first to finish
determines the answer of both. What fails is not settled: the call may be made again.
"""

import hashlib
import secrets
import time
from typing import NamedTuple

import msgspec

from saldo.aws import layout
from saldo.aws.customers import Customer
from saldo.aws.table import Rejected, Table
from saldo.aws.wire import S, number, string
from saldo.errors import Conflict, Unavailable

_KEPT_SECONDS = 24 * 60 * 60


class Claim(NamedTuple):
    """A call's hold on its idempotency key; `answer` is the first call's answer in JSON once there is one.

    The claim of a call without a key holds nothing.
    """

    sort_key: str | None
    salt: str | None
    answer: bytes | None


class _ClaimItem(msgspec.Struct, frozen=True):
    """`request` is a hash of the call."""

    request: S
    salt: S
    answer: S | None = None


def claim(table: Table, customer: Customer, key: str | None, request: bytes) -> Claim:
    """Claim the key for the request, or join the call that claimed it before. Conflict if that was another
    request."""
    if key is None:
        return Claim(None, None, None)
    sort_key = layout.idempotency_key(hashlib.sha256(key.encode()).hexdigest())
    digest = hashlib.sha256(request).hexdigest()
    now = int(time.time())
    salt = secrets.token_hex(16)
    attributes = {"request": string(digest), "salt": string(salt), "expires": number(now + _KEPT_SECONDS)}
    try:
        # DynamoDB removes expired items within days, not at once.
        table.put(
            customer.partition,
            sort_key,
            attributes,
            condition="attribute_not_exists(PK) OR expires <= :now",
            values={":now": number(now)},
        )
        return Claim(sort_key, salt, None)
    except Rejected:
        item = table.get(customer.partition, sort_key, _ClaimItem)
    if item is None:
        raise Unavailable("The idempotency key is expiring; send the same call again.")
    if item.request.value != digest:
        raise Conflict("The Idempotency-Key was used for another request.")
    return Claim(sort_key, item.salt.value, item.answer.value.encode() if item.answer else None)


def settle(table: Table, customer: Customer, claim: Claim, answer: bytes) -> bytes:
    """Keep the call's answer, and return the answer that stands: that of the first call to finish."""
    if claim.sort_key is None or claim.salt is None:
        return answer
    try:
        table.update(
            customer.partition,
            claim.sort_key,
            "SET answer = :answer",
            {":answer": string(answer.decode()), ":salt": string(claim.salt)},
            condition="salt = :salt AND attribute_not_exists(answer)",
        )
    except Rejected:
        item = table.get(customer.partition, claim.sort_key, _ClaimItem)
        if item and item.answer and item.salt.value == claim.salt:
            return item.answer.value.encode()
    return answer
