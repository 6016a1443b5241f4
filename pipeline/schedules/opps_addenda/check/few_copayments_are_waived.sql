-- severity: error
-- The law waives the copayment of few services: a column of zeros is no column of copayments.
-- source: 55 of 6,636 rates of OPPS25FR, 53 of 6,636 of OPPS25Q1 and 48 of 6,673 of OPPS25Q3
-- payment: of the patient's share.
select file_kind, null as source_line,
  format('{} of {} rates have a minimum copayment of 0', count(*) filter (minimum_copayment = 0), count(payment_rate)) as finding
from stage.addendum_b
group by file_kind
having count(*) filter (minimum_copayment = 0) * 2 > count(payment_rate)
