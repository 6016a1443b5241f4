-- Every fee of supplies that come by mail order.
select
  this_release.release_id,
  mail_order.hcpcs_code,
  mail_order.modifier,
  mail_order.modifier2,
  mail_order.modifier3,
  mail_order.category,
  mail_order.amount,
  mail_order.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  loaded_file.file as source_file,
  mail_order.source_line
from stage.dme_mail_order as mail_order
join stage.loaded_file on loaded_file.file_kind = 'dme_mail_order'
cross join this_release
where mail_order.amount > 0
