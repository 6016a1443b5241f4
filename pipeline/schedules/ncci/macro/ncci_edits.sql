-- ncci_edits(codes, on_day, of_setting)
-- What NCCI has of these codes ([...]) on a day of service, for practitioner, outpatient_hospital or dme_supplier (which has units only). edit_kind pair: column one and column two of an edit in force, and whether a modifier gets both paid. add_on: an add-on code and its primary code among the codes, '' where none is. units: the most units of a code. status not_loaded says that the warehouse holds nothing that would tell, and later_than_loaded that the day is after the last release that is held: neither means that there is no edit.
with asked as (
  select distinct upper(trim(code, $blanks)) as code from (select unnest(codes) as code) as said
),
held as (
  select
    edit_kind, release.release_id, release.effective_to,
    release.release_id is null as is_missing
  from (values ('pair', 'ncci', trim(of_setting, $blanks)), ('add_on', 'aoc', ''), ('units', 'mue', trim(of_setting, $blanks))) as needed(edit_kind, schedule, series)
  left join release
    on release.schedule = needed.schedule and release.series = needed.series
    and case
      when edit_kind = 'units' then release.is_current and on_day between release.effective_from and release.effective_to
      else release.is_latest
    end
  -- Of a setting that no edits are for nothing is loaded, and that would be read as a gap of the warehouse.
  where case
    when coalesce(trim(of_setting, $blanks), '') not in ('practitioner', 'outpatient_hospital', 'dme_supplier')
      then error('a setting is practitioner, outpatient_hospital or dme_supplier')
    else true
  end
),
pairs as (
  select
    'pair' as edit_kind, column1 as code, column2 as other_code, modifier_indicator as indicator,
    case modifier_indicator when '1' then 'modifier_allowed' else 'modifier_not_allowed' end as status,
    null::integer as units, edit.effective_from, edit.effective_to, rationale, edit.release_id
  from ncci_pair as edit
  where column1 in (select code from asked) and column2 in (select code from asked)
    and edit.setting = trim(of_setting, $blanks) and edit_status <> 'never_in_force'
    and on_day between edit.effective_from and coalesce(edit.effective_to, date '9999-12-31')
),
add_ons as (
  select
    pair.*,
    asked.code as primary_among_codes,
    bool_or(asked.code is not null) over of_add_on as has_primary,
    bool_or(primary_kind = 'contractor_defined') over of_add_on as is_open,
    bool_or(add_on_type = '3') over of_add_on as is_partial,
    row_number() over (partition by add_on order by primary_code) as place
  from add_on_code_current as pair
  left join asked on asked.code = pair.primary_code
  where add_on in (select code from asked)
    and on_day between pair.effective_from and coalesce(pair.effective_to, date '9999-12-31')
  window of_add_on as (partition by add_on)
)
select edit_kind, code, other_code, indicator, status, units, effective_from, effective_to, rationale, release_id from pairs
union all
select
  'add_on', add_on, coalesce(primary_among_codes, ''), add_on_type,
  case
    when has_primary then 'primary_present'
    when is_open then 'contractor_defines_primary'
    when is_partial then 'contractor_may_accept_others'
    else 'primary_missing'
  end,
  null, effective_from, effective_to, note, release_id
from add_ons
where primary_among_codes is not null or (not has_primary and place = 1)
union all
select 'units', hcpcs_code, '', adjudication_indicator, limit_status, units, effective_from, effective_to, rationale, release_id
from mue_in_force as edit
where hcpcs_code in (select code from asked) and edit.setting = trim(of_setting, $blanks)
  and on_day between effective_from and effective_to
union all
select
  edit_kind, '', '', '', case when is_missing then 'not_loaded' else 'later_than_loaded' end,
  null, null, null, '', coalesce(release_id, '')
from held
where is_missing or on_day > effective_to
order by all
