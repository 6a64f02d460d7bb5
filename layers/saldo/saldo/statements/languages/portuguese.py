"""Portuguese."""

from saldo.statements.languages.language import Language

PORTUGUESE = Language(
    name="Portuguese",
    columns={
        "date": "data mov|data movimento|data lancamento|data lanc|data de lancamento|data operacao"
        "|data da operacao|data registo da operacao|data contabilistica|data transacao|data"
        "|data valor|data de valor",
        "amount": "montante|valor|importancia|importe|quantia|montante eur|valor r",
        "debit": "debito|debitos|debito r|saidas",
        "credit": "credito|creditos|credito r|entradas",
        "perhaps mark": "tipo|d c",
        "mark": "debito credito",
        "kind": "tipo|tipo de movimento|tipo lancamento|tipo de transacao",
        "currency": "moeda",
        "balance": "saldo|saldo contabilistico|saldo contabilistico apos movimento|saldo controlo"
        "|saldo apos movimento|saldo r|saldo disponivel",
        "text": "descricao|historico|descritivo|descricao do movimento|lancamento|detalhe|movimento",
        "counterparty": "beneficiario|nome|destinatario|ordenante",
        "counterparty account": "conta destino|iban beneficiario",
        "account": "conta|numero de conta|numero da conta",
        "reference": "identificador|referencia|id da transacao|numero do documento|docto",
        "state": "estado|situacao",
        "gross": "bruto",
        "net": "liquido",
        "payment fee": "comissao|taxa|tarifa",
        "time zone": "fuso horario",
    },
    debits="debito|saida",
    credits="credito|entrada",
    booked="concluída|concluído|completada|completado|efetuada|efetuado|contabilizado|processado",
    not_booked="pendente|revertida|revertido|recusada|recusado|cancelada|cancelado|anulada|anulado"
    "|rejeitada|rejeitado|falhou|em processamento|autorizado|cativo",
    months="jan janeiro|fev fevereiro|mar marco|abr abril|mai maio|jun junho|jul julho|ago agosto"
    "|set setembro|out outubro|nov novembro|dez dezembro",
    balances="saldo inicial|saldo final|saldo anterior",
    card_words="cartao",
    card_phrases="cartao de credito",
    plain="data|descricao|montante|valor|categoria",
    kinds={
        "purchase": "compra",
        "charge": "comissao|levantamento|tarifa",
        "credit": "reembolso|estorno|devolucao",
        "payment": "pagamento",
    },
    thanks=r"pagamento recebido\b|obrigado pelo (?:seu )?pagamento\b",
    in_thanks="recebido|obrigado pelo",
    salaries="salário",
    numbers="montante|valor|comissao|cambio|taxa",
    code_page="cp1252",
)
