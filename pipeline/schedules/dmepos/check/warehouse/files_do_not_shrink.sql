-- severity: warning
-- No file has 5% fewer records than that of the release before: every release restates the whole schedule, and a file that was cut off at the end of a line is sound but for its length.
-- source: expert knowledge; none of two releases is in hand
-- payment: a code that is missing has no fee, one of an area that of the state, and a ZIP code is taken not to be rural.
with counted as (
  select release_id, if(program = 'pen', 'items of nutrition', 'items') as records, count(*) as record_count
  from dme_item
  group by all
  union all
  select release_id, 'fees of former bidding areas', count(*)
  from dme_cba_fee
  group by all
  union all
  select release_id, if(is_rural, 'rural ZIP codes', 'ZIP codes of former bidding areas'), count(*)
  from dme_zip
  group by all
),
compared as (
  select
    release_id, records, record_count, lag(release_id) over by_day as previous_release_id, lag(record_count) over by_day as previous_count
  from counted
  join release using (release_id)
  where is_current
  window by_day as (partition by records order by effective_from)
)
select release_id, format('{:,} {}, but {:,} in {}: was a file cut off?', record_count, records, previous_count, previous_release_id) as finding
from compared
where record_count < 0.95 * previous_count
