-- What other schedules say of each code beside each release of the Physician Fee Schedule, which is its number
-- from the oldest on. A release beside which they say the same as before is left out. An answer is the number
-- of its kind, its amount (or the lowest and the highest of all places), and its modifiers.
with written as (
  select
    hcpcs_code, effective_from, modifier || ' ' || modifier2 || ' ' || modifier3 as modifiers, schedule, setting,
    max(amount_unit) filter (where place_kind = 'national') as amount_unit,
    max(amount_status) filter (where place_kind = 'national') as amount_status,
    max(reason) filter (where place_kind = 'national') as reason,
    cast(max(patient_share_percent) filter (where place_kind = 'national') as varchar) as share,
    coalesce(
      cast(max(amount) filter (where place_kind = 'national') as varchar),
      min(amount) || ' ' || max(amount) || ' ' || min(amount_unit) filter (where place_kind <> 'national'), ''
    ) as amount
  from site_fee
  group by all
),
said as (
  select
    hcpcs_code, number,
    to_json(list(if(trim(modifiers) = '', [cast(kind as varchar), amount], [cast(kind as varchar), amount, trim(modifiers)]) order by kind, modifiers)) as said
  from written
  join numbered_release using (effective_from)
  join site_fee_kind as kind
    on kind.schedule = written.schedule and kind.setting = written.setting and kind.amount_unit = written.amount_unit
    and kind.amount_status = written.amount_status and kind.reason = written.reason and kind.share is not distinct from written.share
  group by hcpcs_code, number
),
every as (
  select code.hcpcs_code, numbered_release.number, coalesce(said.said, '[]') as said
  from (select distinct hcpcs_code from said) as code
  cross join numbered_release
  left join said on said.hcpcs_code = code.hcpcs_code and said.number = numbered_release.number
),
changed as (
  select *
  from every
  qualify said <> coalesce(lag(said) over (partition by hcpcs_code order by number), '[]')
),
-- Of codes that no release of the Physician Fee Schedule lists nobody else on the site has the name.
name as (
  select hcpcs_code, arg_max(description, effective_from) as label
  from site_hcpcs_item
  join release using (release_id)
  where release.is_current and hcpcs_code not in (select hcpcs_code from site_row)
  group by hcpcs_code
)
select changed.hcpcs_code, coalesce(name.label, '') as label, '[' || string_agg('[' || number || ',' || said || ']', ',' order by number) || ']'
from changed
left join name using (hcpcs_code)
group by changed.hcpcs_code, name.label
order by changed.hcpcs_code
