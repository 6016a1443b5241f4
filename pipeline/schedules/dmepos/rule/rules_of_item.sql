-- The rules of payment for an item of a release, also of a posting of it that was replaced. A rule with a
-- range of codes stands in place of those of its category for the same months.
with listed as (
  select release_id, hcpcs_code, modifier, modifier2, program, category, 1 as rank from dme_item
  union all
  select split_part(posting_id, '@', 1) as release_id, hcpcs_code, modifier, modifier2, program, category, 2 as rank from superseded.dme_item
),
item as (
  select program, category
  from listed
  where release_id = $release_id and hcpcs_code = $hcpcs_code and modifier = $modifier and modifier2 = $modifier2
  order by rank
  limit 1
),
fitting as (
  select rule.*
  from dme_payment_rule as rule
  join item on rule.program in ('', item.program) and rule.category in ('', item.category)
  -- What limits the rent of an item is the fee of the new one.
  where (rule.pays <> 'limit' or $modifier <> 'NU') and rule.modifier in ('', $modifier)
    and (rule.first_code = '' or $hcpcs_code between rule.first_code and rule.last_code)
)
select rule, month_from, month_to, percent, pays, meaning, evidence, source
from fitting as one
where first_code <> '' or not exists (
  from fitting as other
  where other.first_code <> '' and other.pays = one.pays and other.category = one.category
    and other.month_from is not distinct from one.month_from
)
order by month_from nulls last, rule
