-- The lowest, median and highest locality of each priced code in each setting. $amounts has one
-- row per code and locality. An amount and the place where it holds are packed into one whole
-- number, cents first, so that a minimum keeps its place; of equal amounts the first place by
-- MAC and number stands. The median is the amount in the middle, the lower of two.
with place as (
  select
    mac, locality_number, locality_name,
    mac || '-' || locality_number as locality_label,
    row_number() over (order by mac, locality_number) as place_number
  from locality
),
packed as (
  select
    hcpcs_code,
    cast(nonfacility_payment * 100 as bigint) * 1000 as nonfacility,
    cast(facility_payment * 100 as bigint) * 1000 as facility,
    place_number
  from $amounts as amounts
  join place using (mac, locality_number)
  where price_status = 'priced'
),
found as (
  select
    hcpcs_code,
    cast(count(*) as integer) as locality_count,
    min(nonfacility + place_number) as lowest_nonfacility,
    quantile_disc(nonfacility + place_number, 0.5) as median_nonfacility,
    max(nonfacility + 999 - place_number) as highest_nonfacility,
    min(facility + place_number) as lowest_facility,
    quantile_disc(facility + place_number, 0.5) as median_facility,
    max(facility + 999 - place_number) as highest_facility
  from packed
  group by hcpcs_code
)
select
  hcpcs_code,
  locality_count,
  cast(lowest_nonfacility // 1000 as decimal(9, 0)) * 0.01 as lowest_nonfacility_payment,
  lowest_nf.locality_label as lowest_nonfacility_locality,
  lowest_nf.locality_name as lowest_nonfacility_locality_name,
  cast(median_nonfacility // 1000 as decimal(9, 0)) * 0.01 as median_nonfacility_payment,
  median_nf.locality_label as median_nonfacility_locality,
  median_nf.locality_name as median_nonfacility_locality_name,
  cast(highest_nonfacility // 1000 as decimal(9, 0)) * 0.01 as highest_nonfacility_payment,
  highest_nf.locality_label as highest_nonfacility_locality,
  highest_nf.locality_name as highest_nonfacility_locality_name,
  cast(lowest_facility // 1000 as decimal(9, 0)) * 0.01 as lowest_facility_payment,
  lowest_f.locality_label as lowest_facility_locality,
  lowest_f.locality_name as lowest_facility_locality_name,
  cast(median_facility // 1000 as decimal(9, 0)) * 0.01 as median_facility_payment,
  median_f.locality_label as median_facility_locality,
  median_f.locality_name as median_facility_locality_name,
  cast(highest_facility // 1000 as decimal(9, 0)) * 0.01 as highest_facility_payment,
  highest_f.locality_label as highest_facility_locality,
  highest_f.locality_name as highest_facility_locality_name
from found
join place as lowest_nf on lowest_nf.place_number = lowest_nonfacility % 1000
join place as median_nf on median_nf.place_number = median_nonfacility % 1000
join place as highest_nf on highest_nf.place_number = 999 - highest_nonfacility % 1000
join place as lowest_f on lowest_f.place_number = lowest_facility % 1000
join place as median_f on median_f.place_number = median_facility % 1000
join place as highest_f on highest_f.place_number = 999 - highest_facility % 1000
