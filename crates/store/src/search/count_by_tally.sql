select (
    (select coalesce(sum(persons), 0) from search_tally
        where key = $5 and day between $6 and $7
            and facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((facts >> $3) & 15)) & $4 <> 0)
            and ($8::smallint = 0 or facts & $8 <> 0))
    + (select count(*) from search_key k
        where k.key = $5 and k.day between $9 and $10
            and k.facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((k.facts >> $3) & 15)) & $4 <> 0))
    + (select count(*) from search_key k
        where k.key = $5 and k.day between $11 and $12
            and k.facts & $1 = $2
        and ($4 = 2147483647 or (1 << ((k.facts >> $3) & 15)) & $4 <> 0))
)::bigint as "count!"
