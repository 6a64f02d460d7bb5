"""How the keys of the table are spelled; no other module writes or takes apart a key. docs/architecture.md shows the
items with their attributes.

PK `C#{tenant}#{customer}`         SK `#` customer, `T#{date}#{id}` transaction, `A#{day}` a day of the cube,
                                   `I#{id}` a given id, `I#{sha256}` an idempotency key,
                                   `M#{created}#{import}` an import in the list of the customer's, `J#{job}` a job
PK `X#{tenant}#{type}#{key}`       SK `#` external key
PK `K#{sha256}`                    SK `#` API key
PK `S#{tenant}#{scheme}`           SK `#` the scheme's current version, `{version}` its file
PK `U#{import}`                    SK `#` import
PK `L#{tenant}`                    SK `C#{customer}` a customer in the list of the tenant's
PK `L#`                            SK `K#{tenant}#{created}#{sha256}` an API key in the list of all tenants'
PK `J#{job}`                       SK `#` job
PK `E#{sha256}`                    SK `#` record of an erasure, by the hash of the customer's PK
G  `C#{tenant}#{customer}#{group}` the index by-group, with the SK of the transaction
"""

import hashlib
from datetime import date

# The sort key of an item that stands for its partition.
SELF = "#"
BY_GROUP = "by-group"
# The beginnings of the sort keys of the entries of a list.
LISTED_CUSTOMER, LISTED_IMPORT, LISTED_JOB, LISTED_KEY = "C#", "M#", "J#", "K#"
# The partition of the lists of all tenants together; no tenant has an empty name.
ALL_TENANTS = "L#"


def customer(tenant: str, customer_id: str) -> str:
    return f"C#{tenant}#{customer_id}"


def digest(partition: str) -> str:
    """The hash of a customer's partition: the name of its folder in the bucket, and all that is left of it once it is
    erased."""
    return hashlib.sha256(partition.encode()).hexdigest()


def owner(partition: str) -> tuple[str, str]:
    """Tenant and id of the customer whose partition it is."""
    _, tenant, customer_id = partition.split("#")
    return tenant, customer_id


def external_key(tenant: str, type_: str, key: str) -> str:
    return f"X#{tenant}#{type_}#{key}"


def api_key(digest: str) -> str:
    return f"K#{digest}"


def scheme(tenant: str, name: str) -> str:
    return f"S#{tenant}#{name}"


def import_(import_id: str) -> str:
    return f"U#{import_id}"


def import_id(partition: str) -> str:
    """The id of the import whose partition it is."""
    return partition[2:]


def lists(tenant: str) -> str:
    """The partition of a tenant's lists."""
    return f"L#{tenant}"


def listed_customer(customer_id: str) -> str:
    return f"{LISTED_CUSTOMER}{customer_id}"


def customer_listed(sort_key: str) -> str:
    """The id of the customer whose entry has this SK."""
    return sort_key.removeprefix(LISTED_CUSTOMER)


def listed_import(created: str, import_id: str) -> str:
    """The SK of an import's entry; instants have one length, so entries sort by time."""
    return f"{LISTED_IMPORT}{created}#{import_id}"


def import_listed(sort_key: str) -> str:
    """The id of the import whose entry has this SK."""
    return sort_key.rpartition("#")[2]


def listed_key(tenant: str, created: str, digest: str) -> str:
    return f"{LISTED_KEY}{tenant}#{created}#{digest}"


def key_listed(sort_key: str) -> tuple[str, str, str]:
    """Tenant, time of creation and hash of the API key whose entry has this SK."""
    _, tenant, created, digest = sort_key.split("#")
    return tenant, created, digest


def job(job_id: str) -> str:
    return f"J#{job_id}"


def listed_job(job_id: str) -> str:
    """The SK of a job's entry."""
    return f"{LISTED_JOB}{job_id}"


def job_listed(sort_key: str) -> str:
    """The id of the job whose entry has this SK."""
    return sort_key.removeprefix(LISTED_JOB)


def erasure(digest_: str) -> str:
    return f"E#{digest_}"


def group(partition: str, group_id: int) -> str:
    """The key of a customer's group in the index."""
    return f"{partition}#{group_id}"


def group_id(group_key: str) -> int:
    return int(group_key.rpartition("#")[2])


def transaction(key: str) -> str:
    """The SK of a transaction's key, or of the beginning of one."""
    return f"T#{key}"


def date_and_id(sort_key: str) -> tuple[str, int]:
    """Date and id of the transaction with this SK."""
    _, moment, identity = sort_key.split("#")
    return moment, int(identity)


def day(text: str) -> str:
    """The SK of a day of the cube, or of the beginning of one."""
    return f"A#{text}"


def date_of(sort_key: str) -> date:
    """The date of a day of the cube."""
    return date.fromisoformat(sort_key[2:])


def given_id(identity: int) -> str:
    return f"I#{identity}"


def id_given(sort_key: str) -> int:
    return int(sort_key[2:])


def idempotency_key(digest: str) -> str:
    return f"I#{digest}"
