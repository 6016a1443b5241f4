-- The fees of every release that has localities, by the formula (42 CFR 414.610): a part of the base rate
-- is adjusted by the index of the locality for practice expense, and nothing is rounded but the result.
-- Of a year of which no source for the factors is known there is no amount. Each $rule is its factor in the years
-- for which it holds.
with year as (
  select distinct release_id, calendar_year from release where schedule = 'pfs'
),
place as (
  -- A posting stands for its release where postings are asked for.
  select locality.release_id, year.calendar_year, locality.mac, locality.locality_number, locality.pe_gpci
  from locality
  join year on year.release_id = split_part(locality.release_id, '@', 1)
),
weighed as (
  select
    place.*, item.hcpcs_code, item.service_kind, item.unit, item.rvu,
    item.service_kind = 'ground' as is_ground, item.unit = 'trip' as is_trip,
    case when item.unit = 'trip' then factor.base_factor * item.rvu else factor.mileage_rate end as base,
    case
      when item.unit <> 'trip' then 1
      when item.service_kind = 'ground' then $ground_adjusted_share * place.pe_gpci + (1 - $ground_adjusted_share)
      else $air_adjusted_share * place.pe_gpci + (1 - $air_adjusted_share)
    end::decimal(9, 6) as adjustment,
    case when item.service_kind = 'ground' then $urban_ground else 1 end::decimal(5, 3) as urban_factor,
    case when item.service_kind = 'ground' then $rural_ground else $rural_air end as rural_factor,
    $super_rural_ground as super_rural_factor, $rural_first_miles as first_miles_factor
  from ambulance_rvu as item
  cross join place
  left join ambulance_factor as factor
    on factor.calendar_year = place.calendar_year and factor.service_kind = item.service_kind
),
priced as (
  select
    *,
    -- Wide enough for every factor that follows: products of narrow decimals overflow.
    (base * adjustment)::decimal(24, 10) as exact,
    round(base, 2)::decimal(9, 2) as base_amount,
    round(exact * urban_factor, 2)::decimal(9, 2) as urban_amount,
    round(exact * rural_factor, 2)::decimal(9, 2) as rural_amount,
    case when is_ground and is_trip then round(exact * rural_factor * super_rural_factor, 2) end::decimal(9, 2) as super_rural_amount,
    case when is_ground and not is_trip then round(exact * rural_factor * first_miles_factor, 2) end::decimal(9, 2) as rural_first_miles_amount
  from weighed
)
select
  release_id, calendar_year, hcpcs_code, mac, locality_number, service_kind, unit, rvu, pe_gpci as gpci, base_amount,
  urban_amount, rural_amount, super_rural_amount, rural_first_miles_amount,
  case
    when is_trip and pe_gpci is null then 'gpci_missing'
    when urban_amount is null or rural_amount is null then 'no_factor'
    else 'priced'
  end as price_status
from priced
