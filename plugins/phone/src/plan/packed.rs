//! The tables of plans as they are kept: without the addresses of short texts. Made by the compiler.

use super::{BARE, COUNTRIES, Country, Likelihood, NATIONALS, National};

const COUNT: usize = COUNTRIES.len();

/// The names of [`COUNTRIES`], two letters each, and their codes, three characters each.
static PLANS: &str = {
    const BYTES: [u8; 2 * COUNT] = {
        let (mut out, mut n) = ([0; 2 * COUNT], 0);
        while n < COUNT {
            let name = COUNTRIES[n].0.as_bytes();
            (out[2 * n], out[2 * n + 1], n) = (name[0], name[1], n + 1);
        }
        out
    };
    text(&BYTES)
};
static CODES: &str = {
    const BYTES: [u8; 3 * COUNT] = {
        let (mut out, mut n) = ([b' '; 3 * COUNT], 0);
        while n < COUNT {
            let (code, mut at) = (COUNTRIES[n].1.as_bytes(), 0);
            while at < code.len() {
                (out[3 * n + at], at) = (code[at], at + 1);
            }
            n += 1;
        }
        out
    };
    text(&BYTES)
};

const fn text(bytes: &'static [u8]) -> &'static str {
    match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => panic!(),
    }
}

/// Length of the code, least and most digits of each of [`COUNTRIES`].
static SIZES: [[u8; 3]; COUNT] = {
    let (mut out, mut n) = ([[0; 3]; COUNT], 0);
    while n < COUNT {
        let Country(_, code, least, most, _) = COUNTRIES[n];
        (out[n], n) = ([code.len() as u8, least, most], n + 1);
    }
    out
};

/// The country at a place in [`COUNTRIES`], without the prefixes of its mobile numbers.
pub fn country(n: usize) -> Option<Country> {
    let [code, least, most] = *SIZES.get(n)?;
    let code = CODES.get(3 * n..3 * n + usize::from(code))?;
    Some(Country(plan(n), code, least, most, ""))
}

fn plan(n: usize) -> &'static str {
    PLANS.get(2 * n..2 * n + 2).unwrap_or_default()
}

/// The countries of [`BARE`].
pub static BARE_COUNTRIES: [Country; BARE.len()] = {
    let (mut out, mut n) = ([const { Country("", "", 0, 0, "") }; BARE.len()], 0);
    while n < BARE.len() {
        let Country(plan, code, least, most, mobiles) = COUNTRIES[BARE[n] as usize];
        (out[n], n) = (Country(plan, code, least, most, mobiles), n + 1);
    }
    out
};

const TRUNKS: [&str; 6] = ["", "0", "06", "1", "8", "80"];

/// One of [`NATIONALS`]: its first digits, the place of its country, that of its trunk prefix, and the
/// digits of its code, 128 more when it is likely.
struct Kept(&'static str, u8, u8, u8);

const LIKELY: u8 = 128;

static KEPT: [Kept; NATIONALS.len()] = {
    let (mut out, mut n) = ([const { Kept("", 0, 0, 0) }; NATIONALS.len()], 0);
    while n < NATIONALS.len() {
        let National(plan, trunk, _, prefixes, code, likelihood) = NATIONALS[n];
        let likely = if matches!(likelihood, Likelihood::Likely) { LIKELY } else { 0 };
        let (mut country, mut place) = (0, 0);
        while country < COUNT && !is(COUNTRIES[country].0, plan) {
            country += 1;
        }
        while !is(TRUNKS[place], trunk) {
            place += 1;
        }
        out[n] = Kept(prefixes, country as u8, place as u8, code + likely);
        n += 1;
    }
    out
};

const fn is(a: &str, b: &str) -> bool {
    let (a, b, mut n) = (a.as_bytes(), b.as_bytes(), 0);
    while n < a.len() && n < b.len() && a[n] == b[n] {
        n += 1;
    }
    n == a.len() && n == b.len()
}

/// One of [`NATIONALS`], without how many digits it has.
pub fn national(n: usize) -> Option<National> {
    let Kept(prefixes, country, trunk, code) = KEPT.get(n)?;
    let likely = if code & LIKELY > 0 { Likelihood::Likely } else { Likelihood::Possible };
    let trunk = TRUNKS.get(usize::from(*trunk))?;
    Some(National(plan(usize::from(*country)), trunk, 0, prefixes, code % LIKELY, likely))
}
