-- Rank of one value per code within its section (pfs-rules 5.2). $candidates has one row per
-- code, peer group and modifier ('' or '26') with its value and price status.
--
-- Ranked are codes with a priced row whose value is above 0; the row without modifier stands
-- for the code, or the 26 row where that one has no such value. The percentile counts the peers
-- below and half of the peers equal, the code itself among them: ties stand symmetrically, and
-- it is integer arithmetic with one rounding at the fourth decimal.
with candidate as (select * from $candidates),
peer as (
  select
    peer_group,
    section,
    hcpcs_code,
    arg_min(value, modifier) as value
  from candidate
  where price_status = 'priced' and value > 0
  group by peer_group, section, hcpcs_code
),
placed as (
  select
    *,
    rank() over (partition by peer_group, section order by value) - 1 as below_count,
    count(*) over (partition by peer_group, section, value) as equal_count,
    count(*) over (partition by peer_group, section) as peer_count
  from peer
),
distribution as (
  select
    peer_group,
    section,
    count(*) as peer_count,
    min(value) as min_value,
    quantile_cont(cast(value as decimal(18, 6)), [0.25, 0.5, 0.75]) as quartiles,
    max(value) as max_value,
    min_by(hcpcs_code, struct_pack(value := -value, hcpcs_code := hcpcs_code)) as max_hcpcs_code
  from peer
  group by peer_group, section
),
code as (
  select
    peer_group,
    section,
    hcpcs_code,
    bool_or(price_status = 'priced') as is_priced,
    bool_or(price_status = 'carrier_priced') as is_carrier_priced
  from candidate
  group by peer_group, section, hcpcs_code
)
select
  code.peer_group,
  code.hcpcs_code,
  code.section,
  case
    when placed.peer_count >= 10 then 'ranked'
    when placed.peer_count > 0 then 'few_peers'
    when code.is_priced then 'no_work'
    when code.is_carrier_priced then 'carrier_priced'
    else 'not_payable'
  end as rank_status,
  placed.value,
  coalesce(distribution.peer_count, 0) as peer_count,
  cast(
    ((1000000 * (2 * placed.below_count + placed.equal_count) + placed.peer_count) // (2 * placed.peer_count))
    as decimal(11, 0)
  ) * cast(0.0001 as decimal(5, 4)) as percentile,
  round(cast(placed.value as double) / cast(distribution.quartiles[2] as double), 4) as ratio_to_median,
  distribution.min_value,
  distribution.quartiles[1] as lower_quartile,
  distribution.quartiles[2] as median_value,
  distribution.quartiles[3] as upper_quartile,
  distribution.max_value,
  distribution.max_hcpcs_code
from code
left join placed using (peer_group, section, hcpcs_code)
left join distribution using (peer_group, section)
