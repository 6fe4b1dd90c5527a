with range as materialized (
    select low, high, kinds
    from unnest($21::text[], $22::text[], $23::smallint[], $24::integer[])
        as r(low, high, kinds, part)
    where part = coalesce($25::integer, (
        select o.part
        from unnest($21::text[], $22::text[], $24::integer[]) as o(low, high, part)
        group by o.part
        order by sum((
            select coalesce(sum(w.uses + 1), 0)
            from search_word w where w.word >= o.low and w.word < o.high
        )), o.part
        limit 1
    ))
), found as materialized (
    select distinct k.ordinal, k.area
    from range r
    join search_word w on w.word >= r.low and w.word < r.high
    cross join lateral (
        select c.ordinal, c.area, c.facts, c.initials from search_key c
        where c.key = w.word and c.key >= 'a' and c.area = $6
        union all
        select c.ordinal, c.area, c.facts, c.initials from search_key c
        where c.key = w.word and c.key >= 'a' and c.area = 0
    ) as k
    where k.facts & r.kinds <> 0
        and k.facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((k.facts >> $3) & 15)) & $4 <> 0)
        and k.initials & $5 = $5
), matching as materialized (
    select found.ordinal, case when $7 and ($6::smallint = 0 or found.area = $6) then 0 else (
        select case when s.names like all($17::text[]) then 0
            when s.names like all($18::text[]) then 1
            else 2 end
        from search_person s
        where s.ordinal = found.ordinal
            and s.birth between $8 and $9
            and s.death between $10 and $11
            and s.names like all($12::text[])
            and s.names ~ all($13::text[])
            and ($14::text[] is null or exists (
                select from unnest(string_to_array(
                    case when $15 then s.places_full
                        else coalesce(s.places_restricted, s.places_full) end, e'\n')) as place
                where place like any($14) and place like $16
            ))
    ) end as rank
    from found
)
select s.id as "id!"
from (
    select ordinal, rank from matching where rank is not null
    order by rank, ordinal
    offset $19 limit $20
) as m
join search_person s on s.ordinal = m.ordinal
order by m.rank, m.ordinal
