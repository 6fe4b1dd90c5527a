//! The document of one person, put together from the family it belongs to.

mod addresses;
mod bonds;
mod guardians;
mod journey;
mod life;
mod names;
mod numbers;
mod papers;
mod post;
mod responsibility;
mod stamps;

pub(crate) use numbers::lane_after_correction;
pub(crate) use post::{foreign, strict_post};

use crate::freg::wire::Folkeregisterperson;
use crate::population::history::{Residence, residences};
use crate::population::household::{Family, Member, Standing};
use stamps::Stamps;

/// Everything the parts of a document are made from.
struct Sheet<'a> {
    family: &'a Family,
    slot: usize,
    member: &'a Member,
    /// Newest first.
    residences: Vec<Residence>,
    stamps: Stamps,
}

/// The whole document of a member.
pub(crate) fn write(family: &Family, slot: usize) -> Folkeregisterperson {
    let stamps = Stamps { dice: family.dice(0xD0C, slot as u64) };
    let residences = residences(family, slot);
    let mut sheet = Sheet { family, slot, member: &family.members[slot], residences, stamps };
    let wards = sheet.guardianships();
    let mut person = Folkeregisterperson {
        identifikasjonsnummer: sheet.numbers(),
        status: sheet.statuses(),
        navn: sheet.names(),
        foedsel: sheet.birth(),
        foedsel_i_norge: sheet.birth_in_norway(),
        kjoenn: sheet.sex(),
        statsborgerskap: sheet.citizenships(),
        bibehold: sheet.retention(),
        opphold: sheet.permits(),
        identitetsgrunnlag: sheet.identity_check(),
        legitimasjonsdokument: sheet.documents(),
        utenlandsk_personidentifikasjon: sheet.foreign_numbers(),
        utlendingsmyndighetenes_identifikasjonsnummer: sheet.immigration_number(),
        sivilstand: sheet.marital_statuses(),
        familierelasjon: sheet.relations(),
        foreldreansvar: sheet.responsibilities(),
        rettslig_handleevne: sheet.legal_capacity(&wards),
        vergemaal_eller_fremtidsfullmakt: wards,
        kontaktinformasjon_for_doedsbo: sheet.estate(),
        innflytting: sheet.immigration(),
        utflytting: sheet.emigration(),
        opphold_paa_svalbard: sheet.svalbard(),
        bruk_av_samisk_spraak: sheet.sami_languages(),
        doedsfall: sheet.death(),
        falsk_identitet: sheet.false_identity(),
        ..Folkeregisterperson::default()
    };
    sheet.addresses(&mut person);
    person
}

impl Sheet<'_> {
    /// Why the register knows the person.
    fn entry_reason(&self) -> &'static str {
        match self.member.standing {
            Standing::Immigrant { .. } | Standing::Emigrated { arrived: Some(_), .. } => {
                "Innvandring"
            }
            Standing::Temporary { .. } => "Tildele d-nummer",
            _ => "Fødsel",
        }
    }
}
