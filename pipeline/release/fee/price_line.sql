-- price_line(code, on_day, of_modifiers := '', of_units := 1, at_pos := '11', at_zip := '', at_mac := '', at_locality := '')
-- What Medicare allows for one claim line of the Physician Fee Schedule, billed alone by a physician who participates: price_line('99213', '2025-11-20', at_zip := '94110'). Modifiers stand in one text ('26-59'). Where the amount is NULL, reason is that of fees price (pricing_rule.rule). It knows the rows 26 and TC, both sides of bilateral indicator 1 (50), units of codes that no same-day rule is for, modifiers that change no amount, and unlikely units. Wherever another rule decides (anesthesia, other modifiers, hospitals and tests, several units of surgery, imaging or therapy, what another schedule pays) the reason is ask_fees_price, and only that command has the amount.
with asked as materialized (
  select
    upper(trim(code, $blanks)) as hcpcs_code, cast(on_day as date) as service_day,
    -- A part of a unit is no number of units, and is not rounded to one.
    case when cast(of_units as double) = floor(cast(of_units as double)) then cast(of_units as integer) end as units,
    trim(at_pos, $blanks) as place_of_service, coalesce(regexp_replace(trim(at_zip, $blanks), '^(.{5})-(.{4})\z', '\1\2'), '') as zip_code,
    coalesce(trim(at_mac, $blanks), '') as named_mac, coalesce(trim(at_locality, $blanks), '') as named_locality
),
modifier_said as materialized (
  select said.claim_modifier, modifier.claim_modifier is not null as is_known, coalesce(modifier.amount_effect, '') as amount_effect
  from (select unnest(regexp_split_to_array(upper(trim(of_modifiers, $blanks)), '[\s\v\x{A0},-]+')) as claim_modifier) as said
  left join modifier using (claim_modifier)
  where said.claim_modifier <> ''
),
modifier_set as (
  select
    coalesce(bool_or(not is_known), false) as has_unknown,
    coalesce(max(case when claim_modifier in ('26', 'TC') then claim_modifier end), '') as component,
    coalesce(bool_or(claim_modifier = '50'), false) as is_both_sides,
    count(*) > 4 or coalesce(bool_or(amount_effect not in ('none', 'edits') and claim_modifier not in ('26', 'TC', '50', '59', 'XE')), false)
      -- 59 and XE tell of other lines only, or of anesthesia.
      or count(distinct case when claim_modifier in ('26', 'TC') then claim_modifier end) > 1
      or coalesce(bool_or(claim_modifier in ('RT', 'LT')), false) as is_beyond
  from modifier_said
),
held as (
  select release_id, effective_from
  from release, asked
  where schedule = 'pfs' and is_current and service_day between release.effective_from and release.effective_to
  order by release.effective_from desc, release.released_on desc
  limit 1
),
setting as (
  select
    case when service_day < place.setting_from then place.setting_before else place.setting end as setting,
    place.hospital
  from asked
  join place_of_service as place using (place_of_service)
  left join place_of_service_date as dated using (place_of_service)
  where service_day >= coalesce(dated.effective_from, service_day)
),
-- Of the ZIP code files the last that began by the day counts, or the first there is.
zip as (
  select zip5.mac, zip5.locality_number, zip5.zip4_decides, zip9.mac as mac9, zip9.locality_number as locality9
  from asked
  join zip_locality as zip5
    on zip5.zip_code = substr(asked.zip_code, 1, 5) and zip5.effective_from = (
      select coalesce(max(effective_from) filter (where effective_from <= service_day), min(effective_from)) from zip_locality, asked
    )
  left join zip9_locality as zip9
    on zip9.zip_code = zip5.zip_code and zip9.plus_four = substr(asked.zip_code, 6) and zip9.effective_from = (
      select coalesce(max(effective_from) filter (where effective_from <= service_day), min(effective_from)) from zip9_locality, asked
    )
),
-- Whoever lists the code beside the Physician Fee Schedule may pay what that one does not.
listed as (
  select count(*) > 0 as is_listed
  from (
    select hcpcs_code from lab_fee union all select hcpcs_code from drug_limit union all select hcpcs_code from dme_item
    union all select hcpcs_code from dme_cba_fee union all select hcpcs_code from dme_mail_order_fee
    union all select hcpcs_code from ambulance_fee
  ) as elsewhere
  where hcpcs_code = upper(trim(code, $blanks))
),
most as (
  select min(mue.units) as units
  from mue_in_force as mue, asked
  where mue.hcpcs_code = upper(trim(code, $blanks)) and service_day between mue.effective_from and mue.effective_to
    and mue.setting = case
      when (select count(*) from dme_fee where hcpcs_code = upper(trim(code, $blanks))) > 0 then 'dme_supplier' else 'practitioner' end
),
located as (
  select
    asked.*, modifier_set.*, held.release_id, held.effective_from, setting.setting, setting.hospital, listed.is_listed,
    most.units as most_units, zip.zip4_decides, zip.mac is not null as is_zip_known, zip.mac9 is not null as is_zip9_known,
    case when named_mac <> '' then named_mac when zip.zip4_decides then zip.mac9 else zip.mac end as here_mac,
    case when named_mac <> '' then named_locality when zip.zip4_decides then zip.locality9 else zip.locality_number end as here_locality
  from asked
  cross join modifier_set
  cross join listed
  cross join most
  left join held on true
  left join setting on true
  left join zip on true
),
found as (
  select
    located.*, locality.mac as place_mac, rvu.status_code, rvu.pctc_indicator, rvu.bilateral_indicator,
    rvu.multiple_procedure_indicator, own.modifier is not null as has_row, national.price_status as national_status,
    payment.price_status as local_status,
    case located.setting when 'facility' then payment.facility_payment else payment.nonfacility_payment end as unit_amount
  from located
  left join locality
    on locality.release_id = located.release_id and locality.mac = here_mac and locality.locality_number = here_locality
  -- The code is named once more in each of them, so that only its rows are read.
  left join (from rvu where hcpcs_code = upper(trim(code, $blanks))) as rvu
    on rvu.release_id = located.release_id and rvu.modifier = ''
  left join (from rvu where hcpcs_code = upper(trim(code, $blanks))) as own
    on own.release_id = located.release_id and own.modifier = component
  left join (from payment_national where hcpcs_code = upper(trim(code, $blanks)) and is_default_class) as national
    on national.release_id = located.release_id and national.modifier = component
  left join (from payment_locality where hcpcs_code = upper(trim(code, $blanks)) and is_default_class) as payment
    on payment.release_id = located.release_id and payment.modifier = component
    and payment.mac = here_mac and payment.locality_number = here_locality
),
decided as (
  select
    found.*,
    case
      when is_listed and (status_code is null or status_code in ('E', 'P', 'X')) then 'ask_fees_price'
      when service_day is null then 'date_missing'
      when units is null or units < 1 or units > 9999 then 'units_out_of_range'
      when has_unknown then 'modifier_unknown'
      when setting is null then 'place_of_service_unknown'
      when release_id is null then 'release_missing'
      when zip_code = '' and (named_mac = '' or named_locality = '') then 'locality_missing'
      when zip_code <> '' and named_mac <> '' then 'ask_fees_price'
      when named_mac = '' and (not is_zip_known or length(zip_code) not in (5, 9)) then 'zip_unknown'
      when named_mac = '' and zip4_decides and length(zip_code) <> 9 then 'zip4_needed'
      when named_mac = '' and zip4_decides and not is_zip9_known then 'zip9_unknown'
      when place_mac is null then 'locality_unknown'
      when is_beyond then 'ask_fees_price'
      when status_code is null then 'code_unknown'
      when units > most_units then 'mue'
      when not has_row then 'component_not_separate'
      when national_status = 'anesthesia' then 'ask_fees_price'
      when national_status <> 'priced' then national_status
      when hospital <> '' and component <> '26' and pctc_indicator in ('1', '3', '4', '5') or pctc_indicator = '8' then 'ask_fees_price'
      when is_both_sides and (bilateral_indicator <> '1' or units > 1) then 'ask_fees_price'
      -- Two units may be the two sides.
      when units = 2 and bilateral_indicator in ('1', '2') then 'ask_fees_price'
      when units > 1 and multiple_procedure_indicator in (select multiple_procedure_indicator from multiple_procedure_factor) then 'ask_fees_price'
      when (select count(*) from conversion_factor as changed where program = 'pfs' and changed.effective_from > found.effective_from and changed.effective_from <= service_day) > 0
        then 'ask_fees_price'
      when local_status is distinct from 'priced' then coalesce(local_status, 'ask_fees_price')
      else ''
    end as reason
  from found
)
select
  decided.hcpcs_code, decided.units, decided.place_of_service, decided.setting, decided.release_id,
  decided.here_mac as mac, decided.here_locality as locality_number,
  case
    when reason = '' and is_both_sides then cast(round(unit_amount * both_sides.factor, 2) as decimal(12, 2))
    when reason = '' then cast(unit_amount * decided.units as decimal(12, 2))
  end as allowed_amount,
  decided.reason,
  case
    when reason = 'ask_fees_price' then 'This line needs a rule that the macro does not have; fees price has the amount.'
    else coalesce(rule.meaning, '')
  end as why
from decided
cross join (select factor from pricing_rule where pricing_rule.rule = 'bilateral') as both_sides
left join pricing_rule as rule on rule.rule = decided.reason
