//! Counts everything the population must have, and at what rate.

use std::collections::HashSet;

use serde_json::Value;

use crate::population::Population;

const PERSONS: u64 = 20_000;

/// Values in documents, and of how many persons in 100 000 they are expected: from, to.
const VALUES: &[(&str, &str, u32, u32)] = &[
    ("status[].status", "bosatt", 57956, 110748),
    ("status[].status", "utflyttet", 5323, 10856),
    ("status[].status", "forsvunnet", 23, 146),
    ("status[].status", "doed", 12304, 24569),
    ("status[].status", "opphoert", 284, 780),
    ("status[].status", "foedselsregistrert", 5, 56),
    ("status[].status", "midlertidig", 8526, 17365),
    ("status[].status", "inaktiv", 4173, 8935),
    ("status[].status", "ikkeBosatt", 662, 1595),
    ("status[].status", "aktiv", 417, 1072),
    ("identifikasjonsnummer[].identifikatortype", "dNummer", 9326, 18897),
    ("identifikasjonsnummer[].status", "opphoert", 4215, 8694),
    ("navn[].forkortetNavn", "-", 21813, 42436),
    ("navn[].originaltNavn.fornavn", "-", 733, 1745),
    ("navn[].mellomnavn", "-", 14926, 29319),
    ("foedselINorge[].rekkefoelgenummer", "11", 1668, 3658),
    ("foedselINorge[].rekkefoelgenummer", "21", 262, 731),
    ("foedselINorge[].rekkefoelgenummer", "22", 262, 731),
    ("foedselINorge[].rekkefoelgenummer", "31", 1, 39),
    ("foedselINorge[].rekkefoelgenummer", "33", 1, 39),
    ("kjoenn[].kjoenn", "kvinne", 32577, 62846),
    ("kjoenn[].kjoenn", "mann", 32248, 62223),
    ("statsborgerskap[].statsborgerskap", "XXX", 130, 427),
    ("statsborgerskap[].statsborgerskap", "XUK", 95, 340),
    ("statsborgerskap[].statsborgerskap", "XXK", 603, 1471),
    ("bibehold[].bibeholdstatus", "harBibehold", 44, 207),
    ("bibehold[].bibeholdstatus", "harIkkeLengerBibehold", 28, 161),
    ("bibehold[].bibeholdstatus", "norskStatsborgerTrengerIkkeBibehold", 28, 161),
    ("opphold[].oppholdstillatelse", "midlertidig", 5792, 12096),
    ("opphold[].oppholdstillatelse", "permanent", 4388, 9032),
    ("opphold[].oppholdstillatelse", "opplysningMangler", 968, 2462),
    ("identitetsgrunnlag[].identitetsgrunnlagstatus", "ingenStatus", 3953, 8182),
    ("identitetsgrunnlag[].identitetsgrunnlagstatus", "ikkeKontrollert", 10495, 21128),
    ("identitetsgrunnlag[].identitetsgrunnlagstatus", "unik", 101, 355),
    ("legitimasjonsdokument[].identifikasjonsdokumenttype", "pass", 1270, 3100),
    ("legitimasjonsdokument[].identifikasjonsdokumenttype", "foererkort", 490, 1231),
    (
        "legitimasjonsdokument[].dokumentkontroll.dokumentkontrollstatus",
        "ikkeKontrollertIdentifikasjonsdokument",
        2211,
        4744,
    ),
    (
        "utenlandskPersonidentifikasjon[].identifikasjonsnummertype",
        "socialSecurityNumber",
        2335,
        4991,
    ),
    ("utlendingsmyndighetenesIdentifikasjonsnummer[].identifikasjonsnummer", "-", 7953, 15948),
    ("adressebeskyttelse[].graderingsnivaa", "strengtFortrolig", 55, 237),
    ("adressebeskyttelse[].graderingsnivaa", "fortrolig", 179, 541),
    ("adressebeskyttelse[].graderingsnivaa", "ugradert", 41, 199),
    ("bostedsadresse[].adressegradering", "klientadresse", 113, 384),
    ("bostedsadresse[].adressegradering", "fortrolig", 179, 541),
    ("bostedsadresse[].matrikkeladresse.matrikkelnummer.festenummer", "0", 5150, 10518),
    ("bostedsadresse[].matrikkeladresse.undernummer", "0", 3344, 6986),
    ("bostedsadresse[].ukjentBosted", "-", 1856, 4034),
    ("bostedsadresse[].ukjentBosted.bostedskommune", "-", 1269, 2850),
    ("bostedsadresse[].naerAdresseIdentifikatorFraMatrikkelen", "-", 2184, 4690),
    ("bostedsadresse[].vegadresse.bruksenhetsnummer", "0000", 16414, 32159),
    ("bostedsadresse[].vegadresse.bruksenhetsnummer", "", 16773, 32842),
    ("bostedsadresse[].vegadresse.bruksenhetstype", "ikkeGodkjentBolig", 2295, 4911),
    ("bostedsadresse[].vegadresse.kommunenummer", "0301", 21692, 42206),
    ("bostedsadresse[].vegadresse.kommunenummer", "4601", 4560, 9200),
    ("bostedsadresse[].vegadresse.kommunenummer", "1201", 12000, 24100),
    ("bostedsadresse[].vegadresse.kommunenummer", "3024", 2665, 5646),
    ("bostedsadresse[].vegadresse.kommunenummer", "5401", 1000, 2300),
    ("deltBosted[].vegadresse.kommunenummer", "-", 539, 1334),
    ("deltBosted[].sluttdatoForKontrakt", "-", 78, 296),
    ("oppholdsadresse[].vegadresse.adressenavn", "-", 5927, 12028),
    ("oppholdsadresse[].matrikkeladresse.undernummer", "-", 234, 668),
    ("oppholdsadresse[].adressenErUkjent", "true", 490, 1231),
    ("oppholdsadresse[].utenlandskAdresse.landkode", "-", 173, 527),
    ("oppholdsadresse[].oppholdAnnetSted", "militaer", 157, 491),
    ("oppholdsadresse[].oppholdAnnetSted", "utenriks", 154, 484),
    ("oppholdsadresse[].oppholdAnnetSted", "paaSvalbard", 173, 527),
    ("oppholdsadresse[].oppholdAnnetSted", "pendler", 312, 843),
    ("postadresse[].postboksadresse.postboks", "-", 1455, 3227),
    ("postadresse[].vegadresse.adressenavn", "-", 1203, 2715),
    ("postadresse[].postadresseIFrittFormat.adresselinje", "-", 1306, 2924),
    ("postadresseIUtlandet[].utenlandskAdresse.landkode", "-", 4864, 9961),
    ("postadresseIUtlandet[].utenlandskAdresse.postboks", "-", 867, 2024),
    ("postadresseIUtlandet[].utenlandskAdresse.boenhet", "-", 929, 2153),
    ("postadresseIUtlandet[].utenlandskAdresse.landkode", "YY", 197, 584),
    ("postadresseIUtlandet[].utenlandskAdresseIFrittFormat.adresselinje", "-", 1615, 3550),
    ("preferertKontaktadresse[].erGjeldende", "true", 18, 130),
    ("preferertKontaktadresse[].kontaktadresseIFrittFormat.adresselinje", "-", 5, 73),
    ("sivilstand[].sivilstand", "uoppgitt", 6863, 14167),
    ("sivilstand[].sivilstand", "ugift", 57970, 110774),
    ("sivilstand[].sivilstand", "gift", 27780, 53657),
    ("sivilstand[].sivilstand", "separert", 6529, 13522),
    ("sivilstand[].sivilstand", "skilt", 6299, 13078),
    ("sivilstand[].sivilstand", "enkeEllerEnkemann", 3567, 7741),
    ("sivilstand[].sivilstand", "registrertPartner", 86, 318),
    ("familierelasjon[].relatertPersonsRolle", "mor", 23050, 44785),
    ("familierelasjon[].relatertPersonsRolle", "far", 22262, 43289),
    ("familierelasjon[].relatertPersonsRolle", "medmor", 179, 541),
    ("familierelasjon[].relatertPersonsRolle", "barn", 25396, 49201),
    ("familierelasjon[].relatertPersonsRolle", "ektefelleEllerPartner", 27929, 53935),
    ("familierelasjon[].relatertPersonsRolle", "doedfoedtBarn", 117, 515),
    (
        "familierelasjon[].relatertPersonUtenFolkeregisteridentifikator.navn.etternavn",
        "-",
        250,
        703,
    ),
    ("foreldreansvar[].ansvar", "felles", 15767, 30923),
    ("foreldreansvar[].ansvar", "mor", 1459, 3234),
    ("foreldreansvar[].ansvar", "far", 151, 477),
    ("foreldreansvar[].ansvar", "andre", 67, 372),
    ("foreldreansvar[].ansvar", "ukjent", 7, 167),
    ("foreldreansvar[].ansvarligOrganisasjon", "-", 1, 139),
    ("foreldreansvar[].ansvarligUtenIdentifikator.foedselsdato", "-", 1, 110),
    ("foreldreansvar[].ansvarssubjektUtenIdentifikator.foedselsdato", "-", 1, 139),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "voksen", 228, 654),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "midlertidigForVoksen", 113, 384),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "stadfestetFremtidsfullmakt", 89, 325),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "mindreaarig", 5, 73),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "ensligMindreaarigAsylsoeker", 1, 78),
    ("vergemaalEllerFremtidsfullmakt[].vergemaaltype", "forvaltningUtenforVergemaal", 6, 90),
    ("vergemaalEllerFremtidsfullmakt[].verge.omfang", "-", 350, 927),
    ("vergemaalEllerFremtidsfullmakt[].verge.navn.etternavn", "-", 350, 927),
    ("vergemaalEllerFremtidsfullmakt[].verge.navnFoedselsdato.foedselsdato", "-", 33, 177),
    (
        "vergemaalEllerFremtidsfullmakt[].verge.tjenesteomraade[].vergeTjenesteoppgave",
        "fastlege",
        61,
        252,
    ),
    (
        "vergemaalEllerFremtidsfullmakt[].verge.tjenesteomraade[].vergeTjenestevirksomhet",
        "pasientreiser",
        63,
        259,
    ),
    ("rettsligHandleevne[].rettsligHandleevneomfang", "begrenset", 9, 98),
    ("doedsfall.erGjeldende", "true", 12304, 24569),
    ("doedsfall.doedsdato", "-", 12182, 24336),
    ("kontaktinformasjonForDoedsbo[].person.foedselsEllerDNummer", "-", 873, 2258),
    ("kontaktinformasjonForDoedsbo[].person.foedselsdato", "-", 477, 1204),
    ("kontaktinformasjonForDoedsbo[].advokat.organisasjonsnavn", "-", 69, 274),
    ("kontaktinformasjonForDoedsbo[].organisasjon.organisasjonsnavn", "-", 117, 515),
    ("kontaktinformasjonForDoedsbo[].skifteform", "offentlig", 113, 384),
    ("innflytting[].fraflyttingsland", "-", 10992, 21790),
    ("utflytting[].tilflyttingsland", "-", 5323, 10856),
    ("oppholdPaaSvalbard[].antattOppholdsvarighet", "-", 36, 184),
    ("oppholdPaaSvalbard[].sluttdato", "-", 9, 98),
    ("brukAvSamiskSpraak[].spraak[]", "nordsamisk", 98, 347),
    ("brukAvSamiskSpraak[].spraak[]", "lulesamisk", 28, 161),
    ("brukAvSamiskSpraak[].spraak[]", "soersamisk", 9, 98),
    ("falskIdentitet.rettIdentitetErUkjent", "true", 31, 169),
    ("falskIdentitet.rettIdentitetVedIdentifikasjonsnummer", "-", 23, 146),
    ("falskIdentitet.rettIdentitetVedOpplysninger.statsborgerskap", "-", 28, 161),
];

