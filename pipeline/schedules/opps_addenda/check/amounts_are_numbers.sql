-- severity: error above 0.5%
-- What stands in the place of an amount is a number, or nothing.
-- source: all rows of OPPS25FR, OPPS25Q1 and OPPS25Q3
-- payment: of the code, which has no rate or no copayment then.
select file_kind, source_line, format('{} has "{}" in the place of an amount', hcpcs_code, amount_words) as finding
from stage.addendum_b
where amount_words <> ''
