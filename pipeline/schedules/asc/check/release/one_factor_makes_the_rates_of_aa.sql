-- severity: error
-- One factor times the weight, rounded half up to cents, is the rate of every row of Addendum AA with a weight, but for a rate that is missing.
-- source: ASC25Q1: 3,334 of 3,334 rows with 54.895
-- payment: all of it: a weight, a rate or a whole column would be of another row.
select 'asc_aa' as file_kind, source_line,
  format(
    '{}: {} x {} is {}, but the rate is {}',
    hcpcs_code, payment_weight, coalesce(derived_factor::varchar, 'no factor'), coalesce(round(payment_weight * derived_factor, 2)::varchar, 'unknown'),
    coalesce(payment_rate::varchar, 'none')
  ) as finding
from stage.asc_aa
left join release_factor on true
where payment_weight is not null and payment_rate is not null and round(payment_weight * derived_factor, 2) is distinct from payment_rate
