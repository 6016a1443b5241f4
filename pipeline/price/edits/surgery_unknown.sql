-- Visits and procedures around a surgery of a day on which no release tells its global period: from the day
-- before to 90 days after. Whether the code has one is what releases of other days say.
with surgery as (
  select distinct line.patient_key, line.specialist_key, line.date_of_service
  from claim_line as line
  join service_day on service_day.service_day = line.date_of_service
  where service_day.release_number is null and line.hcpcs_code in (select hcpcs_code from surgery_code)
)
select
  'surgery_release_missing' as note, count(distinct service.line_id) as line_count,
  min(service.date_of_service) as first_day, max(service.date_of_service) as last_day,
  array_agg(distinct surgery.date_of_service) as surgery_days
from global_service as service
join surgery
  on surgery.patient_key = service.patient_key and surgery.specialist_key = service.specialist_key
  and service.date_of_service between surgery.date_of_service - 1 and surgery.date_of_service + 90
join service_day on service_day.service_day = service.date_of_service
where service_day.release_number is not null
having count(*) > 0
