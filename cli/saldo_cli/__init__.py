"""The command line `saldo`. It talks to the API over HTTP; only the commands for operators, `key` and `scheme`, work
on the table itself and import saldo.

What the commands import at their top is light. What takes time (httpx, msgspec, rich, boto3) is imported where it is
needed, so that `saldo --help` and shell completion answer at once.
"""
