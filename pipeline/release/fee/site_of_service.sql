-- The same service in the office, in an ambulatory surgical center and in a hospital outpatient
-- department: national amounts of the plain code, and totals where both of their parts are known.
with place as (
  select * from fee where place_kind = 'national' and modifier = '' and modifier2 = ''
),
side_by_side as (
  select
    hcpcs_code, effective_from, effective_to,
    max(amount) filter (where setting = 'office') as office_amount,
    max(amount) filter (where setting = 'facility_professional') as professional_amount,
    max(amount) filter (where setting = 'asc') as asc_amount,
    max(amount) filter (where setting = 'outpatient_hospital') as hospital_amount,
    coalesce(max(amount_status) filter (where setting = 'outpatient_hospital'), 'not_priced') as hospital_amount_status
  from place
  group by all
)
select
  *,
  (asc_amount + professional_amount)::decimal(14, 3) as asc_total,
  (hospital_amount + professional_amount)::decimal(14, 3) as hospital_total
from side_by_side
