-- Which posting answers for a day of service, as it was known on a day: two periods a row.
-- $postings is the result of posting.sql.
--
-- What was known changes when a posting appears, and when a correction takes effect: the end
-- of the release before it (24A ends on 8 March 2024) is known from the day after at the latest.
with posting as (
  select
    *,
    last_day(date_trunc('quarter', effective_from) + interval 2 month)::date as quarter_ends
  from $postings
),
event as (
  select schedule, series, known_from as known_on from posting
  union
  select schedule, series, effective_to + 1 from posting where effective_to < quarter_ends
),
known as (
  select
    event.known_on,
    posting.* exclude (effective_to),
    if(event.known_on > effective_to, effective_to, greatest(effective_to, quarter_ends)) as ends
  from event
  join posting using (schedule, series)
  where posting.known_from <= event.known_on
  qualify
    row_number() over (
      partition by schedule, series, event.known_on, effective_from
      order by posting.known_from desc, is_dated desc, release_id desc, issue desc
    ) = 1
),
-- A release ends where the next one begins, whatever its own period says.
cut as (
  select
    schedule, series, known_on, posting_id, release_id, effective_from,
    least(
      ends, coalesce(lead(effective_from) over (partition by schedule, series, known_on order by effective_from) - 1, ends)
    ) as effective_to
  from known
),
dated as (
  select
    cut.*,
    coalesce(following.known_on - 1, date '9999-12-31') as known_to,
    lag(effective_to) over (partition by posting_id order by cut.known_on) is distinct from effective_to as is_new
  from cut
  left join (
    select
      schedule, series, known_on as this_event,
      lead(known_on) over (partition by schedule, series order by known_on) as known_on
    from event
  ) as following
    on following.schedule = cut.schedule and following.series = cut.series and following.this_event = cut.known_on
),
-- Events that change nothing for a posting are no border of its periods.
grouped as (
  select *, count(*) filter (where is_new) over (partition by posting_id order by known_on) as period
  from dated
)
select
  posting_id,
  any_value(release_id) as release_id,
  any_value(schedule) as schedule,
  min(known_on) as known_from,
  max(known_to) as known_to,
  any_value(effective_from) as effective_from,
  any_value(effective_to) as effective_to,
  any_value(series) as series
from grouped
group by posting_id, period
order by posting_id, known_from
