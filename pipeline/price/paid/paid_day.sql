-- What of the payment depends on the day: the sequestration, the deductible of the year, and the share of a
-- screening that became a diagnosis (PT). The deductible is NULL in a year that the table does not have.
with sequestration as (
  select * from (values $sequestrations) as period (sequestration_factor, effective_from, effective_to)
),
screening as (
  select * from (values $screenings) as period (screening_share, effective_from, effective_to)
),
part_b as (
  select * from (values $deductibles) as part_b (deductible, effective_from, effective_to)
)
select
  service_day.service_day,
  coalesce(sequestration.sequestration_factor, cast(0 as decimal(6, 4))) as sequestration_factor,
  coalesce(screening.screening_share, $usual_share) as screening_share,
  part_b.deductible, part_b.effective_from as deductible_from
from service_day
left join sequestration on service_day.service_day between sequestration.effective_from and sequestration.effective_to
left join screening on service_day.service_day between screening.effective_from and screening.effective_to
left join part_b on service_day.service_day between part_b.effective_from and part_b.effective_to
