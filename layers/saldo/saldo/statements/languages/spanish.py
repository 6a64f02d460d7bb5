"""Spanish."""

from saldo.statements.languages.language import Language

SPANISH = Language(
    name="Spanish",
    columns={
        "date": "fecha contable|fecha de operacion|fecha operacion|fecha operativa|f operacion|f operativa"
        "|fecha|fecha de valor|fecha valor|f valor|valor",
        "amount": "importe|monto|cantidad",
        "debit": "cargo|cargos|debe",
        "credit": "abono|abonos|haber",
        "mark": "cargo abono|debe haber|signo",
        "perhaps mark": "tipo",
        "kind": "tipo|tipo de operacion|tipo de movimiento|tipo operacion",
        "currency": "divisa|moneda",
        "balance": "saldo|saldo disponible|disponible",
        "text": "concepto|descripcion|movimiento|detalle|observaciones|mas datos",
        "counterparty": "beneficiario|ordenante|nombre",
        "counterparty account": "cuenta destino|cuenta beneficiario|iban beneficiario",
        "account": "numero de cuenta|cuenta",
        "reference": "referencia|referencia 1|numero de operacion",
        "gross": "bruto",
        "net": "neto",
        "payment fee": "comision|tarifa",
        "time zone": "zona horaria|huso horario",
        "balance impact": "impacto en el saldo|efecto en el saldo",
        "state": "estado",
    },
    debits="cargo|debe|debito",
    credits="abono|haber|credito",
    booked="completado|completada|contabilizado|ejecutado",
    not_booked="pendiente|revertido|revertida|rechazado|rechazada|fallido|denegado|anulado",
    months="ene enero|feb febrero|mar marzo|abr abril|mayo|jun junio|jul julio|ago agosto"
    "|set sept septiembre setiembre|oct octubre|nov noviembre|dic diciembre",
    card_words="tarjeta|comercio|establecimiento",
    card_phrases="tarjeta de credito",
    plain="fecha|descripcion|importe|categoria",
    kinds={
        "purchase": "compra|compra con tarjeta",
        "sale": "venta",
        "charge": "cargo|comision",
        "credit": "devolucion|reembolso|abono|pago recibido",
        "payment": "pago|pagos|pago tarjeta",
    },
    thanks=r"pago recibido\b|gracias por su pago\b",
    in_thanks="recibido|su pago",
    salaries="nómina|nomina",
    numbers="cambio|importe|comision",
    code_page="cp1252",
)
