-- What the edits did not know, in one row per note: lines of days of which no edits are loaded (of equipment
-- the limits of suppliers), and lines that name no group practice.
with counted as (
  select
    line.date_of_service, edit_day.pair_release_id, edit_day.unit_release_id, edit_day.supplier_release_id,
    count(*) as line_count,
    sum(case when line.hcpcs_code in (select hcpcs_code from dme_fee) then 1 else 0 end) as of_equipment,
    sum(case when line.billing_provider_id = '' then 1 else 0 end) as without_group
  from claim_line as line
  left join edit_day on edit_day.service_day = line.date_of_service
  where line.date_of_service is not null
  group by line.date_of_service, edit_day.pair_release_id, edit_day.unit_release_id, edit_day.supplier_release_id
),
noted as (
  select 'ncci_not_loaded' as note, date_of_service, line_count from counted where pair_release_id is null
  union all
  select 'mue_not_loaded', date_of_service, line_count - of_equipment
  from counted
  where unit_release_id is null and line_count > of_equipment
  union all
  select 'supplier_mue_not_loaded', date_of_service, of_equipment
  from counted
  where supplier_release_id is null and of_equipment > 0
  union all
  select 'group_practice_not_named', date_of_service, without_group from counted where without_group > 0
)
select note, sum(line_count) as line_count, min(date_of_service) as first_day, max(date_of_service) as last_day
from noted
group by note
order by note
