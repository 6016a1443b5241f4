-- The minutes of a date that make so many units of a code, by payer and dates of the rule.
select code_family, payer, effective_from, effective_to, hcpcs_code, units, first_minute, last_minute
from time_unit
-- The page asks for no more minutes than a day has.
where first_minute <= 1440
order by code_family, payer, effective_from, hcpcs_code, first_minute
