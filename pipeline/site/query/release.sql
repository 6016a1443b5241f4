-- The releases of the site, the latest first.
select
  release_id, posting_id, released_on, calendar_year, effective_from, effective_to, is_latest, is_sample, missing_files,
  (select string_agg(distinct source_file, ', ' order by source_file) from site_source_file as file
   where file.release_id = release.release_id and is_loaded and file_kind = 'pprrvu') as source_file,
  (select list(struct_pack(factor_class := conversion_factor_class, factor := cast(conversion_factor as varchar)) order by conversion_factor_class)
   from (select distinct conversion_factor_class, conversion_factor from payment_national
         where payment_national.release_id = release.release_id)) as factors
from release
where schedule = 'pfs' and is_current
order by effective_from desc, release_id desc
