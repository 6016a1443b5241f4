-- severity: error
-- No code stands in more than one of the addenda AA, BB and EE.
-- source: ASC25Q1: 4,183, 2,454 and 2,108 codes, none of them twice
-- payment: of a code that would be covered and excluded, or have two rates.
with listed as (
  select 'asc_aa' as file_kind, hcpcs_code, source_line from stage.asc_aa
  union all
  select 'asc_bb' as file_kind, hcpcs_code, source_line from stage.asc_bb
  union all
  select 'asc_ee' as file_kind, hcpcs_code, source_line from stage.asc_ee
)
select one.file_kind, one.source_line, format('{} stands in {} as well', one.hcpcs_code, other.file_kind) as finding
from listed as one
join listed as other on one.hcpcs_code = other.hcpcs_code and one.file_kind > other.file_kind
