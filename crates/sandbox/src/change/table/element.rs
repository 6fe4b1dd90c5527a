//! The kinds that change one element by itself: a new value, a correction, an annulment, an end.

use crate::change::edit::{add, correct, end, replace};
use crate::change::need::{self, Need};
use crate::change::{Does, Kind, home, value};
use crate::freg::wire::{Folkeregisterperson, current};

/// One way in which an element changes. `new` takes the place of what is current, `beside` leaves
/// it current; the other three follow from the element alone. An annulment needs any item, and
/// comes last: what has ended can be annulled, and what was annulled cannot end.
macro_rules! kind {
    (new $need:ident $weekly:literal $name:literal $field:ident $event:literal $value:path) => {
        kind!(@ $name, concat!("a new value of ", stringify!($field)), $weekly, $event,
            need::$need, |person, hand| {
                let new = $value(person, hand);
                replace(&mut person.$field, new);
            })
    };
    (beside $need:ident $weekly:literal $name:literal $field:ident $event:literal $value:path) => {
        kind!(@ $name, concat!("one more item of ", stringify!($field)), $weekly, $event,
            need::$need, |person, hand| {
                let new = $value(person, hand);
                add(&mut person.$field, new);
            })
    };
    (correction $needs:ident $weekly:literal $name:literal $field:ident $event:literal
     $value:path) => {
        kind!(@ concat!($name, "-correction"),
            concat!(stringify!($field), " was wrong: the old value leaves no trace"),
            $weekly, $event, kind!(held $field), |person, hand| {
                let right = $value(person, hand);
                correct(&mut person.$field, right);
            })
    };
    (annulment $needs:ident $weekly:literal $name:literal $field:ident $event:literal
     $value:path) => {
        kind!(@ concat!($name, "-annulment"),
            concat!(stringify!($field), " was never true: the whole element disappears"),
            $weekly, $event,
            Need {
                text: concat!("some ", stringify!($field)),
                met: |person: &Folkeregisterperson| !person.$field.is_empty(),
            },
            |person, _| person.$field.clear())
    };
    (ceasing $needs:ident $weekly:literal $name:literal $field:ident $event:literal
     $value:path) => {
        kind!(@ concat!($name, "-end"),
            concat!(stringify!($field), " ends, with nothing in its place"),
            $weekly, $event, kind!(held $field), |person, hand| end(&mut person.$field, hand.now))
    };
    (held $field:ident) => {
        Need {
            text: concat!("a current ", stringify!($field)),
            met: |person: &Folkeregisterperson| current(&person.$field).is_some(),
        }
    };
    (@ $name:expr, $about:expr, $weekly:literal, $event:literal, $need:expr, $edit:expr) => {
        Kind {
            name: $name,
            about: $about,
            events: &[$event],
            weekly: $weekly,
            does: Does::Alone($need, $edit),
        }
    };
}

/// Name, element, event type, new value; then each way it changes: for whom, how often in a week.
macro_rules! elements {
    ($($name:literal $field:ident $event:literal $value:path
        => $($way:ident $need:ident $weekly:literal),+;)+) => {
        &[$($(kind!($way $need $weekly $name $field $event $value)),+),+]
    };
}

