"""English."""

from saldo.statements.languages.language import Language

ENGLISH = Language(
    name="English",
    columns={
        "date": "booking date|booked date|posting date|posted date|date posted|transaction date|date"
        "|completed date|started date|entry date|post date|trans date|booked at|effective date"
        "|value date",
        "amount": "amount|transaction amount|credit debit amount|billing amount",
        "debit": "debit|debits|debit amount|amount debit|withdrawal|withdrawals|money out|paid out|out",
        "credit": "credit|credits|credit amount|amount credit|deposit|deposits|money in|paid in|in",
        "mark": "debit credit|credit debit|d c|c d|dc|cr dr|dr cr|debit or credit|credit or debit|sign"
        "|direction|debit credit flag|debit credit indicator",
        "perhaps mark": "type|transaction type",
        "kind": "type|transaction type|activity type|tran type",
        "currency": "currency|ccy|currency code",
        "balance": "balance|running balance|running bal|resulting balance|balance after"
        "|balance after transaction|account balance",
        "balance before": "balance before|opening balance",
        "text": "description|transaction description|details|transaction details|narrative|particulars"
        "|label|memo|note|notes|notes and tags|text|communication|notifications|payment reference"
        "|remittance information|narration",
        "counterparty": "counterparty|counterparty name|counter party|partner name|payee|payer|payee name"
        "|payer name|beneficiary|merchant|recipient|name description|name",
        "counterparty account": "counterparty account|counterparty account number|counterparty iban|partner iban"
        "|payee account number",
        "account": "account id|account number|account|account iban|iban",
        "reference": "transaction id|trans id|transferwise id|unique id|transaction reference|reference number"
        "|reference|bank reference|id",
        "merchant code": "mcc|merchant category code|merchant code",
        "state": "state|status",
        "gross": "gross",
        "net": "net",
        "payment fee": "fee|fees",
        "payment text": "item title|subject",
        "time zone": "time zone|timezone",
        "balance impact": "balance impact",
        "elsewhere": "data|nota|valor",
        "related reference": "reference txn id",
    },
    debits="deb|deb|debit|debet|db|dr|dbit|d|out",
    credits="c|cr|credit|crdt|in",
    booked="completed|complete|booked|posted|cleared|settled|issued|executed|processed|done",
    not_booked="pending|reverted|declined|failed|cancelled|canceled|reversed|authorised|authorized|denied"
    "|rejected|expired|voided",
    months="jan january|feb february|mar march|apr april|may|jun june|jul july|aug august"
    "|sep sept september|oct october|nov november|dec december",
    balances="beginning balance|opening balance|ending balance|closing balance",
    card_words="card|cardmember|cardholder|creditcard|mcc|merchant",
    card_phrases="credit card|creditcard|mastercard|american express",
    plain="date|description|amount|category",
    kinds={
        "purchase": "purchase|purchases|card purchase|debit card purchase|pos purchase",
        "sale": "sale|charge|charges|sales draft",
        "charge": "debit|fee|fees|annual fee|late fee|cash advance|finance charge|interest charge|withdrawal",
        "credit": "credit|refund|return|returns|purchase return|reversal|chargeback|rebate|statement credit"
        "|cashback|payment received",
        "payment": "payment|payments|autopay|automatic payment|online payment|credit card payment",
    },
    thanks=r"(?:\w+ ){0,2}payment (?:received )?thank you\b|payment received\b|thank you for your payment\b",
    in_thanks="thank you|payment received",
    salaries="salary|payroll|wages",
    numbers="rate|amount|fee",
    code_page="cp1252",
)
