select
    viewed_on,
    sum(views) as views
from {{ ref('stg_web_sessions') }}
group by viewed_on
