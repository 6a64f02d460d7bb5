"""Italian."""

from saldo.statements.languages.language import Language

ITALIAN = Language(
    name="Italian",
    columns={
        "date": "data contabile|data registrazione|data operazione|data movimento|data|data cont"
        "|data contabilizzazione|data transazione|data valuta|data val",
        "amount": "importo|importo operazione|importo euro|ammontare",
        "debit": "uscite|addebiti|addebiti euro|dare|addebito|uscita",
        "credit": "entrate|accrediti|accrediti euro|avere|accredito|entrata",
        "perhaps mark": "segno|tipo",
        "kind": "tipo|tipologia|tipo operazione|causale abi|tipologia operazione|tipo movimento",
        "currency": "divisa",
        "balance": "saldo|saldo contabile|saldo progressivo",
        "text": "descrizione|descrizione completa|descrizione operazione|descrizione operazioni|operazione"
        "|dettagli|causale|dettaglio",
        "counterparty": "nome|beneficiario|controparte|beneficiario ordinante|ordinante|esercente",
        "counterparty account": "iban beneficiario|iban controparte",
        "account": "numero conto|conto corrente|conto",
        "reference": "numero operazione|riferimento|id transazione|codice transazione",
        "state": "stato|contabilizzazione",
        "gross": "lordo",
        "net": "netto",
        "payment fee": "commissione|tariffa|costo",
        "time zone": "fuso orario",
        "perhaps currency": "valuta",
    },
    debits="dare|addebito|uscita",
    credits="avere|accredito|entrata",
    booked="completato|completata|contabilizzato|contabilizzata|eseguito|eseguita",
    not_booked="in sospeso|in attesa|stornato|stornata|rifiutato|rifiutata|annullato|annullata"
    "|non contabilizzato|non contabilizzata|autorizzato|autorizzata|in corso|prenotato",
    months="gen gennaio|feb febbraio|mar marzo|apr aprile|mag maggio|giu giugno|lug luglio|ago agosto"
    "|set settembre|ott ottobre|nov novembre|dic dicembre",
    balances="saldo iniziale|saldo finale",
    card_words="carta",
    card_phrases="carta di credito",
    plain="data|descrizione|importo|categoria",
    kinds={
        "purchase": "acquisto|pagamento con carta",
        "charge": "commissione|prelievo",
        "credit": "rimborso|storno",
        "payment": "pagamento",
    },
    thanks=r"grazie per il (?:suo |tuo )?pagamento\b|pagamento ricevuto\b",
    in_thanks="grazie per|ricevuto",
    salaries="stipendio",
    numbers="importo|commissione|cambio|tasso",
)
