-- severity: error from 2020
-- GPCI, ANES and LOCCO name the same localities.
-- source: PFS_RULES 7
with listed as (
  select 'gpci' as file_kind, mac, locality_number, source_line from stage.gpci
  union all select 'anes', mac, locality_number, source_line from stage.anes
  union all select 'locco', mac, locality_number, source_line from stage.locco
),
complete as (select count(distinct file_kind) as files from listed)
select min(file_kind) as file_kind, min(source_line) as source_line,
  format('locality {}-{} is only in {}', mac, locality_number, string_agg(file_kind, ' and ' order by file_kind)) as finding
from listed
group by mac, locality_number
having count(*) <> (select files from complete)
