select
    line_id,
    booked_on,
    amount,
    reference
from {{ source('raw', 'bank_lines') }}
