-- severity: error
-- The two codes of a pair are different ones.
-- source: all of 2,546,017 rows of 2024Q2 (a copy of ccipra-v301r0)
-- payment: a code that would deny itself.
select file_kind, source_line, format('{} is a pair with itself', column1) as finding
from stage.ncci
where column1 = column2
