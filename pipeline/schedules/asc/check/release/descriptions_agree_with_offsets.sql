-- severity: warning
-- Addenda AA and FF describe a code alike: where they do not, the descriptions of one of them are those of other rows.
-- source: ASC25Q1: 4,183 of 4,183
-- payment: none; a fee would bear the name of another.
select 'asc_aa' as file_kind, aa.source_line, format('{} is described otherwise in Addendum FF', hcpcs_code) as finding
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
where aa.description <> ff.description
