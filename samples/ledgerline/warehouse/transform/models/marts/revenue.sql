-- Recognised revenue by period, in the group's currency. The calendar decides which invoices
-- count; it contributes no amount.
with invoices as (
    select * from {{ ref('stg_invoices') }}
),

rates as (
    select rated_on, currency, rate
    from {{ source('raw', 'fx_rates') }}
)

select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.issued_on,
    invoices.net_amount * rates.rate as amount
from invoices
inner join {{ source('ref', 'fiscal_calendar') }} as calendar
    on calendar.day = invoices.issued_on
    and not calendar.is_closed
inner join rates
    on rates.currency = invoices.currency
    and rates.rated_on = invoices.issued_on
