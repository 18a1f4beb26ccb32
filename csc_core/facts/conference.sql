-- One row an initial child protection conference of a child, on the day it was held.
create table conference as
select s47_enquiry_id, icpc_date as date, child_day.* exclude (day, age_band_of_month, team, worker),
       coalesce(s47_completed_by_team, child_day.team) as team,
       coalesce(s47_completed_by_worker_id, case when s47_completed_by_team is null or s47_completed_by_team = child_day.team then child_day.worker end, 'not known') as worker,
       held.working_days - started.working_days as working_days
from s47_enquiries
join child_day on child_day.person_id = s47_enquiries.person_id and child_day.day = icpc_date
join calendar as started on started.day = s47_start_date
join calendar as held on held.day = icpc_date
