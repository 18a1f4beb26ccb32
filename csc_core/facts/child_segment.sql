-- The stretches of days on which a child has an open case.
create table child_segment as
-- a child can have two cases open at once and is still one child: the case that started last, then the lowest id
select child_stretch.person_id, start_date, end_date,
       arg_min(referral_id, (-epoch(cast(referral_date as timestamp)), referral_id)) as referral_id
from child_stretch join cin_episodes using (person_id)
where referral_date <= start_date and (close_date is null or close_date > start_date)
group by all;
