-- severity: warning
-- No name or description begins with what a spreadsheet takes for a formula (=, +, @, - or a tab), and none holds a character that is not seen: of control, or of the direction of writing. None of CMS's does.
-- source: none in PPRRVU, GPCI, ANES and LOCCO of RVU21A, RVU22A, RVU25A, RVU25B, RVU25D, RVU26B and RVU26C
-- payment: none.
with named as (
  select 'pprrvu' as file_kind, source_line, 'the description of ' || hcpcs_code as place, description as words
  from stage.pprrvu
  union all
  select 'gpci', source_line, format('the name of locality {}-{}', mac, locality_number), locality_name
  from stage.gpci
  union all
  select 'anes', source_line, format('the name of locality {}-{}', mac, locality_number), locality_name
  from stage.anes
  union all
  select 'locco', source_line, format('a name of locality {}-{}', mac, locality_number),
    unnest([state_name, fee_schedule_area, counties])
  from stage.locco
)
select
  file_kind, source_line,
  if(
    regexp_matches(words, '^[=+@\t\r-]'),
    place || ' begins like the formula of a spreadsheet',
    place || ' holds a character that is not seen'
  ) as finding
from named
where regexp_matches(words, '^[=+@\t\r-]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]')
