-- Each entry to care with the day on which its initial health assessment falls due: 20 working days later.
create table health_due as
select min(health_check_id) as health_check_id, person_id, entered_care_date, min(health_check_date) as assessed, min(due.day) as due, max(left_care_date) as left_care_date
from cla_health
join calendar as entered on entered.day = entered_care_date
join calendar as due on due.working_days = entered.working_days + 20
group by person_id, entered_care_date
-- who had left care again was not due one
having max(left_care_date) is null or max(left_care_date) > min(due.day);
