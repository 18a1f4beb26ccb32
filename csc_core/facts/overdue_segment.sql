-- What was not done by the day it was due, on the stretches of days on which it was overdue and nothing changed about the child:
-- assessments past 45 working days, by each of the two clocks; section 47 enquiries past 15 with neither conference nor end; initial
-- health assessments past 20. What is left open when its case is closed is no longer due. Visits are in `looked_after`.
create table overdue_segment as
with working_day as (
    select working_days as number, min(day) as day from calendar group by all
),
assessment_open as (
    select assessment_id, cin_assessments.person_id, assessment_start_date, referral_date, assessment_team, assessment_worker_id,
           coalesce(assessment_auth_date, close_date) as done,
           row_number() over (partition by referral_id order by assessment_start_date, assessment_id) as number
    from cin_assessments left join cin_episodes using (referral_id)
),
item as (
    select 'assessment' as kind, assessment_id as record_id, person_id, assessment_start_date as clock_start, 45 as days, done,
           assessment_team as own_team, assessment_worker_id as own_worker
    from assessment_open
    union all
    -- Working Together counts from the referral, which the first assessment answers; later ones are no answer to it
    select 'assessment_from_referral', assessment_id, person_id, referral_date, 45, done, assessment_team, assessment_worker_id
    from assessment_open where number = 1 and referral_date <= assessment_start_date
    union all
    select 's47', s47_enquiry_id, s47_enquiries.person_id, s47_start_date, 15, least(icpc_date, s47_end_date, close_date),
           s47_completed_by_team, s47_completed_by_worker_id
    from s47_enquiries left join cin_episodes using (referral_id)
    union all
    select 'health', health_check_id, person_id, entered_care_date, 20, least(assessed, left_care_date), null, null
    from health_due
),
late as (
    select item.*, due.day as due_date,
           -- the working day after it was due: a Saturday after the 45th working day is still the 45th; for a health
           -- assessment the day itself is the limit
           case kind when 'health' then due.day + 1 else late.day end as late_from,
           least(done, death_date) as done_on
    from item
    join persons using (person_id)
    join calendar as clock on clock.day = clock_start
    join working_day as due on due.number = clock.working_days + days
    join working_day as late on late.number = clock.working_days + days + 1
)
select kind, record_id, late.person_id, clock_start, due_date, own_team, own_worker,
       greatest(late_from, child_stretch.start_date) as start_date, least(done_on, child_stretch.end_date) as end_date
from late
join child_stretch on child_stretch.person_id = late.person_id
    and (child_stretch.end_date is null or child_stretch.end_date > late_from)
where (done_on is null or (done_on > late_from and child_stretch.start_date < done_on));
