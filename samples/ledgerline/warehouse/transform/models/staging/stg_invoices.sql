select
    invoice_id,
    customer_id,
    issued_on,
    net_amount,
    currency
from {{ source('fin', 'invoices') }}
