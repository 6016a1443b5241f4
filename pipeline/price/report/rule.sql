-- Lines and amounts by each rule that decided, the one with most lines first; a line stands with each of its rules.
with named as (
  select unnest(string_split(rules, ', ')) as rule, allowed_amount, medicare_payment, patient_responsibility, is_provisional
  from $lines
)
select
  rule, count(*) as line_count, count(*) filter (is_provisional and allowed_amount is not null) as provisional_line_count,
  sum(allowed_amount) as allowed_amount,
  sum(medicare_payment) as medicare_payment, sum(patient_responsibility) as patient_responsibility
from named
group by rule
order by line_count desc, rule
