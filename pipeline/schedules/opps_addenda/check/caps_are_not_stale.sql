-- severity: warning
-- A row whose note caps the copayment at the inpatient deductible is capped: 20% of its rate, or its percentage, is more than that.
-- source: all but 19 rows of OPPS25Q1 (0410T and 16 more at 1,655.20 or 1,650.10, C9734 and 0526U without an adjusted copayment) and 15 of OPPS25Q3
-- payment: of the patient's share: take 20% of the rate, and no more than the deductible.
select file_kind, source_line,
  format('{}: the rate is {} and the adjusted copayment {}, and the note is "{}"', hcpcs_code, coalesce(payment_rate::varchar, 'blank'), coalesce(adjusted_copayment::varchar, 'blank'), note) as finding
from stage.addendum_b
where note ilike '%capped at inpatient deductible%'
  and (
    adjusted_copayment is null and (
      minimum_copayment >= payment_rate * 0.2 or exists (from stage.addendum_b where adjusted_copayment is not null)
    )
    or coalesce(payment_rate * coalesce(ira_coinsurance_percent, 20) * 0.01 < adjusted_copayment - 0.01, adjusted_copayment is not null)
  )
