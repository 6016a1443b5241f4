-- The rows of a code in the posting that is asked for: the one that answers for a day of service
-- as it was known on a day, the one that is named, or the latest.
with asked as (
  select release_id, posting_id, is_current, effective_from, effective_to
  from release
  where schedule = 'clfs' and case
    when $on is not null then posting_id in (
      select posting_id from release_period
      where schedule = 'clfs' and $on between effective_from and effective_to and $known_on between known_from and known_to
    )
    when $release is not null then posting_id = $release or (is_current and release_id = $release)
    else is_latest
  end
),
fee as (
  select '' as replaced_posting, * from lab_fee
  union all by name
  select posting_id as replaced_posting, * exclude (posting_id) from superseded.lab_fee
)
select
  asked.posting_id, asked.effective_from as release_from, asked.effective_to as release_to,
  fee.* exclude (replaced_posting)
from asked
join fee
  on fee.release_id = asked.release_id
  and fee.replaced_posting = if(asked.is_current, '', asked.posting_id)
where fee.hcpcs_code = $code
  and ($modifier is null or fee.modifier = $modifier)
  and ($on is null or fee.effective_from <= $on)
order by fee.modifier
