-- The parts of the sections of a release.
select section, subsection, min(hcpcs_code) as first_code, max(hcpcs_code) as last_code, count(*) as code_count,
  count(*) filter (price_status = 'priced') as priced_count,
  cast(median(cast(ranked_work_rvu as decimal(18, 6))) as decimal(12, 3)) as median_work_rvu
from code_profile
where release_id = $release_id and subsection <> ''
group by section, subsection
order by first_code
