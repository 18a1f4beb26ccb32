-- One row an enquiry to MASH, on the day it was received.
create table enquiry as
with followed as (
    select contact_id, min(referral_date) as referred_on
    from contacts join cin_episodes using (person_id)
    where referral_date between contact_date and contact_date + 90
    group by all
)
select contact_id, contact_date as date, child_day.* exclude (day, age_band_of_month, team, worker),
       coalesce(contact_source_code, 'not known') as referral_source,
       -- where the system does not keep the outcome: a referral of the child within 14 days stands for it
       coalesce(contact_outcome = 'REFERRAL', exists (
           select 1 from cin_episodes where cin_episodes.person_id = contacts.person_id
           and referral_date between contact_date and contact_date + 14)) as forwarded,
       exists (select 1 from cin_episodes where cin_episodes.person_id = contacts.person_id
               and referral_date < contact_date and (close_date is null or close_date > contact_date)) as already_open,
       -- what became of it: followed for 90 days, the day itself and the 90th included
       referred_on is not null as referred_in_90_days,
       exists (select 1 from cin_assessments where cin_assessments.person_id = contacts.person_id
               and assessment_start_date between referred_on and contact_date + 90) as assessed_in_90_days,
       exists (select 1 from s47_enquiries where s47_enquiries.person_id = contacts.person_id
               and s47_start_date between referred_on and contact_date + 90) as s47_in_90_days,
       exists (select 1 from cp_plans where cp_plans.person_id = contacts.person_id and cp_plan_ola is distinct from 'Y'
               and cp_plan_start_date between referred_on and contact_date + 90) as plan_in_90_days
from contacts join child_day on child_day.person_id = contacts.person_id and child_day.day = contact_date
left join followed using (contact_id);