/// Letters, spellings and words found somewhere in documents, of how many in 100 000 persons.
const TEXTS: &[(&str, u32, u32)] = &[
    ("+01:00\"", 67647, 128992),
    ("+02:00\"", 67570, 128849),
    ("T22:00:00Z", 44072, 84570),
    ("T23:00:00Z", 57262, 109440),
    ("\"kilde\":\"\"", 10253, 20374),
    ("\"mellomnavn\":\"\"", 916, 2126),
    ("\"adressekode\":\"0", 30857, 59589),
    ("DP055_veinummer", 959, 2214),
    ("Statens Sivilrettsforvaltning", 436, 1114),
    ("DP065_dnummer_midlertidig", 4059, 8712),
    ("\"forelder\"", 2254, 5120),
    ("Kommuneregulering", 41729, 80146),
    ("Årsakskode fra DSF: ", 22048, 42882),
    ("Áilu", 124, 412),
    ("Máret", 300, 815),
    ("Iŋgá", 133, 434),
    ("Š", 851, 1990),
    ("Č", 613, 1492),
    ("đ", 655, 1581),
    ("Đ", 1565, 3449),
    ("Ł", 779, 1840),
    ("ễ", 256, 717),
    ("\"etternavn\":\"Å\"", 516, 1286),
    ("\"etternavn\":\"P\"", 121, 405),
    ("*PIKE", 5, 56),
    ("*GUTT", 5, 37),
    ("Tordenskiold", 101, 355),
    ("O'", 610, 1485),
    ("LONGYEARBYEN", 173, 527),
];

