-- Lines that contradict one another or themselves, in one row per note: claims that name several patients
-- or several who bill where the claim decides something, and specialties of those who are paid less than a physician on
-- lines that say physician.
with of_patients as (
  select claim_id
  from claim_line
  where claim_id <> '' and patient_id <> '' and (provider_id = '' and billing_provider_id = '' or deductible_left > 0)
  group by claim_id
  having min(patient_id) <> max(patient_id)
),
of_billers as (
  select claim_id
  from claim_line
  where claim_id <> '' and billing_provider_id <> '' and (patient_id = '' or deductible_left > 0)
  group by claim_id
  having min(billing_provider_id) <> max(billing_provider_id)
),
noted as (
  select 'claim_of_several_patients' as note, date_of_service
  from claim_line
  join of_patients using (claim_id)
  union all
  select 'claim_of_several_billers', date_of_service
  from claim_line
  join of_billers using (claim_id)
  union all
  select 'specialty_of_another_kind', date_of_service
  from claim_line
  where provider_kind = 'physician' and regexp_matches(upper(provider_specialty), $specialties)
)
select note, count(*) as line_count, min(date_of_service) as first_day, max(date_of_service) as last_day
from noted
group by note
order by note
