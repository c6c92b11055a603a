select
    booked_on,
    sum(amount) as movement
from {{ ref('stg_bank_lines') }}
group by booked_on
