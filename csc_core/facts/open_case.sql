-- A stock: one row a child and stretch of days with an open case. On any day a child is in one row at most.
create table open_case as
select referral_id, start_date, end_date, child_day.* exclude (day, age_band) rename (age_band_of_month as age_band),
       coalesce(referral_source_code, 'not known') as referral_source,
       coalesce(cin_primary_need_code, 'not known') as primary_need,
       case_status
from child_segment
join child_status using (person_id, start_date)
join child_day on child_day.person_id = child_segment.person_id and child_day.day = start_date
join cin_episodes using (referral_id);
