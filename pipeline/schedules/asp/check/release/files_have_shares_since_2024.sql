-- severity: warning
-- Since 2024 every file says what share of a drug the patient pays, at least in one row.
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3; nine quarters from January 2024 in public copies; the column came in April 2023
-- payment: none by itself; the share of the patient is unknown, and nothing is answered in its place.
select 'asp' as file_kind, null::integer as source_line,
  format('no drug of {} has a coinsurance percentage, so the share of the patient is unknown', this_release.release_id) as finding
from this_release
where this_release.effective_from >= date '2024-01-01'
  and not exists (from stage.asp where coinsurance_percent is not null)
