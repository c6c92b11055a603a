select
    map.account_code,
    map.statement,
    sum(entries.debit - entries.credit) as balance
from {{ source('fin', 'gl_entries') }} as entries
inner join {{ ref('account_map') }} as map
    on map.account_code = entries.account_code
group by map.account_code, map.statement
