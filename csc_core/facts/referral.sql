-- One row a referral, on the day it was made. Every row counts, also a second one on the same day.
create table referral as
with dated as (
    select *, max(referral_date) over (
        partition by person_id order by referral_date
        -- an earlier day: rows of the same day are taken for duplicates of each other
        range between unbounded preceding and interval 1 day preceding) as previous_date
    from cin_episodes
)
select dated.referral_id, referral_date as date, child_day.* exclude (day, age_band_of_month, team, worker),
       coalesce(referral_team, child_day.team) as team,
       coalesce(referral_worker_id, case when referral_team is null or referral_team = child_day.team then child_day.worker end, 'not known') as worker,
       coalesce(referral_source_code, 'not known') as referral_source,
       coalesce(cin_primary_need_code, 'not known') as primary_need,
       coalesce(previous_date >= referral_date - interval 1 year, false) as re_referral
from dated join child_day on child_day.person_id = dated.person_id and child_day.day = referral_date
