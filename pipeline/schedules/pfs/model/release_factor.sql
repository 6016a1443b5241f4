-- The conversion factors of the release, each of its class (conversion_factor_class.csv): of the file
-- of all services the default class of the year, of the file of qualifying participants theirs
-- (pfs-rules 1.2). A check has seen that a file has one factor only.
select class.conversion_factor_class, class.is_default as is_default_class, mode(conversion_factor) as conversion_factor
from stage.pprrvu
cross join this_release
join conversion_factor_class as class
  on class.is_default and calendar_year between class.first_year and coalesce(class.last_year, 9999)
group by all
union all
select 'qp', false, mode(conversion_factor) from stage.pprrvu_qpp having count(*) > 0
