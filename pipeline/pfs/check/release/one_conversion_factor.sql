-- severity: error
-- A file has one conversion factor (PFS_RULES 2).
select 'pprrvu' as file_kind, min(source_line) as source_line,
  format('conversion factor {} on {} rows, beside {}', conversion_factor::varchar, count(*),
    (select mode(conversion_factor)::varchar from stage.pprrvu)) as finding
from stage.pprrvu
where conversion_factor <> (select mode(conversion_factor) from stage.pprrvu)
group by conversion_factor
