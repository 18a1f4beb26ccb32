-- A stock: one row a care leaver aged 17 to 21 and stretch of days. On any day a care leaver is in one row at most.
create table care_leaver as
with recorded as (
    -- two records open at once: the one that started last, then the lowest id
    select child_stretch.person_id, start_date, end_date,
           arg_min(care_leavers, (-epoch(cast(status_start_date as timestamp)), care_leavers.table_id)) as status
    from child_stretch join care_leavers on care_leavers.person_id = child_stretch.person_id
        and status_start_date <= start_date and (status_end_date is null or status_end_date > start_date)
    group by all
)
select status.table_id as care_leaver_id, recorded.start_date, recorded.end_date,
       child_day.* exclude (day, age_band, team, worker) rename (age_band_of_month as age_band),
       coalesce(status.care_leaver_allocated_team, child_day.team) as team,
       coalesce(case when status.care_leaver_allocated_team is null or status.care_leaver_allocated_team = child_day.team then child_day.worker end, 'not known') as worker,
       coalesce(status.care_leaver_in_touch = 'YES', false) as in_touch,
       -- F full time, P part time: higher education 1, other education 2, apprenticeship 4, training or employment 5
       coalesce(status.care_leaver_activity[1] in ('F', 'P'), false) as in_eet,
       coalesce(status.care_leaver_accom_suitable = 'Y', false) as suitable
from recorded
join child_day on child_day.person_id = recorded.person_id and child_day.day = recorded.start_date
join persons on persons.person_id = recorded.person_id
where years_on(dob, last_day(start_date)) between 17 and 21
  and (death_date is null or death_date > start_date)
  -- still looked after, or never owed the duties of a leaving care team
  and coalesce(status.care_leaver_eligibility, '') not in ('ELIGIBLE', 'QUALIFYING')
  -- died, or back with a parent for six months: no longer in DfE's cohort; who refuses contact stays in it
  and coalesce(status.care_leaver_in_touch, '') not in ('DIED', 'RHOM');
