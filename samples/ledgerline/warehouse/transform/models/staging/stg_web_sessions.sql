select
    visitor_id,
    date_trunc('day', viewed_at) as viewed_on,
    count(*) as views
from {{ source('raw', 'web_clicks') }}
group by 1, 2
