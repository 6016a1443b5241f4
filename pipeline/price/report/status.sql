-- Lines and amounts by status and reason.
select
  price_status, reason, count(*) as line_count, sum(allowed_amount) as allowed_amount,
  sum(medicare_payment) as medicare_payment, sum(patient_responsibility) as patient_responsibility
from $lines
group by price_status, reason
order by line_count desc, price_status, reason
