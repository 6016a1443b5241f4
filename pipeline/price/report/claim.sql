-- One row per claim, in the order of their first lines: its lines by what became of them, and its amounts. Lines
-- without a claim are a row together. Charges are summed apart, for the priced lines need not have them.
with claim as (
  select
    claim_id, min(line_number) as place, count(*) as line_count, sum(allowed_amount) as allowed_amount,
    sum(deductible_amount) as deductible_amount, sum(coinsurance_amount) as coinsurance_amount,
    sum(medicare_payment) as medicare_payment, sum(sequestration_amount) as sequestration_amount,
    sum(patient_responsibility) as patient_responsibility,
    count(*) filter (price_status = 'priced') as priced_line_count,
    count(*) filter (price_status not in ('priced', 'by_report', 'carrier_priced', 'refused')) as denied_line_count,
    count(*) filter (price_status in ('by_report', 'carrier_priced')) as by_report_line_count,
    count(*) filter (price_status = 'refused') as refused_line_count,
    count(*) filter (is_provisional) as provisional_line_count
  from $lines as line
  group by claim_id
),
charged as (
  select claim_id, sum(charge) as charge
  from $charges as line
  group by claim_id
)
select
  claim.claim_id, line_count, priced_line_count, denied_line_count, by_report_line_count, refused_line_count,
  provisional_line_count, charge, allowed_amount, deductible_amount, coinsurance_amount, medicare_payment,
  sequestration_amount, patient_responsibility
from claim
left join charged on charged.claim_id = claim.claim_id
order by place
