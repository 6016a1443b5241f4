-- Which release of every schedule answers beside each release of the Physician Fee Schedule: the one in
-- force on its first day, else the last that began before. The days are those of the latter.
select
  other.schedule, other.release_id as release_key, other.release_id, pfs.release_id as slot, pfs.effective_from, pfs.effective_to
from release as pfs
join release as other
  on other.is_current and other.effective_from <= pfs.effective_from and (other.schedule <> 'pfs' or other.release_id = pfs.release_id)
where pfs.schedule = 'pfs' and pfs.is_current
qualify other.effective_from = max(other.effective_from) over (partition by pfs.release_id, other.schedule)
