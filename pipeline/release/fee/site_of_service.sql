-- The same service in the office, in an ambulatory surgical center and in a hospital outpatient
-- department: national amounts of the plain code, and totals where both of their parts are known. The
-- facility is paid for the technical part of a test, so the practitioner's amount beside it is that of the
-- professional one: the row with 26 of a test with both parts (PC/TC indicator 1), nothing of a technical
-- part (3). A test that stands for the whole only (4) is billed there by the code of its reading.
with place as (
  select * from fee where place_kind = 'national' and modifier2 = '' and modifier in ('', '26')
),
practitioner as (
  select
    place.hcpcs_code, place.effective_from, place.effective_to,
    max(amount) filter (where place.modifier = '26') as reading_amount,
    max(amount) filter (where place.modifier = '') as whole_amount,
    any_value(rvu.pctc_indicator) as pctc_indicator
  from place
  left join rvu on rvu.release_id = place.release_id and rvu.hcpcs_code = place.hcpcs_code and rvu.modifier = ''
  where setting = 'facility_professional'
  group by all
),
side_by_side as (
  select
    hcpcs_code, effective_from, effective_to,
    max(amount) filter (where setting = 'office') as office_amount,
    max(amount) filter (where setting = 'asc') as asc_amount,
    max(amount) filter (where setting = 'outpatient_hospital') as hospital_amount,
    coalesce(max(amount_status) filter (where setting = 'outpatient_hospital'), 'not_priced') as hospital_amount_status
  from place
  where modifier = ''
  group by all
),
in_a_facility as (
  select
    side_by_side.*,
    case pctc_indicator
      when '1' then reading_amount
      when '3' then 0
      when '4' then null
      else whole_amount
    end as professional_amount
  from side_by_side
  left join practitioner using (hcpcs_code, effective_from, effective_to)
)
select
  hcpcs_code, effective_from, effective_to, office_amount, professional_amount, asc_amount, hospital_amount,
  hospital_amount_status,
  (asc_amount + professional_amount)::decimal(14, 3) as asc_total,
  (hospital_amount + professional_amount)::decimal(14, 3) as hospital_total
from in_a_facility
