"""The domain of Saldo: what is known of bank transactions without AWS and without HTTP.

customer      whose transactions they are; belongs to one tenant, has one currency and one scheme
scheme        tables -> groups -> categories, as data; tables are income, expenses and none (internal)
group         some categories under one name; dialogportal's "transaction group"
category      what a transaction was for; dialogportal's "transaction type"
transaction   one booking: an exact amount at an instant (UTC, milliseconds), in one category
statement     rows as a bank or a client sends them: no id yet, perhaps no category
draft         a row that got its id and its category and is about to be recorded
ledger        all transactions of a customer, in the order of date, then id
cell          sum and count of one category on one day; the cells of a customer are its cube
span          from the first instant inside to the first instant outside; days are UTC
coverage      from the first to the last day with a transaction
pivot         totals, counts and averages per group and category for each period of a unit
tables        the same totals by month, in the shape of a report that is downloaded
cursor        a position in a listing, and nothing more

Arrows point inward: functions -> saldo.aws -> saldo. Nothing in here imports saldo.aws.
"""
