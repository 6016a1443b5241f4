-- severity: error
-- An edit with the modifier indicator 9 (not applicable) has a last day.
-- source: 98,853 of 98,853 rows of 2024Q2 (a copy of ccipra-v301r0)
-- payment: whether a modifier gets both codes paid.
select file_kind, source_line, format('{} and {} have indicator 9, and no last day', column1, column2) as finding
from stage.ncci
where modifier_indicator = '9' and effective_to is null
