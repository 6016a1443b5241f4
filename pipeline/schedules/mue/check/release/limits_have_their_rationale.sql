-- severity: error above 0.5%
-- A file that has rationales has one of every limit.
-- source: 15,095 of 15,095 rows of MUE26Q2P
-- payment: none.
select 'mue' as file_kind, source_line, format('{} has no rationale', hcpcs_code) as finding
from stage.mue
where rationale = '' and exists (from stage.mue where rationale <> '')
