-- severity: warning
-- Nearly every edit of a release is in the next one of its setting, deleted or not: CMS keeps deleted edits in its table. More than 1% that vanished say that a file was cut off, or is of another setting.
-- source: expert knowledge; every quarter restates the whole history since 1996 (2,546,017 rows in 2024Q2)
-- payment: a pair that is missing is taken for one without an edit.
select
  release_id,
  format('{:,} edits of {} are in no row of {}, which has {:,} edits', vanished, previous_release_id, release_id, edits) as finding
from (
  select release_id, previous_release_id, count(*) as vanished
  from ncci_pair_change
  where change_kind = 'vanished'
  group by all
)
join (
  select release_id, sum(loaded_count) as edits
  from source_file
  join release using (release_id, posting_id)
  where is_current and is_loaded and file_kind like 'ncci_%'
  group by release_id
) using (release_id)
where vanished > 0.01 * edits
