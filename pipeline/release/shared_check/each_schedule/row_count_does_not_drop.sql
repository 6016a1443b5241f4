-- severity: warning
-- A release has about as many rows as the one before it: far fewer say that a file was cut short.
-- payment: of the rows that are missing, if CMS did not retire them.
with counted as (
  select release.release_id, release.series, release.effective_from, count(*) as row_count
  from release join $table as counted_row on counted_row.release_id = release.release_id
  where is_current and not is_sample
  group by release.release_id, release.series, release.effective_from
),
followed as (
  select *, lag(release_id) over before_it as release_before, lag(row_count) over before_it as rows_before
  from counted
  window before_it as (partition by series order by effective_from)
)
select release_id, format('{} rows, but {} in {}', row_count, rows_before, release_before) as finding
from followed
where row_count < 0.95 * rows_before
