-- The minutes of a date that make so many units of a code, by payer and dates of the rule.
select unit.code_family, unit.payer, unit.effective_from, unit.effective_to, unit.hcpcs_code, unit.units,
  unit.first_minute, unit.last_minute, rule.meaning, rule.evidence, rule.source
from time_unit as unit
join time_rule as rule using (code_family, payer, effective_from, hcpcs_code)
order by unit.code_family, unit.payer, unit.effective_from, unit.hcpcs_code, unit.first_minute
