//! The cases: what is asked, and who is found, in order. After `!` stand the fields that are
//! refused.

use super::Ask::{self, *};

pub const CASES: &[(Ask, &str, &str)] = &[
    // Words of the name, in any order and part.
    (Best, "FullName=Kari Nordmann&BirthDate=1980", "kari"),
    (Best, "FullName=Nordmann Kari&BirthDate=1980", "kari"),
    (Best, "FullName=Nordmann Anne Berg&BirthDate=1980", "kari"),
    (Best, "FullName=Nordmann Anne Berg Feil&BirthDate=1980", "kari"),
    (Best, "FullName=Nordmann Anne Feil&BirthDate=1980", ""),
    (Best, "FullName=Nordmann&BirthDate=1980", "kari ola"),
    (Best, "FullName=NORDMANN&BirthDate=1980", "kari ola"),
    (Best, "FullName=nord&BirthDate=1980", "kari ola"),
    (Best, "FullName=ordmann&BirthDate=1980", ""),
    (Best, "FullName=No&BirthDate=1980", "kari ola"),
    (Best, "FullName=N K&BirthDate=1980", "kari"),
    (Best, "FullName=Kari Kari&BirthDate=1980", "kari"),
    (Best, "FullName=Ka Kari&BirthDate=1980", "kari"),
    (Best, "FullName= Kari   Nordmann &BirthDate=1980", "kari"),
    // Parts of the name.
    (Best, "GivenName=Kari&BirthDate=1980", "kari"),
    (Best, "GivenName=Anne&BirthDate=1980", "kari"),
    (Best, "GivenName=Kari Anne&BirthDate=1980", "kari"),
    (Best, "GivenName=Nordmann&BirthDate=1980", ""),
    (Best, "MiddleName=Berg&BirthDate=1980", "kari"),
    (Best, "MiddleName=Anne&BirthDate=1980", ""),
    (Best, "FamilyName=Nordmann&BirthDate=1980", "kari ola"),
    (Best, "FamilyName=Berg&BirthDate=1980", ""),
    (Best, "FamilyName=Berg&BirthDate=2000", "double"),
    (Best, "GivenName=Kari&FamilyName=Nord&BirthDate=1980", "kari"),
    (Best, "GivenName=Ola&MiddleName=Berg&FamilyName=Nordmann&BirthDate=1980", ""),
    (Best, "FullName=Berg&GivenName=Kari&BirthDate=1980", "kari"),
    // Exact before prefix, then as they came.
    (Best, "FullName=Hans&MunicipalityNumber=3434", "hansen hanssen"),
    (Best, "FullName=Hanssen&MunicipalityNumber=3434", "hanssen"),
    (Best, "FamilyName=Hans&BirthDate=1960", "hansen hanssen"),
    (Best, "FullName=Hansen&BirthDate=1960", "hansen"),
    // Letters that mean the same.
    (Best, "FullName=Bjørn&BirthDate=1950", "bjorn"),
    (Best, "FullName=Bjoern&BirthDate=1950", "bjorn"),
    (Best, "FullName=Björn&BirthDate=1950", "bjorn"),
    (Best, "FullName=BJO&BirthDate=1950", "bjorn"),
    (Best, "FullName=Bjarn&BirthDate=1950", ""),
    (Best, "FullName=Åge&BirthDate=1950", "bjorn"),
    (Best, "FullName=Aage&BirthDate=1950", "bjorn"),
    (Best, "FullName=A\u{30a}ge&BirthDate=1950", "bjorn"),
    (Best, "FullName=Age&BirthDate=1950", ""),
    (Best, "FullName=Sæther&BirthDate=1950", "bjorn"),
    (Best, "FullName=Säther&BirthDate=1950", "bjorn"),
    (Best, "FullName=Saether&BirthDate=1950", "bjorn"),
    (Best, "FullName=André&BirthDate=1975", "obrien"),
    (Best, "FullName=Andre&BirthDate=1975", "obrien"),
    (Best, "FullName=Andre\u{301}&BirthDate=1975", "obrien"),
    (Best, "FullName=Иван&BirthDate=1970", "ivan"),
    (Best, "FullName=ПЕТРОВ&BirthDate=1970", "ivan"),
    // Hyphens and apostrophes part words.
    (Best, "FullName=Anne-Marie&BirthDate=2000", "double"),
    (Best, "FullName=Anne Marie&BirthDate=2000", "double"),
    (Best, "FullName=Marie&BirthDate=2000", "double"),
    (Best, "FullName=Hansen&BirthDate=2000", "double"),
    (Best, "FullName=Berg-Hansen&BirthDate=2000", "double"),
    (Best, "FullName=AnneMarie&BirthDate=2000", ""),
    (Best, "FamilyName=O'Brien&BirthDate=1975", "obrien"),
    (Best, "FamilyName=Brien&BirthDate=1975", "obrien"),
    (Best, "FamilyName=OBrien&BirthDate=1975", ""),
    // Days.
    (Best, "FullName=Kari&BirthDate=1980-05-01", "kari"),
    (Best, "FullName=Kari&BirthDate=1980-05", "kari"),
    (Best, "FullName=Kari&BirthDate=1980-05-02", ""),
    (Best, "FullName=Kari&BirthDate=1981", ""),
    (Best, "FullName=An&BirthDate=2000-02-29", "double"),
    (Best, "FullName=Aar&BirthDate=1980", "yearonly"),
    (Best, "FullName=Aar&BirthDate=1980-01", ""),
    (Best, "FullName=Aar&BirthDate=1980-01-01", ""),
    (Best, "FullName=Kari&BirthDate=1981-02-29", "!BirthDate"),
    (Best, "FullName=Kari&BirthDate=1980-5-1", "!BirthDate"),
    (Best, "FullName=Kari&BirthDate=19800501", "!BirthDate"),
    (Best, "FullName=Kari&BirthDate=80", "!BirthDate"),
    (List, "BirthDateFrom=1980-05-01&BirthDateTo=1980-05-02", "kari ola"),
    (List, "BirthDateFrom=1980&BirthDateTo=1980", "kari ola yearonly"),
    (List, "BirthDateFrom=2001", "shared"),
    (List, "BirthDateTo=1950-01", "bjorn dead"),
    (List, "BirthDateFrom=1990&BirthDateTo=1980", ""),
    (List, "DeathDateFrom=2024&DeathDateTo=2024", "dead"),
    (List, "DeathDateFrom=2024-02-29", "dead"),
    (List, "DeathDateFrom=2024-03", ""),
    (List, "DeathDateTo=2024-02", "dead"),
    // Places.
    (Best, "FullName=Kari&MunicipalityNumber=0301", "kari"),
    (Best, "FullName=Kari&MunicipalityNumber=3434", ""),
    (Best, "FullName=Kari&PostalCode=0155", "kari"),
    (Best, "FullName=Kari&PostalCode=0160", ""),
    (Best, "FullName=Nordmann&StreetAddress=Storgata", "kari ola"),
    (Best, "FullName=Nordmann&StreetAddress=Stor", "kari ola"),
    (Best, "FullName=Nordmann&StreetAddress=gata", ""),
    (Best, "FullName=Nordmann&StreetAddress=Storgata 12", "kari ola"),
    (Best, "FullName=Nordmann&StreetAddress=Storgata 12B", "kari"),
    (Best, "FullName=Nordmann&StreetAddress=Storgata 12 b", "kari"),
    (Best, "FullName=Nordmann&StreetAddress=storgata 012b", "kari"),
    (Best, "FullName=Nordmann&StreetAddress=Storgata 1", ""),
    (Best, "FullName=Nordmann&StreetAddress=Stor 12", ""),
    (Best, "FullName=Marie&StreetAddress=Karl Johans gate 22", "double"),
    (Best, "FullName=Marie&StreetAddress=Karl Joh", "double"),
    (Best, "FullName=Andre&StreetAddress=7. juni plassen 2", "obrien"),
    (Best, "FullName=Andre&StreetAddress=7 juni", "obrien"),
    (Best, "FullName=Nordmann&BirthDate=1980&CityName=Oslo", "kari ola"),
    (Best, "FullName=Nordmann&BirthDate=1980&CityName=Os", "kari ola"),
    (Best, "FullName=Nordmann&BirthDate=1980&CityName=Lom", ""),
    (Best, "FullName=Andre&BirthDate=1975&CityName=Tromsoe", "obrien"),
    (List, "MunicipalityNumber=0301", "kari ola double secret client"),
    (List, "PostalCode=0155", "kari ola secret client"),
    (List, "BasicStatisticalUnit=03010401", "kari ola double secret client"),
    (List, "BasicStatisticalUnit=03010402", ""),
    (List, "StreetAddress=Storgata", "kari ola secret client"),
    (List, "MunicipalityNumber=0301&PostalCode=0160", "double"),
    (List, "MunicipalityNumber=0301&PostalCode=2686", ""),
    // Present and shared residence; one and the same address must match.
    (List, "MunicipalityNumber=1804", "present"),
    (List, "MunicipalityNumber=4601", "shared"),
    (List, "MunicipalityNumber=3434&PostalCode=8003", ""),
    (List, "MunicipalityNumber=4601&PostalCode=2686", ""),
    (Best, "FullName=Per&StreetAddress=Rønvikveien 7", "present"),
    (Best, "FullName=Per&StreetAddress=Sognefjellsvegen 3", "present"),
    (Best, "FullName=Per&MunicipalityNumber=1804", "present"),
    (Best, "FullName=Delt&MunicipalityNumber=4601&CityName=Lom", ""),
    // What held before finds nobody.
    (Best, "FullName=Gammelnavn&BirthDate=1988", ""),
    (Best, "FullName=Nynavn&BirthDate=1988", "moved"),
    (Best, "FullName=Flytte&MunicipalityNumber=0301", ""),
    (Best, "FullName=Flytte&StreetAddress=Storgata 99", ""),
    (Best, "FullName=Flytte&MunicipalityNumber=1103", "moved"),
    // What is not shown finds nobody.
    (ListRestricted, "MunicipalityNumber=0301", "kari ola double"),
    (ListRestricted, "StreetAddress=Storgata", "kari ola"),
    (ListRestricted, "BasicStatisticalUnit=03010401", "kari ola double"),
    (BestRestricted, "FullName=Skjult&MunicipalityNumber=0301", ""),
    (Best, "FullName=Skjult&MunicipalityNumber=0301", "secret"),
    (BestRestricted, "FullName=Klient&StreetAddress=Storgata 12B", ""),
    (Best, "FullName=Klient&StreetAddress=Storgata 12B", "client"),
    (BestRestricted, "FullName=Skjult&BirthDate=1985", "secret strict"),
    (Best, "FullName=Stein&PostalCode=0155", ""),
    (ListRestricted, "PersonStatuses=Temporary", ""),
    (ListRestricted, "PersonStatuses=Active", "temporary"),
    (List, "PersonStatuses=Temporary", "temporary"),
    (List, "PersonStatuses=Active", ""),
    (List, "PersonStatuses=Deceased&PersonStatuses=temporary", "dead temporary"),
    (List, "PersonStatuses=Discontinued", "stub"),
    (List, "Gender=Female", "kari double secret client moved shared"),
    (List, "Gender=female&MunicipalityNumber=3434", "shared"),
    (ListWithAlternate, "Gender=Female&MunicipalityNumber=3434", "shared alternate"),
    (List, "FullName=Turid", ""),
    (ListWithAlternate, "FullName=Turid", "alternate"),
    (List, "BirthDateFrom=1970-04-04&BirthDateTo=1970-04-04", ""),
    (ListWithAlternate, "MunicipalityNumber=3434&FullName=Turist", "alternate"),
    // Lists by name.
    (List, "FullName=nor", "kari ola"),
    (List, "FullName=han", "double hansen hanssen"),
    (List, "GivenName=han", "hansen hanssen"),
    (List, "FullName=a b", "kari bjorn double obrien"),
    (List, "FullName=No", "!FullName"),
    (List, "StreetAddress=Stor", "!StreetAddress"),
    // Tolerant spelling, last in the order.
    (Tolerant, "FullName=Hasnen&BirthDate=1960", "hansen"),
    (Tolerant, "FullName=Hansen&BirthDate=1960", "hansen hanssen"),
    (Tolerant, "FullName=Hanssen&BirthDate=1960", "hanssen hansen"),
    (Tolerant, "FullName=Nordman Kari&BirthDate=1980", "kari"),
    (Tolerant, "FullName=Nrodmann Kari&BirthDate=1980", "kari"),
    (Tolerant, "FullName=Nrodmann Krai&BirthDate=1980", "kari"),
    (Tolerant, "FullName=Nrodmnan&BirthDate=1980", ""),
    (Tolerant, "GivenName=Nrodmann&BirthDate=1980", ""),
    (Tolerant, "FullName=Oal Nordmann&BirthDate=1980", ""),
    (Best, "FullName=Hasnen&BirthDate=1960", ""),
    // The least that must be said.
    (Best, "FullName=Kari", "!BirthDate"),
    (Best, "BirthDate=1980", "!FullName"),
    (Best, "", "!FullName BirthDate"),
    (Best, "FullName=K&BirthDate=1980", "!FullName"),
    (Best, "FullName=Kari&StreetAddress=St 12", "!BirthDate"),
    (Best, "FullName=Kari&Gender=Female", "!BirthDate"),
    // Junk.
    (Best, "FullName=Kar%&BirthDate=1980", "!FullName"),
    (Best, "FullName=Kar_&BirthDate=1980", "!FullName"),
    (Best, "FullName=Kar*&BirthDate=1980", "!FullName"),
    (Best, "FullName='; drop table person; --&BirthDate=1980", "!FullName"),
    (Best, "FullName=x' or '1&BirthDate=1980", "!FullName"),
    (Best, "FullName=😀😀&BirthDate=1980", "!FullName"),
    (Best, "FullName=\u{200f}Kari&BirthDate=1980", "!FullName"),
    (Best, "FullName=Kari\u{0}&BirthDate=1980", "!FullName"),
    (Best, "FullName=Kari&StreetAddress=Storgata%&BirthDate=1980", "!StreetAddress"),
    (Best, "FullName=Kari&StreetAddress=Stor\\gata&BirthDate=1980", "!StreetAddress"),
    (Best, "FullName=Kari&PostalCode=155", "!PostalCode"),
    (Best, "FullName=Kari&MunicipalityNumber=٠٣٠١", "!MunicipalityNumber"),
    (Best, "FullName=Kari&BirthDate=1980&Gender=Other", "!Gender"),
    (List, "BasicStatisticalUnit=0301040", "!BasicStatisticalUnit"),
    (List, "PersonStatuses=Alive", "!PersonStatuses"),
    (List, LONGEST, ""),
    (List, TOO_LONG, "!FullName"),
    (
        List,
        "FullName=zzzz&Gender=Male&PersonStatuses=Resident&BirthDateFrom=1900&DeathDateTo=2024",
        "",
    ),
];

/// As long as a name may be.
const LONGEST: &str = "FullName=\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// One letter more.
const TOO_LONG: &str = "FullName=\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    a";
