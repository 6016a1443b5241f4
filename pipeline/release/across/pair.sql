-- The releases in force of one schedule, each with the posting of another schedule that is in force on
-- its first day; where $every is true, with every posting of that release.
select own.release_id, own.posting_id, other.posting_id as other_posting_id
from release as own
join release as other
  on other.schedule = $other and own.effective_from between other.effective_from and other.effective_to
where own.schedule = $own and own.is_current and (other.is_current or $every)
