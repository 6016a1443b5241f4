-- severity: error above 0.5%
-- Every national rate is a number: of a test with words or nothing in its place CMS publishes no fee.
-- source: 6,415 of 6,415 rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: of the test: no_fee_published; of all tests, if the column is another.
select 'clfs' as file_kind, source_line,
  format('{} {} has {} in the place of a rate', hcpcs_code, modifier, if(rate_words = '', 'nothing', format('"{}"', rate_words))) as finding
from stage.clfs
where rate is null and rate_indicator <> 'L'
