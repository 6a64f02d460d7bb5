"""Czech."""

from saldo.statements.languages.language import Language

CZECH = Language(
    name="Czech",
    columns={
        "date": "datum zauctovani|datum zuctovani|datum zauctovani transakce|datum provedeni|datum"
        "|datum transakce|datum uskutecneni transakce|datum splatnosti|datum operace|valuta"
        "|datum valuty",
        "amount": "castka|objem|zauctovana castka|castka v mene uctu|castka transakce|castka v czk|castka czk",
        "mark": "smer uhrady",
        "debit": "vydaj|vydaje|odchozi|debet",
        "credit": "prijem|prijmy|prichozi|kredit",
        "perhaps mark": "typ",
        "kind": "typ|typ transakce|typ uhrady|oznaceni operace|typ operace",
        "currency": "mena|mena uctu",
        "balance": "zustatek|ucetni zustatek po transakci|zustatek po transakci|konecny zustatek",
        "text": "popis transakce|popis|zprava pro prijemce|zprava|poznamka|poznamka k uhrade|popis operace"
        "|popis pro me|vlastni poznamka|komentar",
        "counterparty": "nazev protiuctu|nazev uctu protiuctu|nazev protistrany|jmeno protistrany|platce prijemce"
        "|nazev obchodnika|protistrana",
        "counterparty account": "cislo protiuctu|protiucet|cislo uctu protiuctu|cislo uctu protistrany"
        "|protiucet a kod banky|cislo uctu platce prijemce",
        "account": "cislo uctu|ucet",
        "reference": "id transakce|id operace|id pohybu|referencni cislo|identifikace transakce",
        "state": "stav",
        "payment fee": "poplatek|poplatky",
    },
    debits="odchozi|vydaj|debet",
    credits="prichozi|prijem|kredit",
    booked="dokončeno|dokončená|zaúčtováno|zaúčtovaná|provedeno|provedená",
    not_booked="čekající|čeká|nezaúčtováno|nezaúčtovaná|blokace|zamítnuto|zamítnutá|zrušeno|vráceno"
    "|čeká na zpracování",
    months="led leden ledna|uno unor unora|bre brezen brezna|dub duben dubna|kve kveten kvetna"
    "|cvn cerven cervna|cvc cervenec cervence|srp srpen srpna|zari|rij rijen rijna"
    "|lis listopad listopadu|pro prosinec prosince",
    balances="pocatecni zustatek|konecny zustatek",
    card_words="karta|kreditni",
    card_phrases="kreditni karta|kreditni karty",
    plain="datum|popis|castka|kategorie",
    kinds={
        "purchase": "nakup|platba kartou|nakup kartou",
        "charge": "poplatek|vyber",
        "credit": "vraceni|vratka|refundace",
        "payment": "splatka|uhrada",
    },
    thanks=r"dekujeme za (?:uhradu|platbu)\b",
    in_thanks="dekujeme za",
    salaries="mzda|výplata",
    numbers="castka|objem|poplatek|kurz",
    code_page="cp1250",
)
