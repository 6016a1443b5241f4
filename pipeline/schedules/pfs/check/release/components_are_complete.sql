-- severity: warning
-- A code with a 26 or TC row has the whole service, 26 and TC, each with PC/TC indicator 1; only laboratory codes have a 26 row with indicator 6.
-- Without exception in RVU22A, RVU25A, RVU25B, RVU25D and RVU26C, so that a component row that was lost shows.
-- payment: none of the rows that are there; a row that is lost has none.
select 'pprrvu' as file_kind, min(source_line) as source_line,
  format('{} has {} rows, of modifier "{}" and with PC/TC indicator {}', hcpcs_code, count(*),
    string_agg(modifier, '", "' order by modifier), string_agg(distinct pctc_indicator, ', ' order by pctc_indicator)) as finding
from stage.pprrvu
group by hcpcs_code
having count(*) filter (modifier = 'TC' or (modifier = '26' and pctc_indicator <> '6')) > 0
  and (list_sort(list(modifier)) <> ['', '26', 'TC'] or min(pctc_indicator) <> '1' or max(pctc_indicator) <> '1')
