-- severity: warning
-- Every file that lies beside the releases is read; one that cannot be is left unread with its reason.
-- payment: of claim lines with a ZIP code or anesthesia, where the file is the only one of its kind; the others prove and price nothing.
select '' as release_id, format('{} was not read: {}', source_file, unread_reason) as finding
from source_file
where read_status = 'unread' and release_id = ''
