-- Each release in force with the one before it.
select * from (
  select release_id, lag(release_id) over (order by effective_from) as previous_release_id
  from release
  where schedule = 'pfs' and is_current
)
where previous_release_id is not null
