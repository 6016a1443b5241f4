-- severity: warning
-- An adjusted copayment is the inflation-adjusted percentage of the rate within a cent, or 20% where there is none, 0 where it is waived, and no more than the cap of the note.
-- source: all but 18 rows of OPPS25Q1: 17 of 19 with a cap that CMS left standing, and J0349
-- payment: of the patient's share; CMS leaves caps standing where the rate fell.
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
  format('{}: the adjusted copayment is {}, and {} is due', hcpcs_code, adjusted_copayment, coalesce(round(share, 2)::varchar, 'none')) as finding
from due
where coalesce(abs(adjusted_copayment - share) > 0.01, true)
