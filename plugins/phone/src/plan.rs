//! Numbering plans: which digits can be a telephone number, and of which country. Knows digits only,
//! not how they were written.
//!
//! From ITU-T E.164 and the national plans: calling code, lengths of the national number, first digits of
//! mobile numbers. Landlines are recognised by length alone, and only where the writing says "phone".

mod index;
mod packed;

use index::{
    BARE_HEADS, BY_LENGTH, EACH_HEADS, FIRST_COUNTRY, LONGEST_PREFIX, NATIONAL_HEADS, has, leading,
};
pub use index::{lengths, lengths_abroad};

/// What a string of digits is, read as a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// ISO 3166-1 alpha-2, or the calling code's first country.
    pub plan: &'static str,
    /// Where the subscriber's part begins: after calling code or trunk, and area or operator code.
    pub code_end: usize,
    /// Where the area or operator code begins.
    pub code_start: usize,
    pub likelihood: Likelihood,
}

/// How often such digits are anything but a telephone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// Only with a word that says so, or written the way only telephone numbers are.
    Possible,
    /// Mobile prefix of a common plan with its trunk or calling code: seldom anything else.
    Likely,
}

/// A country: calling code, least and most digits of a national number, prefixes of mobile numbers
/// (separated by spaces; empty: not told apart).
struct Country(&'static str, &'static str, u8, u8, &'static str);

/// The plans that are verified after a `+`. Longer calling codes come before their own beginnings.
const COUNTRIES: &[Country] = &[
    Country("KZ", "77", 9, 9, "0 4 7"),
    Country("RU", "7", 10, 10, "9 3 4 8 7 6"),
    Country("US", "1", 10, 10, "2 3 4 5 6 7 8 9"),
    Country("EG", "20", 9, 10, "1"),
    Country("ZA", "27", 9, 9, "6 7 8"),
    Country("GR", "30", 10, 10, "69 2"),
    Country("NL", "31", 9, 9, "6"),
    Country("BE", "32", 8, 9, "4"),
    Country("FR", "33", 9, 9, "6 7"),
    Country("ES", "34", 9, 9, "6 7"),
    Country("HU", "36", 8, 9, "20 30 31 50 70"),
    Country("IT", "39", 6, 11, "3"),
    Country("RO", "40", 9, 9, "7"),
    Country("CH", "41", 9, 9, "7"),
    Country("AT", "43", 7, 12, "6"),
    Country("GB", "44", 9, 10, "7"),
    Country("DK", "45", 8, 8, ""),
    Country("SE", "46", 7, 10, "7"),
    Country("NO", "47", 8, 8, "4 9"),
    Country("PL", "48", 9, 9, "45 50 51 53 57 60 66 69 72 73 78 79 88"),
    Country("DE", "49", 7, 12, "15 16 17"),
    Country("MX", "52", 10, 11, ""),
    Country("BR", "55", 10, 11, ""),
    Country("MY", "60", 8, 10, "1"),
    Country("AU", "61", 9, 9, "4"),
    Country("ID", "62", 8, 12, "8"),
    Country("PH", "63", 8, 10, "9"),
    Country("SG", "65", 8, 8, "8 9"),
    Country("TH", "66", 8, 9, "6 8 9"),
    Country("JP", "81", 9, 10, "70 80 90"),
    Country("KR", "82", 8, 10, "1"),
    Country("VN", "84", 8, 10, "3 5 7 8 9"),
    Country("CN", "86", 10, 11, "1"),
    Country("TR", "90", 10, 10, "5"),
    Country("IN", "91", 10, 10, "6 7 8 9"),
    Country("PK", "92", 9, 10, "3"),
    Country("IR", "98", 10, 10, "9"),
    Country("MA", "212", 9, 9, "6 7"),
    Country("DZ", "213", 8, 9, "5 6 7"),
    Country("TN", "216", 8, 8, "2 4 5 9"),
    Country("SN", "221", 9, 9, "7"),
    Country("CI", "225", 8, 10, ""),
    Country("NG", "234", 8, 10, "7 8 9"),
    Country("CM", "237", 8, 9, "6"),
    Country("KE", "254", 9, 9, "7 1"),
    Country("PT", "351", 9, 9, "9"),
    Country("LU", "352", 4, 11, "6"),
    Country("IE", "353", 7, 9, "8"),
    Country("AL", "355", 8, 9, "6"),
    Country("CY", "357", 8, 8, "9"),
    Country("FI", "358", 5, 11, "4 5"),
    Country("BG", "359", 7, 9, "87 88 89 98"),
    Country("LT", "370", 8, 8, "6"),
    Country("LV", "371", 8, 8, "2"),
    Country("EE", "372", 7, 8, "5 8"),
    Country("MD", "373", 8, 8, "6 7"),
    Country("AM", "374", 8, 8, "33 41 43 44 49 55 77 91 93 94 95 96 98 99"),
    Country("BY", "375", 9, 9, "25 29 33 44"),
    Country("UA", "380", 9, 9, "39 50 63 66 67 68 73 75 77 89 91 92 93 94 95 96 97 98 99"),
    Country("RS", "381", 8, 9, "6"),
    Country("ME", "382", 8, 8, "6"),
    Country("HR", "385", 8, 9, "9"),
    Country("SI", "386", 8, 8, "3 4 5 6 7"),
    Country("CZ", "420", 9, 9, "6 7"),
    Country("SK", "421", 9, 9, "9"),
    Country("AE", "971", 8, 9, "5"),
    Country("IL", "972", 8, 9, "5"),
    Country("MN", "976", 8, 8, ""),
    Country("TJ", "992", 9, 9, "0 1 5 7 8 9"),
    Country("TM", "993", 8, 8, "6"),
    Country("AZ", "994", 9, 9, "10 50 51 55 60 70 77 99"),
    Country("GE", "995", 9, 9, "5"),
    Country("KG", "996", 9, 9, "2 5 7 9"),
    Country("UZ", "998", 9, 9, "2 3 5 6 7 8 9"),
    Country("PE", "51", 8, 9, "9"),
    Country("AR", "54", 10, 11, "9"),
    Country("CL", "56", 9, 9, "9"),
    Country("CO", "57", 10, 10, "3"),
    Country("VE", "58", 10, 10, "4"),
    Country("NZ", "64", 8, 10, "2"),
    Country("LK", "94", 9, 9, "7"),
    Country("AF", "93", 9, 9, "7"),
    Country("MM", "95", 7, 10, "9"),
    Country("HK", "852", 8, 8, "5 6 9"),
    Country("TW", "886", 8, 9, "9"),
    Country("BD", "880", 8, 10, "1"),
    Country("LB", "961", 7, 8, "3 7"),
    Country("JO", "962", 8, 9, "7"),
    Country("SY", "963", 8, 9, "9"),
    Country("IQ", "964", 8, 10, "7"),
    Country("KW", "965", 8, 8, "5 6 9"),
    Country("SA", "966", 8, 9, "5"),
    Country("OM", "968", 8, 8, "7 9"),
    Country("BH", "973", 8, 8, "3"),
    Country("QA", "974", 8, 8, "3 5 6 7"),
    Country("NP", "977", 8, 10, "9"),
    Country("GH", "233", 9, 9, "2 5"),
    Country("ET", "251", 9, 9, "9"),
    Country("TZ", "255", 9, 9, "6 7"),
    Country("UG", "256", 9, 9, "7"),
    Country("MK", "389", 8, 8, "7"),
    Country("BA", "387", 8, 9, "6"),
    Country("MT", "356", 8, 8, "7 9"),
    Country("IS", "354", 7, 9, "6 7 8"),
    Country("CR", "506", 8, 8, ""),
    Country("EC", "593", 8, 9, "9"),
    Country("UY", "598", 8, 8, "9"),
];

/// Places in [`COUNTRIES`] whose mobile numbers are recognised without a `+`.
const BARE: [u8; 19] = {
    const NAMES: [&str; 19] = [
        "KZ", "RU", "FR", "GB", "PL", "DE", "AU", "IN", "IE", "MD", "AM", "BY", "UA", "IL", "TJ",
        "AZ", "GE", "KG", "UZ",
    ];
    let (mut out, mut found, mut n) = ([0; 19], 0, 0);
    while n < COUNTRIES.len() && found < NAMES.len() {
        let (name, wanted) = (COUNTRIES[n].0.as_bytes(), NAMES[found].as_bytes());
        if name[0] == wanted[0] && name[1] == wanted[1] {
            out[found] = n as u8;
            found += 1;
        }
        n += 1;
    }
    assert!(found == NAMES.len(), "in the order of `COUNTRIES`");
    out
};

use Likelihood::{Likely, Possible};

/// National writing: country, trunk prefix, digits after it, first digits, digits of the code, and
/// whether such digits are likely a phone even when written without any grouping.
struct National(&'static str, &'static str, u8, &'static str, u8, Likelihood);

const NATIONALS: &[National] = &[
    National("RU", "8", 10, "9", 3, Likely),
    National("KZ", "8", 10, "70 74 77", 3, Likely),
    National("RU", "8", 10, "800 495 499 812", 3, Likely),
    National("RU", "8", 10, "3 4 8 71 72", 3, Possible),
    National("RU", "", 10, "9", 3, Likely),
    National("RU", "", 10, "495 499 812 3 4 8", 3, Possible),
    National("KZ", "", 10, "70 74 77", 3, Possible),
    National("UA", "0", 9, UA, 2, Likely),
    National("UA", "0", 9, "3 4 5 6 800", 2, Possible),
    National("UA", "80", 9, UA, 2, Likely),
    National("UA", "", 9, UA, 2, Possible),
    National("BY", "80", 9, "25 29 33 44 17", 2, Likely),
    National("FR", "0", 9, "6 7", 1, Likely),
    National("FR", "0", 9, "1 2 3 4 5 8 9", 1, Possible),
    National("FR", "", 9, "6 7", 1, Possible),
    National("GB", "0", 10, "7", 4, Likely),
    National("GB", "0", 10, "1 2 3 8", 3, Possible),
    National("GB", "0", 9, "1 2", 3, Possible),
    National("US", "", 10, "2 3 4 5 6 7 8 9", 3, Possible),
    National("US", "1", 10, "2 3 4 5 6 7 8 9", 3, Possible),
    National("KG", "0", 9, "5 7 2 3 99", 3, Possible),
    National("UZ", "", 9, "33 50 71 77 88 90 91 93 94 95 97 98 99", 2, Possible),
    National("UZ", "8", 9, "33 50 71 77 88 90 91 93 94 95 97 98 99", 2, Possible),
    National("DE", "0", 10, "15 16 17", 3, Possible),
    National("DE", "0", 11, "15 16 17", 3, Possible),
    National("PL", "", 9, "45 50 51 53 57 60 66 69 72 73 78 79 88", 3, Possible),
    National("PL", "", 9, "12 22 32 33 34 41 42 52 58 61 71 81 85 91", 2, Possible),
    National("IL", "0", 9, "5", 2, Possible),
    National("CH", "0", 9, "2 3 4 5 6 7 8 9", 2, Possible),
    National("BE", "0", 9, "4", 3, Possible),
    National("BE", "0", 8, "1 2 3 4 5 6 7 8 9", 2, Possible),
    National("TR", "0", 10, "5 2 3 4", 3, Possible),
    National("TR", "", 10, "5", 3, Possible),
    National("AM", "0", 8, "33 41 43 44 49 55 77 91 93 94 95 96 98 99 10", 2, Possible),
    National("AZ", "0", 9, "10 12 50 51 55 60 70 77 99", 2, Possible),
    National("GE", "", 9, "5", 3, Possible),
    National("GE", "0", 9, "5 3", 3, Possible),
    National("MD", "0", 8, "6 7 2", 3, Possible),
    National("AU", "0", 9, "4 2 3 7 8", 3, Possible),
    National("AU", "0", 9, "2 3 7 8", 1, Possible),
    National("AU", "", 10, "1300 1800", 4, Possible),
    National("NL", "0", 9, "6", 1, Possible),
    National("AT", "0", 10, "6", 3, Possible),
    National("IE", "0", 9, "8", 2, Possible),
    National("ES", "", 9, "6 7 9", 3, Possible),
    National("IT", "", 10, "3", 3, Possible),
    National("PT", "", 9, "9", 3, Possible),
    National("CZ", "", 9, "6 7", 3, Possible),
    National("SE", "0", 9, "7", 2, Possible),
    National("FI", "0", 9, "4 5", 2, Possible),
    National("RO", "0", 9, "7", 3, Possible),
    National("HU", "06", 9, "20 30 31 50 70", 2, Possible),
    National("GR", "", 10, "69", 3, Possible),
    National("BG", "0", 9, "87 88 89 98", 3, Possible),
    National("LT", "8", 8, "6", 3, Possible),
    National("AE", "0", 9, "5", 2, Possible),
    National("EG", "0", 10, "1", 3, Possible),
    National("ZA", "0", 9, "6 7 8", 2, Possible),
    National("NG", "0", 10, "7 8 9", 3, Possible),
    National("KE", "0", 9, "7 1", 3, Possible),
    National("JP", "0", 10, "70 80 90", 2, Possible),
    National("KR", "0", 10, "10", 2, Possible),
    National("IN", "", 10, "6 7 8 9", 5, Possible),
    National("IN", "0", 10, "6 7 8 9", 5, Possible),
    National("CN", "", 11, "13 15 17 18 19", 3, Possible),
    National("BR", "", 11, "1 2 3 4 5 6 7 8 9", 2, Possible),
    National("MX", "", 10, "33 55 81", 2, Possible),
    National("VN", "0", 9, "3 5 7 8 9", 3, Possible),
    National("TH", "0", 9, "6 8 9", 2, Possible),
    National("PH", "0", 10, "9", 3, Possible),
    National("PK", "0", 10, "3", 3, Possible),
    // A trunk zero and an area code of two to four digits, anywhere.
    National("", "0", 8, "1 2 3 4 5 6 7 8 9", 3, Possible),
    National("", "0", 9, "1 2 3 4 5 6 7 8 9", 3, Possible),
    National("", "0", 10, "1 2 3 4 5 6 7 8 9", 4, Possible),
    National("", "0", 11, "1", 3, Possible),
];

/// Mobile prefixes of Ukraine.
const UA: &str = "39 50 63 66 67 68 73 75 77 89 91 92 93 94 95 96 97 98 99";

/// Reads digits that follow a `+` or stand for it (`00`, `810`).
#[must_use]
pub fn international(digits: &str) -> Option<Reading> {
    let first = usize::from(*FIRST_COUNTRY.get(leading::<3>(digits)?)?);
    // Where one code begins another, the longer one comes right before.
    (first..first + 2).filter_map(packed::country).find_map(|c| {
        let national = digits.strip_prefix(c.1)?;
        // `+33 (0)6 ...`: the trunk zero in brackets is not part of the number.
        let written = national.len();
        let national = national.strip_prefix('0').filter(|_| c.0 != "KZ").unwrap_or(national);
        let trunk = written - national.len();
        let fits = (usize::from(c.2)..=usize::from(c.3)).contains(&national.len());
        let nanp_ok = c.0 != "US" || nanp(national);
        let zero_ok = matches!(c.0, "KZ" | "IT" | "CI") || !national.starts_with('0');
        (fits && nanp_ok && zero_ok && !monotonous(national)).then(|| Reading {
            plan: c.0,
            code_start: c.1.len(),
            code_end: (c.1.len() + trunk + code_length(c.0)).min(digits.len()),
            likelihood: Likely,
        })
    })
}

/// Whether all digits are the same: a filler, not a number.
#[must_use]
pub fn monotonous(national: &str) -> bool {
    let mut digits = national.bytes();
    let first = digits.next();
    digits.all(|d| Some(d) == first)
}

/// Readings of digits without a `+`: a calling code with a mobile number, or a national writing. The
/// likeliest first, and of those the ones of `region` before others.
#[must_use]
pub fn national(digits: &str, region: &str) -> Vec<Reading> {
    let mut out = Vec::new();
    if monotonous(digits) {
        return out;
    }
    if has(&BARE_HEADS, digits) {
        out.extend(bare(digits));
    }
    if !has(&NATIONAL_HEADS, digits) {
        return out;
    }
    let Some(places) = BY_LENGTH.get(digits.len()) else {
        return out;
    };
    let head = leading::<2>(digits).unwrap_or(0);
    for place in places.iter().map(|n| usize::from(*n)) {
        let Some(heads) = EACH_HEADS.get(place) else {
            break;
        };
        if heads >> (head & 0x7f) & 1 == 0 {
            continue;
        }
        let Some(n) = packed::national(place) else {
            break;
        };
        let Some(rest) = digits.strip_prefix(n.1) else {
            continue;
        };
        if n.1.len() + LONGEST_PREFIX.get(place).map_or(0, |n| usize::from(*n)) > 2
            && !starts_with_any(rest, n.3)
        {
            continue;
        }
        if n.0 == "US" && !nanp(rest) || monotonous(rest) {
            continue;
        }
        let sparse = matches!(n.0, "PL" | "US" | "ES" | "CZ" | "PT" | "IN" | "IT" | "");
        let home = n.0 == region && !sparse && !n.1.is_empty();
        let likelihood = if home { Likely } else { n.5 };
        let (code_start, code) = (n.1.len(), usize::from(n.4));
        let reading = Reading { plan: n.0, code_start, code_end: code_start + code, likelihood };
        let rank = |r: &Reading| {
            (r.likelihood, !region.is_empty() && r.plan == region, !r.plan.is_empty())
        };
        let at = out.iter().position(|r| rank(r) < rank(&reading));
        out.insert(at.unwrap_or(out.len()), reading);
    }
    out
}

/// A calling code without its `+`, before a mobile number.
fn bare(digits: &str) -> Option<Reading> {
    packed::BARE_COUNTRIES.iter().find_map(|c| {
        let national = digits.strip_prefix(c.1)?;
        let fits = national.len() == usize::from(c.3) || c.0 == "DE" && national.len() == 11;
        let mobiles = if c.0 == "RU" { "9 495 499 812 800" } else { c.4 };
        let mobile = fits
            && !monotonous(national)
            && (c.0 == "KZ" && national.len() == 9 || starts_with_any(national, mobiles));
        mobile.then(|| Reading {
            plan: c.0,
            code_start: c.1.len(),
            code_end: (c.1.len() + code_length(c.0)).min(digits.len()),
            likelihood: if matches!(c.0, "RU" | "KZ" | "UA" | "BY") { Likely } else { Possible },
        })
    })
}

/// Digits of the area or operator code in the usual writing.
fn code_length(plan: &str) -> usize {
    match plan {
        "FR" => 1,
        "UA" | "BY" | "KZ" | "UZ" | "AZ" | "AM" | "TJ" | "IL" | "MD" => 2,
        "IE" => 2,
        "GB" => 4,
        "IN" => 5,
        _ => 3,
    }
}

fn starts_with_any(digits: &str, prefixes: &str) -> bool {
    prefixes.is_empty() || prefixes.split(' ').any(|p| digits.starts_with(p))
}

/// Area code and exchange of the North American plan begin with 2 to 9, and the area code is no
/// service code (N11).
pub fn nanp(national: &str) -> bool {
    let at = |i: usize| national.as_bytes().get(i).copied().unwrap_or(b'0');
    at(0) >= b'2' && at(3) >= b'2' && !(at(1) == b'1' && at(2) == b'1')
}

#[cfg(test)]
mod tests {
    use super::{Likelihood, international, national};

    #[track_caller]
    fn check(digits: &str, region: &str, expected: Option<(&str, Likelihood)>) {
        let first = national(digits, region).first().map(|r| (r.plan, r.likelihood));
        assert_eq!(first, expected, "{digits}");
    }

    #[test]
    fn national_writings() {
        use Likelihood::{Likely, Possible};
        check("89161234567", "", Some(("RU", Likely)));
        check("79161234567", "", Some(("RU", Likely)));
        check("9161234567", "", Some(("RU", Likely)));
        check("0671234567", "", Some(("UA", Likely)));
        check("380671234567", "", Some(("UA", Likely)));
        check("0612345678", "FR", Some(("FR", Likely)));
        check("0142345678", "", Some(("FR", Possible)));
        check("07911123456", "GB", Some(("GB", Likely)));
        check("2025550143", "", Some(("US", Possible)));
        check("1234567", "", None);
        check("7707083893", "", Some(("KZ", Possible)));
        check("5500000000", "", Some(("TR", Possible)));
        check("0000000000", "", None);
        check("80171234567", "BY", Some(("BY", Likely)));
    }

    #[test]
    fn international_writings() {
        for (digits, plan) in [
            ("79161234567", Some("RU")),
            ("77011234567", Some("KZ")),
            ("33612345678", Some("FR")),
            ("12025550143", Some("US")),
            ("11025550143", None),
            ("380671234567", Some("UA")),
            ("38067123456", None),
            ("330604100349", Some("FR")),
            ("9999", None),
        ] {
            assert_eq!(international(digits).map(|r| r.plan), plan, "{digits}");
        }
    }
}
