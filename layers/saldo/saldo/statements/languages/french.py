"""French."""

from saldo.statements.languages.language import Language

FRENCH = Language(
    name="French",
    columns={
        "date": "date comptable|date de comptabilisation|date d operation|date de l operation|date operation"
        "|dateop|date de valeur|date valeur|dateval",
        "amount": "montant|montant de l operation|montant operation|montant euros",
        "debit": "debit|debit euros",
        "credit": "credit|credit euros",
        "mark": "sens|debit credit",
        "perhaps mark": "type",
        "kind": "type|type d operation|nature|nature de l operation",
        "currency": "devise|monnaie",
        "balance": "solde|solde apres operation",
        "text": "libelle|libelle operation|libelle complet operation|libelle simplifie|motif|communication"
        "|details de l operation",
        "counterparty": "beneficiaire|contrepartie|nom de la contrepartie|supplierfound|tiers|nom",
        "counterparty account": "compte contrepartie|iban contrepartie|compte beneficiaire",
        "account": "numero de compte|accountnum|compte",
        "reference": "reference|reference operation|numero d operation|numero de transaction|n de transaction",
        "gross": "avant commission|brut",
        "net": "net",
        "payment fee": "commission|frais",
        "payment text": "objet|remarque|titre de l objet",
        "time zone": "fuseau horaire",
        "balance impact": "impact sur le solde",
        "state": "etat|statut",
    },
    debits="debit",
    credits="credit",
    booked="terminé|effectué|effectuée|comptabilisé|exécuté|complété",
    not_booked="en attente|annulé|refusé|refusée|échoué|rejeté|en cours|expiré|suspendu",
    months="janv janvier|fev fevr fevrier|mars|avr avril|mai|juin|juil juill juillet|aout|sept septembre"
    "|octobre|novembre|decembre",
    card_words="carte|commercant",
    card_phrases="carte de credit",
    plain="date|libelle|montant|categorie",
    kinds={
        "purchase": "achat|achat par carte|achat carte",
        "sale": "vente",
        "charge": "frais|retrait",
        "credit": "remboursement|avoir|paiement recu",
        "payment": "paiement|reglement",
    },
    thanks=r"paiement (?:\w+ ){0,2}merci\b"
    r"|prelevement automatique (?:\w+ ){0,2}merci\b"
    r"|merci (?:pour"
    r"|de) votre paiement\b",
    in_thanks="merci",
    salaries="salaire",
    numbers="cours|taux|montant|frais",
)
