-- severity: warning
-- Every indicator has a meaning in hcpcs_indicator; CMS adds one now and then, as pricing indicator 40 for lymphedema in 2024.
-- source: all values of HCPCS19Q1 and HCPCS25Q4
-- payment: which schedule is asked for a price.
with used as (
  select 'pricing_indicator' as indicator, unnest([price_1, price_2, price_3, price_4]) as value, source_line from stage.hcpcs
  union all
  select 'type_of_service', unnest([type_of_service_1, type_of_service_2, type_of_service_3, type_of_service_4, type_of_service_5]), source_line
  from stage.hcpcs
  union all
  select 'multiple_pricing_indicator', multiple_pricing_indicator, source_line from stage.hcpcs
  union all
  select 'coverage_code', coverage_code, source_line from stage.hcpcs
  union all
  select 'action_code', action_code, source_line from stage.hcpcs
)
select 'hcpcs' as file_kind, min(source_line) as source_line,
  format('{} {} of {} records has no known meaning', indicator, value, count(*)) as finding
from used
anti join hcpcs_indicator using (indicator, value)
where value <> ''
group by indicator, value
