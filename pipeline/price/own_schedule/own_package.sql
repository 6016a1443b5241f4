-- What the crosswalk of drug packages says of the codes and packages of lines, in the quarter of the day.
with asked as (
  select distinct line.fee_day, line.hcpcs_code, line.ndc_code, $ndc_key as ndc_key
  from own_gated_line as line
  where line.ndc_code <> ''
),
package as (
  select
    asked.fee_day, asked.hcpcs_code, asked.ndc_code, drug.hcpcs_code as listed_code,
    drug.billing_units, drug.package_size
  from asked
  join own_day as day on day.schedule = 'ndc' and day.service_day = asked.fee_day
  join drug_ndc as drug
    on drug.release_id = day.release_id and coalesce(drug.ndc11, upper(drug.ndc_text)) = asked.ndc_key
)
select
  fee_day, hcpcs_code, ndc_code,
  max(case when listed_code = hcpcs_code then 1 else 0 end) = 1 as is_of_code,
  max(case when listed_code = hcpcs_code then billing_units end) as billing_units,
  max(case when listed_code = hcpcs_code then package_size end) as package_size
from package
group by fee_day, hcpcs_code, ndc_code
