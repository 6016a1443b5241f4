-- How far $ours is from $given of the file, by $group: the largest difference in all first. Lines that lack one of
-- the two are counted apart and take part in no difference. A group is shown where $is_shown.
select
  $group as $name, count(*) as line_count,
  count(*) filter ($ours is not null and $given is not null) as compared_line_count,
  count(*) filter ($ours = $given) as equal_line_count,
  count(*) filter ($ours <> $given) as different_line_count,
  count(*) filter ($ours is null or $given is null) as not_compared_line_count,
  sum($given) filter ($ours is not null) as given, sum($ours) filter ($given is not null) as priced,
  sum($ours - $given) as difference, sum(abs($ours - $given)) as absolute_difference
from $lines
group by all
having $is_shown
order by absolute_difference desc, $name
limit 20
