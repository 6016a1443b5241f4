-- One row per claim, in the order of their first lines: its lines by what became of them, and its amounts. Lines
-- without a claim are a row together. Claims and charges are as pricing read them, by the numbers of the lines: the
-- priced lines have them as the input does, or not at all.
with claim as (
  select
    given.claim_id, min(line_number) as place, sum(given.charge) as charge, count(*) as line_count, sum(allowed_amount) as allowed_amount,
    sum(deductible_amount) as deductible_amount, sum(coinsurance_amount) as coinsurance_amount,
    sum(medicare_payment) as medicare_payment, sum(sequestration_amount) as sequestration_amount,
    sum(patient_responsibility) as patient_responsibility,
    count(*) filter (price_status = 'priced') as priced_line_count,
    count(*) filter (price_status not in ('priced', 'by_report', 'carrier_priced', 'refused')) as denied_line_count,
    count(*) filter (price_status in ('by_report', 'carrier_priced')) as by_report_line_count,
    count(*) filter (price_status = 'refused') as refused_line_count,
    count(*) filter (is_provisional and allowed_amount is not null) as provisional_line_count
  from $lines as line
  join incoming_line as given on given.line_id = line.line_number
  group by given.claim_id
)
select
  claim_id, line_count, priced_line_count, denied_line_count, by_report_line_count, refused_line_count,
  provisional_line_count, charge, allowed_amount, deductible_amount, coinsurance_amount, medicare_payment,
  sequestration_amount, patient_responsibility
from claim
order by place
