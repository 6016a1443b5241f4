-- Who pays for what by which schedule, or why not: each different answer of other schedules, numbered.
select
  row_number() over (order by schedule, setting, amount_unit, amount_status, reason, share) - 1 as kind,
  schedule, setting, amount_unit, amount_status, reason, share
from (
  select distinct schedule, setting, amount_unit, amount_status, reason, cast(patient_share_percent as varchar) as share
  from site_fee
  where place_kind = 'national'
)
order by kind
