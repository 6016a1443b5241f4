-- severity: warning
-- An adjusted copayment is the inflation-adjusted percentage of the rate within a cent, or 20% where there is none, 0 where it is waived, and no more than the cap of the note.
-- source: all rows of OPPS25FR, all but J0349 of OPPS25Q1 and but 0981T of OPPS25Q3; caps that stand where the rate fell are in caps_are_not_stale
-- payment: of the patient's share.
with capped as (
  select
    *,
    nullif(replace(regexp_extract(note, 'deductible of \$([0-9,]+\.[0-9]{2})', 1), ',', ''), '')::decimal(12, 2) as cap
  from stage.addendum_b
  where adjusted_copayment is not null
),
due as (
  select
    *,
    if(minimum_copayment = 0, 0, least(payment_rate * coalesce(ira_coinsurance_percent, 20) * 0.01, cap)) as share
  from capped
)
select file_kind, source_line,
  format('{}: the adjusted copayment is {}, and {} is due', hcpcs_code, adjusted_copayment::varchar, coalesce(round(share, 2)::varchar, 'none')) as finding
from due
where adjusted_copayment is distinct from cap and coalesce(abs(adjusted_copayment - share) > 0.01, true)
