-- severity: warning
-- Only a drug has a rate of 0.00, which is less than half a cent for its unit.
-- source: ASC25Q1: J2002 alone
-- payment: of a service that would be free.
select file_kind, source_line, format('{} {} has a rate of 0', payment_indicator, hcpcs_code) as finding
from (
  select 'asc_aa' as file_kind, hcpcs_code, payment_indicator, payment_rate, source_line from stage.asc_aa
  union all
  select 'asc_bb' as file_kind, hcpcs_code, payment_indicator, payment_rate, source_line from stage.asc_bb
)
where payment_rate = 0 and payment_indicator <> 'K2'
