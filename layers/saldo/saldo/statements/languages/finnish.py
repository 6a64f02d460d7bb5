"""Finnish."""

from saldo.statements.languages.language import Language

FINNISH = Language(
    name="Finnish",
    columns={
        "date": "kirjauspaiva|paivamaara|pvm|tapahtumapaiva|maksupaiva|arvopaiva",
        "amount": "maara|maara euroa|summa|maara eur",
        "perhaps mark": "laji",
        "kind": "laji|tapahtumalaji|tapahtumatyyppi|tapahtuma",
        "currency": "valuutta",
        "balance": "saldo",
        "text": "selitys|viesti|otsikko|selite",
        "counterparty": "saaja maksaja|nimi|saajan nimi|saaja|maksaja|maksunsaaja",
        "account": "tilinumero|tili",
        "reference": "arkistointitunnus|arkistotunnus|viitenumero|viite",
        "state": "tila|status",
        "debit": "otot|veloitus",
        "credit": "panot|hyvitys",
        "payment fee": "palvelumaksu",
    },
    debits="otto|veloitus",
    credits="pano|hyvitys",
    booked="kirjattu|suoritettu|valmis",
    not_booked="varaus|odottaa|hylätty|peruttu|kateveraus|katevaraus",
    months="tammikuu|helmikuu|maaliskuu|huhtikuu|toukokuu|kesakuu|heinakuu|elokuu|syyskuu|lokakuu|marraskuu|joulukuu",
    balances="alkusaldo|loppusaldo",
    card_words="kortti|korttinumero|luottokortti",
    card_phrases="luottokortti",
    plain="paivamaara|pvm|selitys|summa|maara|luokka",
    kinds={
        "purchase": "osto|korttiosto",
        "charge": "palvelumaksu|otto",
        "credit": "palautus|hyvitys",
        "payment": "maksu",
    },
    thanks=r"kiitos maksusta\b|maksu vastaanotettu\b",
    in_thanks="kiitos maksusta|vastaanotettu",
    salaries="palkka",
    numbers="maara|summa|kurssi",
)
