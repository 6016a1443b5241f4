-- severity: warning
-- The factor that follows from the file is the one that CMS publishes for the year.
-- source: 89.169 in OPPS25FR, OPPS25Q1 and OPPS25Q3
-- payment: of any service with a weight, if the file is of another year.
select release_file.file_kind, null as source_line,
  format('the weights and rates follow from the factor {}, and {} is known for the days from {}', derived_factor::varchar, curated_factor::varchar, effective_from) as finding
from schedule_factor
cross join (select distinct file_kind from stage.addendum_b) as release_file
where derived_factor <> curated_factor
