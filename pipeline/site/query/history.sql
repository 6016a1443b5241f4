-- The history of every code, oldest release first, with what RVUs and the conversion factor did to
-- its payments. A release is its number from the oldest on; one that shows the same as the one
-- before is its number alone.
with numbered as (
  select release_id, row_number() over (order by effective_from, release_id) - 1 as number
  from release
  where schedule = 'pfs' and is_current
),
shown as (
  select
    hcpcs_code, number,
    [
      status_code, cast(work_rvu as varchar), cast(nonfacility_payment as varchar), cast(facility_payment as varchar),
      change_from_previous, vanished_release_id
    ] || if(
      nonfacility_payment_change is null and facility_payment_change is null, [],
      [
        cast(nonfacility_payment_change as varchar), cast(round(nonfacility_due_to_rvu, 2) as varchar),
        cast(round(nonfacility_due_to_conversion_factor, 2) as varchar), cast(facility_payment_change as varchar),
        cast(round(facility_due_to_rvu, 2) as varchar), cast(round(facility_due_to_conversion_factor, 2) as varchar)
      ]
    ) as shown
  from site_history
  join numbered using (release_id)
),
written as (
  select
    hcpcs_code, number,
    if(
      shown is not distinct from lag(shown) over (partition by hcpcs_code order by number),
      [cast(number as varchar)], [cast(number as varchar)] || shown
    ) as line
  from shown
)
select hcpcs_code, cast(to_json(list(line order by number)) as varchar)
from written
group by hcpcs_code
order by hcpcs_code
