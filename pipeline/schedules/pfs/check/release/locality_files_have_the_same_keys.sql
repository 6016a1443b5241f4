-- severity: error from 2020
-- GPCI, ANES and LOCCO name the same localities.
-- source: pfs-rules 7
-- payment: every amount of a locality. The file that stands alone against the others is left unread; against GPCI, the other one is.
with listed as (
  select 'gpci' as file_kind, mac, locality_number, source_line from stage.gpci
  union all select 'anes', mac, locality_number, source_line from stage.anes
  union all select 'locco', mac, locality_number, source_line from stage.locco
),
present as (select list(distinct file_kind order by file_kind) as files from listed),
placed as (
  select mac, locality_number, min(source_line) as source_line, list(distinct file_kind order by file_kind) as places
  from listed
  group by mac, locality_number
),
odd as (
  select *, list_filter(files, lambda x: not list_contains(places, x)) as lacking
  from placed, present
  where len(places) < len(files)
)
select
  case
    when len(files) = 3 and len(places) = 1 then places[1]
    when len(files) = 3 then lacking[1]
    else list_filter(files, lambda x: x <> 'gpci')[1]
  end as file_kind,
  source_line,
  format('locality {}-{} is only in {}', mac, locality_number, list_aggregate(places, 'string_agg', ' and ')) as finding
from odd
