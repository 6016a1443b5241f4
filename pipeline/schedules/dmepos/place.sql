-- Which ZIP codes are rural for the fees of equipment, and which are of a former bidding area. One that
-- neither file lists is neither, where the release came with both.
select release_id, zip_code, state, is_rural, cba
from dme_zip
union all
select
  release_id, '' as zip_code, null as state,
  case when regexp_matches(missing_files, '\bdme_rural_zip\b') then null else false end as is_rural,
  case when regexp_matches(missing_files, '\bdme_cba_zip\b') then null else '' end as cba
from release
where schedule = 'dmepos' and is_current
