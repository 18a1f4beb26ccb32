-- One row an enquiry to MASH, on the day it was received.
create table enquiry as
select contact_id, contact_date as date, child_day.* exclude (day, team),
       coalesce(contact_source_code, 'not known') as referral_source,
       -- where the system does not keep the outcome: a referral of the child within 14 days stands for it
       coalesce(contact_outcome = 'REFERRAL', exists (
           select 1 from cin_episodes where cin_episodes.person_id = contacts.person_id
           and referral_date between contact_date and contact_date + 14)) as forwarded,
       exists (select 1 from cin_episodes where cin_episodes.person_id = contacts.person_id
               and referral_date < contact_date and (close_date is null or close_date > contact_date)) as already_open
from contacts join child_day on child_day.person_id = contacts.person_id and child_day.day = contact_date;