/// What takes more than one value to see, and of how many in 100 000 persons.
type Sign = (&'static str, fn(&Value) -> bool, u32, u32);
const SIGNS: &[Sign] = &[
    ("a number of the +65 series", |p| (66..78).contains(&month(p)), 2537, 5392),
    ("a number of the +40 series", |p| (41..53).contains(&month(p)), 1379, 3073),
    ("a number of 2032", |p| remainder(p) != 0, 170, 520),
    ("a D-number in use", |p| number(p) > "4", 6863, 14167),
    ("two citizenships at once", |p| now(p, "statsborgerskap").count() > 1, 1236, 2782),
    (
        "three foreign numbers at once",
        |p| now(p, "utenlandskPersonidentifikasjon").count() == 3,
        1250,
        2810,
    ),
    (
        "several guardians at once",
        |p| now(p, "vergemaalEllerFremtidsfullmakt").count() > 1,
        104,
        362,
    ),
    ("a task of a guardian twice", |p| has_repeated_task(p), 28, 161),
    (
        "strictly confidential with old addresses left",
        |p| level(p) == "strengtFortrolig" && p.get("bostedsadresse").is_some(),
        25,
        154,
    ),
    (
        "strictly confidential without any",
        |p| level(p) == "strengtFortrolig" && p.get("bostedsadresse").is_none(),
        13,
        114,
    ),
    (
        "the current address not first",
        |p| {
            items(p, "bostedsadresse").first().is_some_and(|a| a["erGjeldende"] == false)
                && now(p, "bostedsadresse").count() == 1
        },
        5102,
        10425,
    ),
    ("a home whose unit is not told", |p| home(p, |h| h["grunnkrets"].is_null()), 1200, 3000),
    ("a home whose unit nobody knows", |p| home(p, |h| h["grunnkrets"] == 9999), 100, 600),
    (
        "a home without a key of the land register",
        |p| home(p, |h| h["adresseIdentifikatorFraMatrikkelen"].is_null()),
        3000,
        6200,
    ),
    (
        "a home in a street without a code",
        |p| home(p, |h| h["vegadresse"].is_object() && h["vegadresse"]["adressekode"].is_null()),
        300,
        1100,
    ),
    ("a house letter written small", |p| home(p, |h| letter(h) == Some('a')), 300, 1800),
    ("five addresses or more", |p| items(p, "bostedsadresse").len() >= 5, 31120, 60087),
    ("one child", |p| children(p) == 1, 5664, 11846),
    ("two children", |p| children(p) == 2, 10828, 21762),
    ("three children", |p| children(p) == 3, 4055, 8382),
    ("four children", |p| children(p) == 4, 1689, 3698),
    ("five children", |p| children(p) == 5, 1130, 2566),
    (
        "married twice",
        |p| items(p, "sivilstand").iter().filter(|s| s["sivilstand"] == "gift").count() == 2,
        448,
        1321,
    ),
    (
        "a death without a date",
        |p| p.get("doedsfall").is_some_and(|d| d.get("doedsdato").is_none()),
        62,
        355,
    ),
    ("a birth without a date", |p| p["foedsel"][0].get("foedselsdato").is_none(), 356, 941),
    ("born this year", |p| p["foedsel"][0]["foedselsaar"] == "2026", 41, 289),
    (
        "moved out and back",
        |p| items(p, "status").iter().filter(|s| s["status"] == "bosatt").count() == 2,
        1094,
        2492,
    ),
];

fn items<'a>(person: &'a Value, element: &str) -> &'a [Value] {
    person[element].as_array().map_or(&[], Vec::as_slice)
}

