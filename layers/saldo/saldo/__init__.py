"""The domain of Saldo: bank transactions, without AWS and without HTTP.

customer      the owner of transactions; belongs to one tenant, has one currency and one scheme
scheme        tables -> groups -> categories, as data; the tables are income, expenses and none (internal transfers)
group         categories under one name; dialogportal's "transaction group"
category      what a transaction was for; dialogportal's "transaction type"
transaction   one booking: an exact amount at an instant (UTC, milliseconds), in one category
statement     rows as a bank or a client sends them: usually without an id, often without a category
draft         a row with its id and category, ready to be recorded
ledger        all transactions of a customer, ordered by date, then id
cell          sum and count of one category on one day; a customer's cells are the cube
span          from the first instant inside to the first instant outside; days are UTC
coverage      from the first to the last day with a transaction
pivot         totals, counts and averages per group and category, for each period of a unit
tables        the same totals by month, as a report to download
cursor        a position in a listing, and nothing more

Arrows point inward: functions -> saldo.http -> saldo.aws -> saldo. The domain imports none of the other three.
"""
