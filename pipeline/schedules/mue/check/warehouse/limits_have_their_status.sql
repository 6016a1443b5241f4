-- severity: error
-- An edit is never_payable exactly where its limit is 0, and of the setting of its release.
-- payment: any; our own rule, which is never open.
select release_id, format('{} is {} with {} units, in the setting {}', hcpcs_code, limit_status, units, setting) as finding
from mue
join release using (release_id)
where release.is_current and ((limit_status = 'never_payable') <> (units = 0) or setting <> series)