fn now<'a>(person: &'a Value, element: &str) -> impl Iterator<Item = &'a Value> {
    items(person, element).iter().filter(|item| item["erGjeldende"] == true)
}

/// Whether the present home is known and is such a one.
fn home(person: &Value, is: fn(&Value) -> bool) -> bool {
    now(person, "bostedsadresse").any(|home| home["ukjentBosted"].is_null() && is(home))
}

fn letter(home: &Value) -> Option<char> {
    home["vegadresse"]["adressenummer"]["husbokstav"].as_str()?.chars().next()
}

fn level(person: &Value) -> &str {
    now(person, "adressebeskyttelse")
        .next()
        .and_then(|item| item["graderingsnivaa"].as_str())
        .unwrap_or("")
}

fn number(person: &Value) -> &str {
    person["identifikasjonsnummer"][0]["foedselsEllerDNummer"].as_str().expect("has one")
}

/// What stands in the two digits of the month.
fn month(person: &Value) -> u32 {
    number(person)[2..4].parse().expect("digits")
}

/// What the first check digit leaves modulo 11.
fn remainder(person: &Value) -> u32 {
    let digits = number(person).bytes().map(|digit| u32::from(digit - b'0'));
    digits.zip([3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).map(|(digit, weight)| digit * weight).sum::<u32>()
        % 11
}

fn has_repeated_task(person: &Value) -> bool {
    items(person, "vergemaalEllerFremtidsfullmakt").iter().any(|item| {
        let tasks = item["verge"]["tjenesteomraade"].as_array().map_or(&[][..], Vec::as_slice);
        let mut seen = HashSet::new();
        tasks.iter().any(|task| !seen.insert(task.to_string()))
    })
}

fn children(person: &Value) -> usize {
    let relations = now(person, "familierelasjon");
    relations.filter(|item| item["relatertPersonsRolle"] == "barn").count()
}

/// Every value at a path such as `status[].status`.
fn at<'a>(value: &'a Value, path: &str) -> Vec<&'a Value> {
    let (field, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
    let found: Vec<&Value> = match field.strip_suffix("[]") {
        Some(name) => value[name].as_array().into_iter().flatten().collect(),
        None => value.get(field).into_iter().collect(),
    };
    match rest {
        None => found,
        Some(rest) => found.into_iter().flat_map(|inner| at(inner, rest)).collect(),
    }
}

