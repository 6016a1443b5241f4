-- severity: error above 2%
-- The minimum copayment is 20% of the rate, rounded up to the cent, or 0 where the law waives it.
-- source: all rows but 50600 of OPPS25FR, 50600 and Q2053 of OPPS25Q1, and all of OPPS25Q3; waived in 55, 53 and 48 rows
-- payment: of the patient's share; a column that was exchanged or has slipped by a row.
-- Rates without a weight are cut to cents in January, and their copayments follow from three decimals.
select file_kind, source_line,
  format('{}: the rate is {} and the minimum copayment {}', hcpcs_code, coalesce(payment_rate::varchar, 'blank'), coalesce(minimum_copayment::varchar, 'blank')) as finding
from stage.addendum_b
where minimum_copayment is distinct from 0
  and coalesce(
    abs(minimum_copayment - ceil(payment_rate * 20) * 0.01) > if(relative_weight is null, 0.01, 0),
    minimum_copayment is not null or payment_rate is not null
  )
