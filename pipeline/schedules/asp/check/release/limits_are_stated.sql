-- severity: error above 0.5%
-- Every row has a limit, or N/A where the contractor sets it: of a code with anything else CMS publishes no fee.
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of the code: no_fee_published; of all codes, if the column is another.
select 'asp' as file_kind, source_line,
  format('{} has {} in the place of a limit', hcpcs_code, if(limit_words = '', 'nothing', format('"{}"', limit_words))) as finding
from drug_limit
join stage.asp using (hcpcs_code, source_line)
where price_status = 'no_fee_published'