fn holds(person: &Value, path: &str, wanted: &str) -> bool {
    at(person, path).into_iter().any(|found| match found {
        _ if wanted == "-" => true,
        Value::String(text) => text == wanted,
        Value::Bool(yes) => yes.to_string() == wanted,
        Value::Number(number) => number.to_string() == wanted,
        _ => false,
    })
}

#[test]
fn everything_is_there_at_about_its_rate() {
    let population = Population::new(42, PERSONS);
    let mut counts = vec![0_u64; VALUES.len() + TEXTS.len() + SIGNS.len()];
    for index in 0..PERSONS {
        let json = String::from_utf8(population.document(index)).expect("JSON is UTF-8");
        let person: Value = serde_json::from_str(&json).expect("JSON");
        let values = VALUES.iter().map(|(path, wanted, ..)| holds(&person, path, wanted));
        let texts = TEXTS.iter().map(|(text, ..)| json.contains(text));
        let signs = SIGNS.iter().map(|(_, sign, ..)| sign(&person));
        for (count, found) in counts.iter_mut().zip(values.chain(texts).chain(signs)) {
            *count += u64::from(found);
        }
    }
    let values =
        VALUES.iter().map(|(path, wanted, low, high)| (format!("{path} {wanted}"), low, high));
    let texts = TEXTS.iter().map(|(text, low, high)| ((*text).to_owned(), low, high));
    let signs = SIGNS.iter().map(|(name, _, low, high)| ((*name).to_owned(), low, high));
    let off: Vec<String> = values
        .chain(texts)
        .chain(signs)
        .zip(counts)
        .map(|((name, low, high), count)| (name, low, high, (count * 100_000 / PERSONS) as u32))
        .filter(|(_, low, high, rate)| !(*low..=*high).contains(&rate))
        .map(|(name, low, high, rate)| format!("{name} | {rate} | {low} to {high}"))
        .collect();
    assert!(off.is_empty(), "in 100 000 persons:\n{}", off.join("\n"));
}
