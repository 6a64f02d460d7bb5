"""Corrects and deletes with boto3's resource, one item after the other. mypy does not check this folder."""

from tests.bench.theirs.registering import resource_table


def contender(house, *, with_totals: bool):
    """How to correct and to delete; with totals, each transaction's day follows in a second request."""
    table, pk = resource_table(house.endpoint, house.table.name), house.customer.partition

    def add(transaction, category: int, sign: int) -> None:
        table.update_item(
            Key={"PK": pk, "SK": f"A#{transaction.date[:10]}"},
            UpdateExpression=f"ADD s{category} :s, n{category} :n",
            ExpressionAttributeValues={":s": sign * transaction.value, ":n": sign},
        )

    def correct(transactions, category: int) -> None:
        group = house.customer.scheme.group_of(category)
        for transaction in transactions:
            table.update_item(
                Key={"PK": pk, "SK": f"T#{transaction.key}"},
                UpdateExpression="SET category = :category, G = :group REMOVE #rule",
                ExpressionAttributeNames={"#rule": "rule"},
                ExpressionAttributeValues={":category": category, ":group": f"{pk}#{group}"},
            )
            if with_totals:
                add(transaction, transaction.category, -1)
                add(transaction, category, 1)

    def delete(transactions) -> None:
        for transaction in transactions:
            table.delete_item(Key={"PK": pk, "SK": f"T#{transaction.key}"})
            if with_totals:
                add(transaction, transaction.category, -1)

    return correct, delete
