-- The posting of each schedule that answers for a day of service, as it was known on a day; without
-- a day of service, the latest release of each schedule. A posting that is named answers for its own
-- schedule, though CMS may have replaced it before its first day; a name of which nothing is held is an
-- error, for any other release would be a wrong answer. Known on no day at all is known today.
with named as (
  select schedule, posting_id as release_key, release_id, 'on' as slot, effective_from, effective_to
  from release
  where upper(posting_id) = upper(of_posting) or (is_current and upper(release_id) = upper(of_posting))
)
from named
union all by name
select
  period.schedule, period.posting_id as release_key, period.release_id, 'on' as slot,
  period.effective_from, period.effective_to
from release_period as period
join release using (posting_id)
where coalesce(cast(known_on as date), date '9999-12-31') between period.known_from and period.known_to
  and case
    when on_day is null then release.is_latest
    else cast(on_day as date) between period.effective_from and period.effective_to
  end
  and period.schedule not in (select named.schedule from named)
  and case when of_posting is null or (select count(*) from named) > 0 then true else error('the warehouse holds no release ' || of_posting) end
