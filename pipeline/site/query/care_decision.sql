-- Which codes report critical care by age and place.
select payer, effective_from, effective_to, age_band, first_age, first_age_unit, last_age, last_age_unit, care_setting, hcpcs_code, code_role, code_family,
  setting, meaning, evidence, source
from care_decision
order by care_setting, first_age_unit, first_age, hcpcs_code
