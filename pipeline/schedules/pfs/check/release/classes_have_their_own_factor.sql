-- severity: warning
-- The conversion factor of those who qualify is above that of all others: since 2026 it has risen by more each year.
-- source: 42 USC 1395w-4(d)(1)(A) (0.75 and 0.25 percent a year); RVU26A to RVU26C
-- payment: every amount of a class, if a file has the factor of the other one.
select 'pprrvu_qpp' as file_kind, null as source_line,
  format('the factor of those who qualify is {}, and that of all others {}', qp.factor::varchar, nonqp.factor::varchar) as finding
from (select mode(conversion_factor) as factor from stage.pprrvu_qpp) as qp
cross join (select mode(conversion_factor) as factor from stage.pprrvu) as nonqp
where qp.factor <= nonqp.factor
