-- severity: error above 1%
-- A device offset is the rate of the code in Addendum B times the percentage, rounded half up to cents.
-- source: 535 of 535 amounts of OPPS25FR from Addendum P's own rate, which is that of Addendum B in 534 (53865 has another APC)
-- payment: of procedures whose device was free or credited; a column that was exchanged or has slipped.
select 'opps_rule_addendum_p' as file_kind, offsets.source_line,
  format('{}: {}% of {} is not {}, or Addendum B has another rate ({})', hcpcs_code, offset_percent, offsets.payment_rate, offset_amount, coalesce(codes.payment_rate::varchar, 'none')) as finding
from stage.opps_rule_addendum_p as offsets
left join stage.addendum_b as codes using (hcpcs_code)
where round(offsets.payment_rate * offset_percent * 0.01, 2) <> offset_amount
  or codes.payment_rate is distinct from offsets.payment_rate
