"""`saldo customers`: the customers of the key's tenant."""

import click

from saldo_cli.settings import Settings, shared_options

_COLUMNS = ("customerId", "currency", "scheme", "externalKeys", "accounts", "created")


@click.command()
@shared_options
@click.pass_obj
def customers(settings: Settings) -> None:
    """List the customers that the key may see.

    \b
    Example: saldo customers
    """
    import msgspec

    from saldo_cli.answers import Customer
    from saldo_cli.client import Api
    from saldo_cli.output import Column, write_rows
    from saldo_cli.paging import Walk, write_list

    api = Api(settings)
    if settings.format == "json":
        write_list(Walk(api, "/api/v1/customers", "customers", msgspec.Raw))
        return
    rows = (
        (
            customer.customerId,
            customer.currency,
            customer.scheme,
            " ".join(f"{key.type}:{key.key}" for key in customer.externalKeys),
            " ".join(customer.accounts),
            customer.created,
        )
        for customer in Walk(api, "/api/v1/customers", "customers", Customer)
    )
    write_rows(settings.format, [Column(name) for name in _COLUMNS], rows)
