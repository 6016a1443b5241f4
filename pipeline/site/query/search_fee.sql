-- What another schedule pays for a code beside the release at hand, outside of institutions: the first of its payers, and of
-- its modifiers the first; the lowest and the highest amount where it depends on the place.
with paid as (
  select
    hcpcs_code, schedule, setting, trim(modifier || ' ' || modifier2 || ' ' || modifier3) as modifiers,
    max(amount) filter (where place_kind = 'national') as amount, min(amount) as lowest, max(amount) as highest
  from site_release_fee
  where setting in ('office', 'lab', 'supplier', 'ambulance') and amount is not null
  group by all
)
select
  hcpcs_code, schedule, modifiers, coalesce(amount, lowest) as lowest, case when amount is null and highest > lowest then highest end as highest
from paid
qualify row_number() over (
  partition by hcpcs_code order by list_position(['office', 'lab', 'supplier', 'ambulance'], setting), schedule, modifiers
) = 1
order by hcpcs_code
