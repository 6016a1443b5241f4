-- Lines that a same-day rule could touch, if others were on the same day: their code has such a
-- rule in a release in use, or they name the one side. Nothing else is asked yet, so that the many
-- lines that are left are passed over quickly; each rule finds its own lines among the few others.
with ruled as (
  select distinct hcpcs_code from price_basis where rule_class <> ''
)
select line_id, units, patient_key, group_key, date_of_service
from claim_line
where hcpcs_code in (select hcpcs_code from ruled)
union all
select
  line.line_id, line.units, line.patient_key, line.group_key, line.date_of_service
from claim_line as line
join modifier_set
  on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
  and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
left join ruled on ruled.hcpcs_code = line.hcpcs_code
where modifier_set.side in ('RT', 'LT') and ruled.hcpcs_code is null
