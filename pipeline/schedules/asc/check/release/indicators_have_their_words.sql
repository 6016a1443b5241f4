-- severity: warning
-- Addendum DD1 says what each payment indicator of AA and BB means.
-- source: ASC25Q1: all 19 that occur
-- payment: none; it tells of a file of another year.
select distinct 'asc_dd1' as file_kind, null as source_line, format('Addendum DD1 says nothing of {}', payment_indicator) as finding
from (select payment_indicator from stage.asc_aa union all select payment_indicator from stage.asc_bb)
anti join stage.asc_dd1 using (payment_indicator)
where exists (from stage.asc_dd1)
