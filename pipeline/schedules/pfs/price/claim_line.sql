-- The claim lines with what groups them: one patient, one day, and who bills. Where a line does not
-- name both patient and provider, its claim stands for them, and no provider tells a claim from a
-- patient of the same name. A line that names no claim either is alone: nothing says that it and
-- another one are of one patient. Who bills is the rendering provider (provider_key), the group in
-- whose name the provider bills (group_key), or those of one specialty in it (specialist_key);
-- without a group all three are the rendering provider. Five digits of a ZIP code and four further ones are looked
-- for apart; most lines have the five alone.
select
  incoming_line.*,
  case when patient_id = '' or provider_id = '' and billing_provider_id = '' then claim_id else patient_id end as patient_key,
  case
    when patient_id <> '' and provider_id <> '' then provider_id
    when patient_id <> '' and billing_provider_id <> '' then billing_provider_id
    when claim_id = '' then cast(line_id as varchar)
    else ''
  end as provider_key,
  case
    when patient_id <> '' and billing_provider_id <> '' then billing_provider_id
    when patient_id <> '' and provider_id <> '' then provider_id
    when claim_id = '' then cast(line_id as varchar)
    else ''
  end as group_key,
  case
    when patient_id <> '' and billing_provider_id <> '' and provider_specialty <> '' then billing_provider_id || ' ' || provider_specialty
    when patient_id <> '' and provider_id <> '' then provider_id
    when patient_id <> '' and billing_provider_id <> '' then billing_provider_id
    when claim_id = '' then cast(line_id as varchar)
    else ''
  end as specialist_key,
  case when length(service_zip_code) > 5 then substring(service_zip_code, 1, 5) else service_zip_code end as zip_code,
  case when length(service_zip_code) > 5 then substring(service_zip_code, 6, 4) else '' end as plus_four
from incoming_line
