-- severity: error above 0.5%
-- A code is of one class on each day.
-- source: a public reading of the release of 2024: 17,033 rows, unique by code and first day
-- payment: none; a code would be counted twice.
select 'rbcs' as file_kind, source_line,
  format('{} is of class {} from {}, and of class {} {}', hcpcs_code, rbcs_id, effective_from, former_id, coalesce('until ' || former_end, 'without an end')) as finding
from (
  select *,
    lag(rbcs_id) over former as former_id,
    lag(effective_from) over former as former_begin,
    lag(effective_to) over former as former_end
  from stage.rbcs
  window former as (partition by hcpcs_code order by effective_from)
)
where former_begin is not null and coalesce(former_end >= effective_from, true)
