-- The values that differ. Where a comparison tells no reason, and CMS
-- posted again, a value may be that of another posting: that is the reason.
select
  release.release_id, compared.other_posting_id, compared.part, compared.record_key, compared.column_name,
  coalesce(compared.our_value::varchar, '') as our_value,
  coalesce(compared.other_value::varchar, '') as other_value,
  coalesce(
    nullif(compared.known_reason, ''),
    (
      select min('as ' || another.other_posting_id || ' has it')
      from compared as another
      where another.release_id = compared.release_id and another.part = compared.part
        and another.record_key = compared.record_key and another.column_name = compared.column_name
        and another.our_value is not distinct from another.other_value
    ), ''
  ) as known_reason
from compared
join release on release.posting_id = compared.release_id
where compared.our_value is distinct from compared.other_value
order by all
