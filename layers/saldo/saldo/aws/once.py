"""Idempotency keys: the same call again gets the first answer, for 24 hours.

The key is claimed before anything is written. Its claim holds a salt that the ids of the call are made with, so a
call that died half-way, or that runs twice at the same time, makes the same transactions; who is done first settles
the answer for both.

item  PK `C#...`, SK `I#{sha256}`: request (hash), salt, expires (epoch seconds, the table's TTL), and once it is
      settled answered (the status) and answer (the body)
"""

import hashlib
import secrets
import time
from collections.abc import Callable

import msgspec

from saldo.aws.customers import Customer
from saldo.aws.table import Rejected, Table
from saldo.aws.web import Answer, answer
from saldo.aws.wire import N, S, number, string
from saldo.errors import Conflict, Unavailable

_KEPT_SECONDS = 24 * 60 * 60


class _Claim(msgspec.Struct, frozen=True):
    request: S
    salt: S
    answered: N | None = None
    answer: S | None = None


def once(
    table: Table, customer: Customer, key: str | None, request: bytes, act: Callable[[str | None], Answer]
) -> Answer:
    """Do `act(salt)` once for the key, or without one do `act(None)`.

    Conflict if the key was used for another request. What `act` raises is not kept: the call may be made again.
    """
    if key is None:
        return act(None)
    sk = f"I#{hashlib.sha256(key.encode()).hexdigest()}"
    claim = _claim(table, customer, sk, hashlib.sha256(request).hexdigest())
    if claim.answered and claim.answer:
        return answer(int(claim.answered.N), claim.answer.S.encode())
    return _settle(table, customer, sk, claim, act(claim.salt.S))


def _claim(table: Table, customer: Customer, sk: str, request: str) -> _Claim:
    now = int(time.time())
    salt = secrets.token_hex(16)
    attributes = {"request": string(request), "salt": string(salt), "expires": number(now + _KEPT_SECONDS)}
    try:
        # DynamoDB removes what has expired within days, not at once.
        table.put(
            customer.partition,
            sk,
            attributes,
            condition="attribute_not_exists(PK) OR expires <= :now",
            values={":now": number(now)},
        )
        return _Claim(S(request), S(salt))
    except Rejected:
        other = table.get(customer.partition, sk, _Claim)
    if other is None:
        raise Unavailable("The idempotency key is expiring; send the same call again.")
    if other.request.S != request:
        raise Conflict("The Idempotency-Key was used for another request.")
    return other


def _settle(table: Table, customer: Customer, sk: str, claim: _Claim, own: Answer) -> Answer:
    try:
        table.update(
            customer.partition,
            sk,
            "SET answered = :status, answer = :answer",
            {
                ":status": number(own.status),
                ":answer": string(own.body.decode()),
                ":salt": string(claim.salt.S),
            },
            condition="salt = :salt AND attribute_not_exists(answer)",
        )
    except Rejected:
        first = table.get(customer.partition, sk, _Claim)
        if first and first.answered and first.answer and first.salt == claim.salt:
            return answer(int(first.answered.N), first.answer.S.encode())
    return own
