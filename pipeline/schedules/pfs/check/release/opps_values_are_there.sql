-- severity: error
-- A file from 2007 on has OPPS values, from which the cap on imaging is computed: without any it has lost their columns.
-- source: pfs-rules 3.2; the cap is of the Deficit Reduction Act, from 2007. All releases seen (2020 to 2026) have about 1,000 rows with values.
-- payment: without the cap imaging would be paid too much.
select 'pprrvu' as file_kind, null::integer as source_line,
  format('none of {:,} rows has OPPS values, of which Medicare has had some since 2007', count(*)) as finding
from stage.pprrvu, this_release
where calendar_year >= 2007
-- Fewer rows prove nothing of a column.
having count(*) >= 1000 and max(nonfacility_opps_pe_rvu + facility_opps_pe_rvu + opps_mp_rvu) = 0
