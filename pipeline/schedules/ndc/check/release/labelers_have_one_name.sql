-- severity: error
-- Nine of ten packages name their labeler as most packages with the same first five digits do.
-- source: all but 191 of 6,478 packages of NDC25Q1 and 60 of 6,733 of NDC25Q3; of a slip by a row a third breaks it
-- payment: none; but the NDC would be that of another package.
with named as (
  select ndc_text[:5] as labeler_code, upper(labeler) as name, count(*) as packages
  from stage.ndc
  where regexp_full_match(ndc_text, '[0-9]{5}-[0-9]{4}-[0-9]{2}')
  group by all
),
labelers as (
  select labeler_code, sum(packages) as packages, max(packages) as alike from named group by labeler_code
)
select 'ndc' as file_kind, null as source_line,
  format('{} of {} packages name their labeler otherwise than most with its digits do', sum(packages - alike), sum(packages)) as finding
from labelers
having sum(packages - alike) > 0.1 * sum(packages)
