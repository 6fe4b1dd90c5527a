//! How often everything happens, in a hundred thousand of those it can happen to.
//!
//! Where public statistics tell, the rates follow them roughly: about 12 % of residents come from
//! abroad with another citizenship, 45 000 grown wards among 5,6 million, 0,3 % with confidential
//! and 0,1 % with strictly confidential addresses, twins in 1,7 % of births, a D-number before most
//! immigrations. What is rarer than about one in two thousand is raised to that, so that a sandbox
//! of some thousand persons shows it; those rates are marked "raised".

// Numbers.

/// Numbers with 65 or 40 added to the month instead of 80.
pub(crate) const MONTH_65: u64 = 4_000;
pub(crate) const MONTH_40: u64 = 2_000;
/// Numbers that only hold by the rule of 2032. Raised: nobody has one before 2032.
pub(crate) const NUMBER_OF_2032: u64 = 400;
/// Registered with another number first, of the other sex. Raised.
pub(crate) const NUMBER_CORRECTED: u64 = 1_500;
/// D-numbers whose date is not the date of birth.
pub(crate) const DEVIATING_BIRTH_DATE: u64 = 1_200;

// People.

/// Immigrants who had a D-number first.
pub(crate) const HAD_D_NUMBER: u64 = 45_000;
/// Partners who came from abroad.
pub(crate) const PARTNER_FROM_ABROAD: u64 = 18_000;
/// Members of families who left, and those who left and came back.
pub(crate) const FAMILY_EMIGRATED: u64 = 5_000;
pub(crate) const RETURNED: u64 = 1_500;
/// Residents without family who have disappeared. Raised.
pub(crate) const MISSING: u64 = 700;
/// Children with one registered parent.
pub(crate) const ONE_PARENT: u64 = 5_000;
/// One-parent children whose other parent is known but has no number.
pub(crate) const PARENT_WITHOUT_NUMBER: u64 = 30_000;
/// Grown women in couples who bore a child that was dead. A little raised.
pub(crate) const STILLBIRTH: u64 = 1_200;
/// Names that are written in capitals, as the old register kept them.
pub(crate) const NAME_IN_CAPITALS: u64 = 25_000;
/// Names of more than sixty letters. Raised.
pub(crate) const LONG_NAME: u64 = 300;

// Where they live.

/// Households with an address protection of each kind, and those that had one. Raised: client.
pub(crate) const STRICT: u64 = 250;
pub(crate) const CONFIDENTIAL: u64 = 500;
pub(crate) const CLIENT: u64 = 300;
pub(crate) const FORMERLY_PROTECTED: u64 = 250;
/// Homes that are known by municipality at most, and by cadastral number.
pub(crate) const HOME_UNKNOWN: u64 = 1_200;
pub(crate) const HOME_CADASTRAL: u64 = 4_300;
/// Addresses whose unit nobody knows, and addresses that the land register's file does not have.
/// Raised.
pub(crate) const SITE_UNSPECIFIED: u64 = 400;
pub(crate) const SITE_UNFILED: u64 = 1_000;
/// Homes whose document names no unit, no key of the land register, or no street code.
pub(crate) const HOME_WITHOUT_UNIT: u64 = 3_000;
pub(crate) const HOME_WITHOUT_KEY: u64 = 5_000;
pub(crate) const HOME_WITHOUT_CODE: u64 = 1_000;
/// House letters that are written small.
pub(crate) const LETTER_SMALL: u64 = 8_000;
/// Minors of parents who live apart, with two homes.
pub(crate) const SHARED_RESIDENCE: u64 = 60_000;
/// A present address besides the home; of D-numbers more than half.
pub(crate) const PRESENT_ADDRESS: u64 = 2_500;
pub(crate) const PRESENT_ADDRESS_D: u64 = 55_000;
/// A postal address of residents, and a foreign one of those abroad.
pub(crate) const POSTAL_ADDRESS: u64 = 8_000;
pub(crate) const FOREIGN_POST_EMIGRATED: u64 = 70_000;
pub(crate) const FOREIGN_POST_D: u64 = 40_000;
/// A preferred contact address: nearly all were emptied in 2021. Raised.
pub(crate) const PREFERRED_CONTACT: u64 = 120;
/// A stay on Svalbard: 2 500 of 5,6 million. Raised.
pub(crate) const SVALBARD: u64 = 150;

// Papers.

/// Citizenship of the stateless, of unknown origin, and of Kosovo, of all from abroad.
pub(crate) const STATELESS: u64 = 900;
pub(crate) const CITIZENSHIP_UNKNOWN: u64 = 600;
/// Two citizenships at once of those born here.
pub(crate) const SECOND_CITIZENSHIP: u64 = 1_500;
/// Retention of citizenship: of those who left, and of those with two.
pub(crate) const RETENTION: u64 = 6_000;
/// A residence permit of immigrants from outside the Nordic countries.
pub(crate) const PERMIT: u64 = 60_000;
/// A DUF number of the same.
pub(crate) const DUF: u64 = 45_000;
/// Foreign numbers of D-number holders (three at once for a third of these), and of immigrants.
pub(crate) const FOREIGN_NUMBER_D: u64 = 40_000;
pub(crate) const FOREIGN_NUMBER_IMMIGRANT: u64 = 8_000;
/// Identity documents of D-number holders and of immigrants.
pub(crate) const DOCUMENT_D: u64 = 50_000;
pub(crate) const DOCUMENT_IMMIGRANT: u64 = 25_000;
/// The identity status `unik`, which comes in 2027 and which consumers do not know yet.
pub(crate) const UNIQUE_IDENTITY: u64 = 200;
/// D-numbers that ceased because the identity was false; the others were duplicates.
pub(crate) const FALSE_IDENTITY: u64 = 60_000;
/// Use of a Sámi language, of those who live in a Sámi district, and of others. Raised.
pub(crate) const SAMI_DISTRICT: u64 = 35_000;
pub(crate) const SAMI_ELSEWHERE: u64 = 400;

// Those who cannot or may not decide alone.

/// Grown wards, of all and of those over eighty, and powers of attorney that have come into force.
pub(crate) const GUARDIANSHIP: u64 = 800;
pub(crate) const GUARDIANSHIP_OLD: u64 = 3_000;
pub(crate) const FUTURE_POWER: u64 = 300;
/// Minor wards; a fifth of the foreign minors who stand alone are.
pub(crate) const GUARDIANSHIP_MINOR: u64 = 600;
pub(crate) const GUARDIANSHIP_MINOR_ALONE: u64 = 20_000;
/// Wards whose legal capacity is restricted: a few hundred in the country. Raised.
pub(crate) const CAPACITY_RESTRICTED: u64 = 6_000;
/// Minors whom others than the parents are responsible for.
pub(crate) const RESPONSIBLE_OTHERS: u64 = 700;
/// The estates of those who died in the last years that have a contact.
pub(crate) const ESTATE_CONTACT: u64 = 60_000;
/// Deaths whose day is not known.
pub(crate) const DEATH_WITHOUT_DATE: u64 = 1_200;
