-- severity: warning
-- CMS published a few files with a conversion factor that never took effect; their amounts are what the file says, not what was paid.
-- source: pfs-rules 4
-- payment: every amount; CMS itself published them so.
select 'pprrvu' as file_kind, null as source_line,
  format('the conversion factor ({}) is {}: {}', conversion_factor_class, conversion_factor::varchar, reason) as finding
from release_factor
cross join this_release
join known_factor_exception using (release_id, conversion_factor_class, conversion_factor)
