-- Critical care in miniature (pfs-rules 6.1 to 6.3), in the columns that the site reads.
create or replace table time_rule as
select * from (values
  ('critical_care', 'cpt', date '2009-01-01', '99291', 'From 30 minutes on, once a date.', 'S', 'Rule of CPT'),
  ('critical_care', 'cpt', date '2009-01-01', '99292', 'From 75 minutes on, each 30.', 'S', 'Rule of CPT'),
  ('critical_care', 'medicare', date '2023-01-01', '99291', 'From 30 minutes on, once a date.', 'P', '87 FR 69404'),
  ('critical_care', 'medicare', date '2023-01-01', '99292', 'From 104 minutes on, each 30.', 'P', '87 FR 69404')
) as rule (code_family, payer, effective_from, hcpcs_code, meaning, evidence, source);
create or replace table time_unit as
select
  code_family, payer, effective_from, null::date as effective_to, hcpcs_code, 1 as units, 30 as first_minute, null::integer as last_minute
from time_rule where hcpcs_code = '99291'
union all
select
  code_family, payer, effective_from, null, hcpcs_code, n,
  if(payer = 'cpt', 75, 104) + 30 * (n - 1), if(payer = 'cpt', 75, 104) + 30 * n - 1
from time_rule, range(1, 50) as units (n) where hcpcs_code = '99292';
create or replace table care_decision as
select * from (values
  ('any', date '2009-01-01', null::date, 'neonate', 0, 'day', 28, 'day', 'inpatient', '99468', 'initial_day', 'neonatal', 'facility', 'Once a day.', 'S', 'SCCM'),
  ('any', date '2009-01-01', null, 'neonate', 0, 'day', 28, 'day', 'inpatient', '99469', 'subsequent_day', 'neonatal', 'facility', 'Once on later days.', 'S', 'SCCM'),
  ('any', date '2009-01-01', null, 'older', 72, 'month', null, '', 'inpatient', '99291', 'first_period', 'critical_care', 'facility', 'Counted in minutes.', 'P', 'CMS'),
  ('any', date '2009-01-01', null, 'older', 72, 'month', null, '', 'inpatient', '99292', 'further_period', 'critical_care', 'facility', 'Counted in minutes.', 'P', 'CMS')
) as decision (payer, effective_from, effective_to, age_band, first_age, first_age_unit, last_age, last_age_unit, care_setting, hcpcs_code, code_role, code_family, setting, meaning, evidence, source);
create or replace table bundled_service as
select * from (values
  ('critical_care', 'any', '36000', 'bundled', date '2009-01-01', null::date, '', 'Access to a vein: part of it.', 'S', 'AAPC'),
  ('critical_care', 'any', '99090', 'bundled', date '2009-01-01', null, '', 'Stored data: part of it.', 'S', 'AAPC'),
  ('critical_care', 'any', '92950', 'separate', date '2009-01-01', null, '', 'Resuscitation: beside it.', 'S', 'AAPC')
) as service (code_family, payer, hcpcs_code, bundling, effective_from, effective_to, replaced_by, meaning, evidence, source);
create or replace table curated_code as
select 'bundled_service' as curated_table, hcpcs_code,
  if(hcpcs_code = '99090', 'never_listed', 'listed') as code_presence, '' as vanished_in_release_id
from bundled_service;
create or replace table billing_rule as
select 'split_shared' as rule_topic, 'critical_care' as code_family, 'medicare' as payer, date '2022-01-01' as effective_from,
  null::date as effective_to, 'FS' as claim_modifier, 'The one with more than half of the time reports it.' as meaning, 'S' as evidence, 'CMS' as source;
