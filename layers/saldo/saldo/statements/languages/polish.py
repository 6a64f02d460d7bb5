"""Polish."""

from saldo.statements.languages.language import Language

POLISH = Language(
    name="Polish",
    columns={
        "date": "data ksiegowania|data operacji|data transakcji|data rozliczenia|data|data waluty",
        "amount": "kwota|kwota operacji|kwota transakcji|kwota transakcji waluta rachunku"
        "|kwota w walucie rachunku|kwota w pln",
        "debit": "obciazenia|obciazenie|wydatki|wyplaty",
        "credit": "uznania|uznanie|wplywy|wplaty",
        "perhaps mark": "rodzaj|typ",
        "kind": "typ transakcji|rodzaj transakcji|typ operacji|rodzaj operacji|rodzaj|typ",
        "currency": "waluta|waluta rachunku",
        "balance": "saldo po operacji|saldo po transakcji|saldo",
        "text": "opis operacji|opis transakcji|opis|tytul|tytulem|szczegoly|szczegoly transakcji",
        "counterparty": "nadawca odbiorca|odbiorca zleceniodawca|dane kontrahenta|kontrahent|nazwa kontrahenta"
        "|odbiorca|nadawca",
        "counterparty account": "numer konta|rachunek kontrahenta|numer rachunku kontrahenta",
        "account": "numer rachunku|rachunek|konto|numer rachunku karty",
        "reference": "nr transakcji|numer referencyjny|id transakcji|numer transakcji",
        "state": "status|stan",
        "gross": "brutto",
        "net": "netto",
        "payment fee": "oplata|prowizja",
        "time zone": "strefa czasowa",
    },
    debits="obciazenie|wydatek",
    credits="uznanie|wplyw",
    booked="zakończono|zakończone|zakończona|ukończono|zrealizowano|zrealizowana|wykonano|rozliczona"
    "|rozliczono|zaksięgowana",
    not_booked="oczekuje|oczekująca|w trakcie|w rozliczeniu|nierozliczona|cofnięto|odrzucono|odrzucona"
    "|anulowano|anulowana|blokada",
    months="sty styczen stycznia|lut luty lutego|mar marzec marca|kwi kwiecien kwietnia|maj maja"
    "|cze czerwiec czerwca|lip lipiec lipca|sie sierpien sierpnia|wrz wrzesien wrzesnia"
    "|paz pazdziernik pazdziernika|lis listopad listopada|gru grudzien grudnia",
    balances="saldo poczatkowe|saldo koncowe",
    card_words="karta|kredytowa",
    card_phrases="karta kredytowa|karty kredytowej",
    plain="data|opis|kwota|kategoria",
    kinds={
        "purchase": "zakup|platnosc karta|transakcja karta",
        "charge": "oplata|prowizja|wyplata",
        "credit": "zwrot",
        "payment": "splata|wplata",
    },
    thanks=r"dziekujemy za (?:wplate|splate)\b",
    in_thanks="dziekujemy za",
    salaries="wynagrodzenie|pensja",
    numbers="kwota|oplata|kurs|prowizja",
    code_page="cp1250",
)
