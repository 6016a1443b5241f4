-- severity: error above 5%
-- Where the description of a HCPCS Level II code names quantities ("Inj alymsys 10 mg"), one of them is the dosage.
-- source: 1,305 of 1,306 descriptions of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3, but for J2404 in ASP24Q4; a slip by a row breaks far more
-- payment: of every unit, if the dosage is that of another code.
with spelled as (
  select
    source_line, hcpcs_code, description, dosage_text,
    replace(upper(dosage_text), ' ', '') as dosage,
    regexp_extract_all(
      replace(upper(description), 'I.U.', 'IU'), '([0-9]+\.?[0-9]*|\.[0-9]+) ?(MG|MCG|GM|G|ML|CC|IU|UNITS?|SQ ?CM)\b'
    ) as named
  from stage.asp
),
-- How words for one unit are written differs from column to column, and so do zeros before a point.
compared as (
  select
    *,
    list_transform(list_append(named, dosage), lambda x: regexp_replace(regexp_replace(ltrim(replace(x, ' ', ''), '0'), 'GM?\z', 'G'), 'UNITS?\z|IU\z', 'IU')) as plain
  from spelled
)
select 'asp' as file_kind, source_line, format('{}: "{}", but the dosage {}', hcpcs_code, description, dosage_text) as finding
from compared
where len(named) > 0
  and regexp_matches(hcpcs_code, '^[A-Z]')
  and regexp_matches(dosage, '^[0-9.]+(MG|MCG|GM|ML|CC|IU|UNITS?|SQCM)\z')
  and not list_contains(plain[:-2], plain[-1])
