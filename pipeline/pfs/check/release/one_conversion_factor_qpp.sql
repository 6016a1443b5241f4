-- severity: error
-- The QPP file has one conversion factor.
select 'pprrvu_qpp' as file_kind, min(source_line) as source_line,
  format('conversion factor {} on {} rows, beside {}', conversion_factor::varchar, count(*),
    (select mode(conversion_factor)::varchar from stage.pprrvu_qpp)) as finding
from stage.pprrvu_qpp
where conversion_factor <> (select mode(conversion_factor) from stage.pprrvu_qpp)
group by conversion_factor
