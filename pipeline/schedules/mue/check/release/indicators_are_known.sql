-- severity: error above 0.5%
-- The adjudication indicator is 1, 2 or 3.
-- source: 15,095 of 15,095 rows of MUE26Q2P
-- payment: of a claim line above the limit, which is refused; of all codes, if the column is another.
select 'mue' as file_kind, source_line, format('{} has the adjudication indicator "{}"', hcpcs_code, adjudication) as finding
from mue
join stage.mue using (hcpcs_code, source_line)
where adjudication_indicator = 'unknown'
