-- The conversion factors of the release. From 2026 two are in force, each in a file of its own
-- (pfs-rules 1.2); before, one for all. A check has seen that a file has one factor only.
select if(calendar_year >= 2026, 'nonqp', 'all') as conversion_factor_class, mode(conversion_factor) as conversion_factor
from stage.pprrvu, this_release
group by calendar_year
union all
select 'qp', mode(conversion_factor) from stage.pprrvu_qpp having count(*) > 0
