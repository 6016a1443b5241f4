-- severity: error above 0.5%
-- What stands in the place of a rate or a copayment is a number, or nothing.
-- source: ASC25Q1: all rows
-- payment: of the code, which has no rate or no copayment then.
select file_kind, source_line, format('{} has "{}" in the place of an amount', hcpcs_code, amount_words) as finding
from (
  select 'asc_aa' as file_kind, hcpcs_code, amount_words, source_line from stage.asc_aa
  union all
  select 'asc_bb' as file_kind, hcpcs_code, amount_words, source_line from stage.asc_bb
)
where amount_words <> ''
