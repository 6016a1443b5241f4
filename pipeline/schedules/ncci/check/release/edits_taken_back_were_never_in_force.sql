-- severity: warning
-- An edit with the modifier indicator 9 was taken back from its first day, which is its last.
-- source: every such row of the excerpt of ccipra-v322r0
-- payment: whether the pair had an edit on days in the past.
select file_kind, source_line,
  format('{} and {} have indicator 9, and days from {} to {}', column1, column2, effective_from, effective_to) as finding
from stage.ncci
where modifier_indicator = '9' and effective_to <> effective_from
