-- One row a section 47 enquiry, on the day it started.
create table s47_enquiry as
select s47_enquiry_id, s47_start_date as date, child_day.* exclude (day, age_band_of_month, team, worker),
       coalesce(s47_completed_by_team, child_day.team) as team,
       coalesce(s47_completed_by_worker_id, case when s47_completed_by_team is null or s47_completed_by_team = child_day.team then child_day.worker end, 'not known') as worker
from s47_enquiries
join child_day on child_day.person_id = s47_enquiries.person_id and child_day.day = s47_start_date
