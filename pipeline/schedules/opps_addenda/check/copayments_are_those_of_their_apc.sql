-- severity: warning
-- Copayments of a code are those that Addendum A gives its APC, but where the law waives them.
-- source: 6,621 of 6,657 codes of OPPS25FR that have an APC; in 36 it is 0
-- payment: of the patient's share.
select codes.file_kind, codes.source_line,
  format('{}: the minimum copayment is {}, and that of APC {} is {}', hcpcs_code, coalesce(codes.minimum_copayment::varchar, 'blank'), apc, coalesce(apcs.minimum_copayment::varchar, 'blank')) as finding
from stage.addendum_b as codes
join stage.addendum_a as apcs using (apc)
where codes.minimum_copayment is distinct from apcs.minimum_copayment
