with block as (
    select day as block, sum(persons) as persons from search_tally
    where key = '' and facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((facts >> $3) & 15)) & $4 <> 0)
    group by day
), place as (
    select block, persons, sum(persons) over (order by block) - persons as before from block
), reached as materialized (
    select block, before from place where before + persons > $5::bigint and before < $5 + $6::bigint
), matching as materialized (
    select s.ordinal
    from reached
    cross join lateral (
        select ordinal from search_person
        where ordinal between reached.block << 13 and (reached.block << 13) + 8191
            and (facets << 3) & $1 = $2
        and ($4 = 2147483647 or (1 << (((facets << 3) >> $3) & 15)) & $4 <> 0)
    ) as s
    order by s.ordinal
    offset greatest($5 - (select min(before) from reached), 0)::bigint limit $6::bigint
)
select s.id as "id!" from matching join search_person s on s.ordinal = matching.ordinal
order by s.ordinal
