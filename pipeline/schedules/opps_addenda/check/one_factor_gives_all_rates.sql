-- severity: error
-- One factor, times the relative weight of a row and rounded half up to cents, is the rate of every row with a weight, but for a rate that is missing.
-- source: 5,975 of 5,975 rows of OPPS25FR, 5,976 of 5,976 of OPPS25Q1 and 5,995 of 5,995 of OPPS25Q3, with 89.169
-- payment: of any service with a weight; a column that was exchanged or has slipped by a row.
select addendum.file_kind, addendum.source_line,
  format(
    '{}: the weight {} times the factor {} is {}, and the rate is {}',
    hcpcs_code, relative_weight, coalesce(derived_factor::varchar, 'that is not there'),
    coalesce(round(relative_weight * derived_factor, 2)::varchar, 'unknown'), payment_rate
  ) as finding
from stage.addendum_b as addendum
left join schedule_factor on true
where relative_weight is not null and payment_rate is not null and round(relative_weight * derived_factor, 2) is distinct from payment_rate
