-- severity: error
-- A file has one conversion factor.
-- source: pfs-rules 2
-- payment: every amount.
with listed as (
  select 'pprrvu' as file_kind, source_line, conversion_factor from stage.pprrvu
  union all
  select 'pprrvu_qpp', source_line, conversion_factor from stage.pprrvu_qpp
),
usual as (select file_kind, mode(conversion_factor) as usual_factor from listed group by file_kind)
select file_kind, min(source_line) as source_line,
  format('conversion factor {} on {} rows, beside {}', conversion_factor::varchar, count(*), usual_factor::varchar) as finding
from listed
join usual using (file_kind)
where conversion_factor <> usual_factor
group by file_kind, conversion_factor, usual_factor
