-- severity: error above 1%
-- An adjusted copayment stands exactly where the row is a drug's, has an inflation-adjusted percentage or is capped by the inpatient deductible, in a file that has any or a percentage.
-- source: all but 13 rows of OPPS25FR (vaccines whose copayment is waived), 2 of OPPS25Q1 and 1 of OPPS25Q3
-- payment: of the patient's share; a column that was exchanged or has slipped by a row.
select file_kind, source_line,
  format('{}: adjusted copayment {}, percentage {}, note "{}"', hcpcs_code, coalesce(adjusted_copayment::varchar, 'blank'), coalesce(ira_coinsurance_percent::varchar, 'blank'), note) as finding
from stage.addendum_b
where exists (from stage.addendum_b where adjusted_copayment is not null or ira_coinsurance_percent is not null) and (adjusted_copayment is not null) <> (
  status_indicator in ('G', 'K', 'K1') or ira_coinsurance_percent is not null
  or note ilike '%capped at inpatient deductible%'
)
