-- A stock: one row a thing overdue and stretch of days on which it was. The place is the home on the day, for looked-after
-- children the home from which they entered care; the age, the team and the worker are those of the day.
create table overdue as
select kind, record_id, clock_start, due_date, start_date, end_date,
       child_day.* exclude (day, age_band, team, worker) rename (age_band_of_month as age_band),
       coalesce(own_team, child_day.team) as team,
       coalesce(own_worker, case when own_team is null or own_team = child_day.team then child_day.worker end, 'not known') as worker
from overdue_segment
join child_day on child_day.person_id = overdue_segment.person_id and child_day.day = start_date
where kind <> 'health'
union all by name
select kind, record_id, clock_start, due_date, start_date, end_date,
       child_day.* exclude (day, age_band, locality, lad, planning_area, district) rename (age_band_of_month as age_band),
       care_entry.* exclude (person_id, entered_care_date)
from overdue_segment
join child_day on child_day.person_id = overdue_segment.person_id and child_day.day = start_date
join care_entry on care_entry.person_id = overdue_segment.person_id and care_entry.entered_care_date = clock_start
where kind = 'health'
union all by name
select 'visit' as kind, cla_episode_id as record_id, visit_due as due_date, start_date, end_date, person_id,
       age_band, sex, ethnic_group, disability, county, locality, lad, planning_area, district, team, worker
from looked_after where visit_due < start_date;
