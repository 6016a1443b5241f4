-- All lines by what became of them.
select
  count(*) as line_count,
  count(*) filter (price_status = 'priced') as priced_line_count,
  count(*) filter (price_status not in ('priced', 'by_report', 'carrier_priced', 'refused')) as denied_line_count,
  count(*) filter (price_status in ('by_report', 'carrier_priced')) as by_report_line_count,
  count(*) filter (price_status = 'refused') as refused_line_count,
  count(*) filter (is_provisional and allowed_amount is not null) as provisional_line_count,
  sum(allowed_amount) as allowed_amount, sum(medicare_payment) as medicare_payment,
  sum(patient_responsibility) as patient_responsibility
from $lines
