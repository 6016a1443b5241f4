-- severity: error
-- From 2026 every row of the QPP file has pricing indicator 1 and every row of the other one 9: else the files have each other's names.
-- source: RVU26B.pdf, record layout, position 121; pfs-rules 1.2
-- payment: all of it; the conversion factor and the OPPS values are those of the class.
select 'pprrvu' as file_kind, source_line,
  format('{} {} has pricing indicator 1, as in the file of those who qualify', hcpcs_code, modifier) as finding
from stage.pprrvu where pricing_indicator = '1'
union all
select 'pprrvu_qpp', source_line, format('{} {} has pricing indicator 9, as in the file of all others', hcpcs_code, modifier)
from stage.pprrvu_qpp where pricing_indicator = '9'
