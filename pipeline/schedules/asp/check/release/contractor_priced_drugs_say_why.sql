-- severity: warning
-- A drug whose limit the contractor sets is one that CMS's note tells of, where the file has notes.
-- source: 7 of 7 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of the code: contractor_priced.
select 'asp' as file_kind, source_line, format('{} has no limit, and no note says why', hcpcs_code) as finding
from drug_limit
where price_status = 'contractor_priced' and note = '' and exists (from stage.asp where note <> '')
