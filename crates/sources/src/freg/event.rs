//! FREG's event types (hendelsetype) and what each asks of us.

use register::event::EventType;

/// The feed's word for a duplicate that ceased: the one event that is about a document's end.
const DUPLICATE_CEASED: &str = "personErOpphoertSomDublett";

/// The feed's word for "something changed, look for yourself".
const UPDATED: &str = "personErOppdatert";

/// The public event type that tells what FREG's event tells.
///
/// Spellings have changed over time and new types come without notice, so an unknown one becomes
/// [`EventType::PersonIsUpdated`]: look again.
pub fn public_type(hendelsetype: &str) -> EventType {
    known_type(hendelsetype).unwrap_or(EventType::PersonIsUpdated)
}

/// Whether the event comes with a person document. Only a ceased duplicate has none: its person
/// is looked up by nobody, because the number now leads to the survivor.
pub fn carries_document(hendelsetype: &str) -> bool {
    hendelsetype != DUPLICATE_CEASED
}

/// Whether the person must be fetched by number whatever document the event points at: FREG uses
/// `personErOppdatert` to repair lost events, and nothing is known of an unknown type.
pub fn must_refetch(hendelsetype: &str) -> bool {
    hendelsetype == UPDATED || known_type(hendelsetype).is_none()
}

fn known_type(hendelsetype: &str) -> Option<EventType> {
    TYPES.iter().find(|(name, _)| *name == hendelsetype).map(|(_, event)| *event)
}

/// Every event type that FREG describes, in its words and in ours.
const TYPES: &[(&str, EventType)] = &[
    ("personErOpprettet", EventType::PersonIsCreated),
    ("personErReaktivert", EventType::PersonIsReactivated),
    (UPDATED, EventType::PersonIsUpdated),
    ("personErOpphoert", EventType::PersonIsDiscontinued),
    (
        "personErViderefoertSomGjeldendeVedSammenslaaing",
        EventType::PersonIsContinuedAsValidUponMerger,
    ),
    (DUPLICATE_CEASED, EventType::PersonIsDiscontinuedAsDuplicate),
    ("personErEndretVedSplitting", EventType::PersonIsChangedBySplitting),
    ("personErGjenopprettetVedSplitting", EventType::PersonIsRestoredBySplitting),
    ("personErDoed", EventType::PersonIsDeceased),
    ("personErBosatt", EventType::PersonIsResident),
    ("personErUtflyttet", EventType::PersonIsEmigrated),
    ("endringIStatus", EventType::ChangeInStatus),
    ("endringIIdentitetsgrunnlag", EventType::ChangeInIdentityVerification),
    (
        "endringIUtenlandskPersonidentifikasjon",
        EventType::ChangeInForeignPersonIdentificationNumber,
    ),
    (
        "endringIUtlendingsmyndighetenesIdentifikasjonsnummer",
        EventType::ChangeInImmigrationAuthoritiesIdentificationNumber,
    ),
    ("endringILegitimasjonsdokument", EventType::ChangeInIdentificationDocument),
    ("endringIIdentifikasjonsnummer", EventType::ChangeInNorwegianIdentificationNumber),
    ("endringIFalskIdentitet", EventType::ChangeInFalseIdentity),
    ("endringIKontaktopplysningerForDoedsbo", EventType::ChangeInResiduaryEstateContactInformation),
    ("endringIDeltBosted", EventType::ChangeInSharedResidence),
    ("endringIFoedsel", EventType::ChangeInBirth),
    ("endringIFoedselINorge", EventType::ChangeInBirthInNorway),
    ("endringIKjoenn", EventType::ChangeInGender),
    ("endringIFamilierelasjon", EventType::ChangeInFamilyRelation),
    ("endringISivilstand", EventType::ChangeInMaritalStatus),
    ("endringIDoedsfall", EventType::ChangeInDeath),
    ("endringINavn", EventType::ChangeInName),
    ("endringIAdressebeskyttelse", EventType::ChangeInAddressProtection),
    ("endringIBostedsadresse", EventType::ChangeInResidentialAddress),
    ("endringIBostedsadresseUtenFlytting", EventType::ChangeInResidentialAddressWithoutRelocation),
    ("endringIOppholdsadresse", EventType::ChangeInPresentAddress),
    ("endringIInnflytting", EventType::ChangeInImmigrationToNorway),
    ("endringIUtflytting", EventType::ChangeInEmigrationFromNorway),
    ("endringIBrukAvSamiskSpraak", EventType::ChangeInUseOfSamiLanguage),
    ("endringISametingetsValgmanntall", EventType::ChangeInSamiParliamentElectoralRegistryStatus),
    ("endringIKontaktinformasjon", EventType::ChangeInContactinformation),
    ("endringIForeldreansvar", EventType::ChangeInParentalResponsibility),
    ("endringIStatsborgerskap", EventType::ChangeInCitizenship),
    ("endringIOpphold", EventType::ChangeInResidency),
    ("endringIOppholdPaaSvalbard", EventType::ChangeInResidencyOnSvalbard),
    ("endringIVergemaal", EventType::ChangeInGuardianship),
    ("endringIFratattRettsligHandleevne", EventType::ChangeInDeprivedLegalAuthority),
    ("endringIRettsligHandleevne", EventType::ChangeInLegalAuthority),
    ("endringIPerson", EventType::ChangeInPerson),
];
