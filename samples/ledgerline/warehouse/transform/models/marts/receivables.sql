select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.net_amount - coalesce(sum(payments.amount), 0) as open_amount
from {{ ref('stg_invoices') }} as invoices
left join {{ ref('stg_payments') }} as payments
    on payments.invoice_id = invoices.invoice_id
group by invoices.invoice_id, invoices.customer_id, invoices.net_amount
