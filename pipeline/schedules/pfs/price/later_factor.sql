-- What second and further services are multiplied by on each day: a factor counts from its own day.
select
  service_day.service_day, factor.multiple_procedure_indicator,
  max(case when factor.part = 'whole' then factor.factor end) as whole_later_factor,
  max(case when factor.part = 'pc' then factor.factor end) as pc_later_factor,
  max(case when factor.part = 'tc' then factor.factor end) as tc_later_factor,
  max(case when factor.part = 'pe' then factor.factor end) as pe_later_factor
from service_day
join multiple_procedure_factor as factor
  on service_day.service_day between factor.effective_from and factor.effective_to
group by service_day.service_day, factor.multiple_procedure_indicator
