-- One row a child who entered care, on the day the initial health assessment fell due. The place is the home from which the
-- child entered care; the age and the team are those of the day.
create table health_assessment as
select health_check_id, due as date,
       child_day.* exclude (day, age_band_of_month, locality, lad, planning_area, district),
       care_entry.* exclude (person_id, entered_care_date),
       coalesce(assessed <= due, false) as in_time
from health_due
join care_entry using (person_id, entered_care_date)
join child_day on child_day.person_id = health_due.person_id and child_day.day = due
