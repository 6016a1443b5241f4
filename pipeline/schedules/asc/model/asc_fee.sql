-- Every code of both addenda with what is paid for it, and the device amounts of Addendum FF.
-- payment_rate: a rate counts only where somebody has said that its payment indicator is paid.
with line as (
  select
    line.*,
    case
      when meant.price_status is null then 'unknown_payment_indicator'
      when meant.price_status = 'priced' and line.payment_rate is null then 'no_fee_published'
      else meant.price_status
    end as price_status
  from $line as line
  left join asc_payment_indicator as meant using (payment_indicator)
)
select
  this_release.release_id,
  line.hcpcs_code,
  line.addendum,
  line.payment_indicator,
  line.price_status,
  if(line.price_status = 'priced', line.payment_rate, null) as payment_rate,
  line.payment_weight,
  line.multiple_procedure_discount,
  line.ira_copayment,
  line.asc_flag = '**' as coinsurance_waived,
  line.asc_flag = '*' as office_based_is_temporary,
  line.asc_flag = '***' as is_non_opioid,
  line.pass_through_expires,
  line.comment_indicator,
  coalesce(device.apc, '') as apc,
  device.standard_rate,
  device.apc_device_offset_percent,
  device.device_offset_percent,
  device.device_amount,
  line.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  loaded_file.file as source_file,
  line.source_line
from line
left join stage.asc_ff as device on device.hcpcs_code = line.hcpcs_code and line.addendum = 'AA'
join stage.loaded_file using (file_kind)
cross join this_release
