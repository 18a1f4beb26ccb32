-- A stock: the hours (full-time equivalent) of posts and agency workers, from the HR file.
create table post as
select post_id, post_start_date as start_date, post_end_date as end_date, coalesce(posts.team_id, 'not allocated') as team,
       coalesce(post_status, 'not known') as post_status, coalesce(covers_vacancy = 'Y', false) as covers_vacancy,
       full_time_equivalency as fte
from posts;
