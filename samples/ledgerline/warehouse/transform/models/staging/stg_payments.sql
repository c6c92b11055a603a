select
    payment_id,
    invoice_id,
    customer_id,
    paid_on,
    amount,
    upper(currency) as currency
from {{ source('raw', 'payments') }}
where status = 'settled'
