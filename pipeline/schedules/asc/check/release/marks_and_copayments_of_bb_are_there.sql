-- severity: warning
-- Where Addendum BB has vaccines (L1, F4), some codes are marked as without coinsurance; where it has drugs with a rate (K2) since April 2023, some copayments are adjusted for inflation.
-- source: ASC25Q1: 36 marks beside 45 such codes, 56 copayments beside 579 drugs; the day is that of the Inflation Reduction Act (section 11101)
-- payment: of the share that the patient pays, where a column was emptied or deleted.
with bb as (
  select
    count(*) filter (payment_indicator in ('L1', 'F4')) as vaccines,
    count(*) filter (asc_flag = '**') as marks,
    count(*) filter (payment_indicator = 'K2' and payment_rate is not null) as drugs,
    count(ira_copayment) as copayments
  from stage.asc_bb
)
select 'asc_bb' as file_kind, null as source_line, format('none of {} vaccines is marked as without coinsurance, and nothing else is', vaccines) as finding
from bb
cross join this_release
where not this_release.is_sample and vaccines > 0 and marks = 0
union all
select 'asc_bb' as file_kind, null as source_line, format('none of {} drugs with a rate has a copayment that is adjusted for inflation', drugs) as finding
from bb
cross join this_release
where not this_release.is_sample and this_release.effective_from >= date '2023-04-01' and drugs > 0 and copayments = 0
