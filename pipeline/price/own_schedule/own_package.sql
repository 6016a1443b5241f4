-- What the crosswalk of drug packages says of the codes and packages of lines, in the quarter of the day.
with asked as (
  select distinct line.date_of_service, line.hcpcs_code, line.ndc_code, $ndc_key as ndc_key
  from own_gated_line as line
  where line.ndc_code <> ''
),
in_force as (
  select
    day.service_day, release.release_id,
    row_number() over (partition by day.service_day order by release.effective_from desc, release.release_id desc) as choice
  from release
  join service_day as day on day.service_day between release.effective_from and release.effective_to
  where release.schedule = 'ndc' and release.is_current
),
package as (
  select
    asked.date_of_service, asked.hcpcs_code, asked.ndc_code, drug.hcpcs_code as listed_code,
    drug.billing_units, drug.package_size
  from asked
  join in_force on in_force.service_day = asked.date_of_service and in_force.choice = 1
  join drug_ndc as drug
    on drug.release_id = in_force.release_id and coalesce(drug.ndc11, upper(drug.ndc_text)) = asked.ndc_key
)
select
  date_of_service, hcpcs_code, ndc_code,
  max(case when listed_code = hcpcs_code then 1 else 0 end) = 1 as is_of_code,
  max(case when listed_code = hcpcs_code then billing_units end) as billing_units,
  max(case when listed_code = hcpcs_code then package_size end) as package_size
from package
group by date_of_service, hcpcs_code, ndc_code
