-- severity: warning
-- Somebody has said what each payment indicator means; a code with another has no amount and a reason instead.
-- source: ASC25Q1: all 19 that occur
-- payment: none: unknown_payment_indicator stands in its place.
select file_kind, source_line, format('{} has the payment indicator {}, which nobody has declared; its rate is {}', hcpcs_code, payment_indicator, coalesce(payment_rate::varchar, 'none')) as finding
from (
  select 'asc_aa' as file_kind, hcpcs_code, payment_indicator, payment_rate, source_line from stage.asc_aa
  union all
  select 'asc_bb' as file_kind, hcpcs_code, payment_indicator, payment_rate, source_line from stage.asc_bb
)
anti join asc_payment_indicator using (payment_indicator)