pub(super) const ELEMENTS: &[Kind] = elements! {
    "name" navn "endringINavn" value::name
        => new NAMED 1_300, correction NAMED 40;
    "birth-details" foedsel "endringIFoedsel" value::birth
        => correction ALIVE 60;
    "birth-in-norway" foedsel_i_norge "endringIFoedselINorge" value::birth_in_norway
        => new MINOR 30, correction ALIVE 5, annulment ALIVE 2;
    "sex" kjoenn "endringIKjoenn" value::sex
        => correction ALIVE 3, annulment ALIVE 1;
    "citizenship" statsborgerskap "endringIStatsborgerskap" value::citizenship
        => beside ALIVE 550, correction ALIVE 40, ceasing ALIVE 60, annulment ALIVE 5;
    "citizenship-retention" bibehold "endringIStatsborgerskap" value::retention
        => new ADULT 20, annulment ADULT 1;
    "residence-permit" opphold "endringIOpphold" value::permit
        => new ALIVE 1_400, correction ALIVE 30, ceasing ALIVE 100, annulment ALIVE 10;
    "identity-check" identitetsgrunnlag "endringIIdentitetsgrunnlag" value::identity_check
        => new ALIVE 1_000, correction ALIVE 20;
    "unique-identity" identitetsgrunnlag "endringIIdentitetsgrunnlag" value::unique_identity
        => new ALIVE 200;
    "identity-document" legitimasjonsdokument "endringILegitimasjonsdokument"
        value::identity_document
        => beside ALIVE 1_500, correction ALIVE 20, annulment ALIVE 30;
    "foreign-number" utenlandsk_personidentifikasjon "endringIUtenlandskPersonidentifikasjon"
        value::foreign_number
        => beside ALIVE 500, correction ALIVE 20, annulment ALIVE 10;
    "other-number-older-type" utenlandsk_personidentifikasjon "endringIAnnenIdentifikasjon"
        value::foreign_number
        => beside ALIVE 0;
    "immigration-number" utlendingsmyndighetenes_identifikasjonsnummer
        "endringIUtlendingsmyndighetenesIdentifikasjonsnummer" value::immigration_number
        => new ALIVE 1_200, correction ALIVE 20, annulment ALIVE 10;
    "shared-residence" delt_bosted "endringIDeltBosted" home::shared_residence
        => new MINOR 120, correction MINOR 5, ceasing MINOR 50, annulment MINOR 2;
    "present-address" oppholdsadresse "endringIOppholdsadresse" home::present_address
        => new OPEN 1_500, correction ALIVE 30, ceasing ALIVE 600, annulment ALIVE 20;
    "postal-address" postadresse "endringIKontaktinformasjon" home::postal_address
        => new OPEN 900, correction OPEN 20, ceasing OPEN 300, annulment OPEN 10;
    "foreign-postal-address" postadresse_i_utlandet "endringIKontaktinformasjon" home::foreign_post
        => new EMIGRANT 300, correction ALIVE 10, ceasing ALIVE 100, annulment ALIVE 5;
    "preferred-contact-address" preferert_kontaktadresse "endringIKontaktinformasjon"
        home::preferred
        => new OPEN 1, annulment OPEN 1;
    "relative-abroad" familierelasjon "endringIFamilierelasjon" value::relative_abroad
        => beside ALIVE 60;
    "parental-responsibility" foreldreansvar "endringIForeldreansvar" value::responsibility
        => new MINOR 150, correction MINOR 20, ceasing MINOR 100, annulment MINOR 5;
    "guardianship" vergemaal_eller_fremtidsfullmakt "endringIVergemaal" value::guardianship
        => beside ALIVE 450, correction ALIVE 40, ceasing ALIVE 150, annulment ALIVE 10;
    "legal-authority" rettslig_handleevne "endringIRettsligHandleevne" value::legal_authority
        => new ADULT 2, ceasing ADULT 1, annulment ADULT 1;
    "legal-authority-older-type" rettslig_handleevne "endringIBegrensningIRettsligHandleevne"
        value::legal_authority
        => new ADULT 0;
    "deprived-legal-authority" fratatt_rettslig_handleevne "endringIFratattRettsligHandleevne"
        value::deprived
        => new ADULT 0, annulment ADULT 0;
    "estate-contact" kontaktinformasjon_for_doedsbo "endringIKontaktopplysningerForDoedsbo"
        value::estate
        => new DEAD 600, correction DEAD 20, ceasing DEAD 60, annulment DEAD 5;
    "immigration-details" innflytting "endringIInnflytting" value::arrival
        => correction ALIVE 30, annulment ALIVE 5;
    "emigration-details" utflytting "endringIUtflytting" value::departure
        => correction ALIVE 20, annulment ALIVE 5;
    "svalbard" opphold_paa_svalbard "endringIOppholdPaaSvalbard" value::svalbard
        => new ADULT 20, correction ADULT 2, ceasing ADULT 18, annulment ADULT 1;
    "sami-language" bruk_av_samisk_spraak "endringIBrukAvSamiskSpraak" value::sami_language
        => new ALIVE 10, correction ALIVE 1, ceasing ALIVE 1, annulment ALIVE 1;
    "sami-register" forhold_til_sametingets_valgmanntall "endringISametingetsValgmanntall"
        value::sami_register
        => new ADULT 30, correction ADULT 2, annulment ADULT 1;
};
