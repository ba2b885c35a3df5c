//! Top-level domains, and how likely a word after a full stop is one. A pure table: every domain of the
//! root zone, and what people write instead of one.

use crate::list::{Gate, Row};

/// How likely it is that a word after a full stop without a space is a top-level domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tld {
    /// Hardly a word or an ending of file names in any of our languages.
    Plain,
    /// A word of English or French that seldom begins a sentence, or an ending of file names.
    Wordy,
    /// A word of English or French that sentences begin or go on with.
    Common,
    /// A transliteration that only people read, no name server.
    Spoken,
}

/// The kind of a top-level domain, lower case, without the dot.
#[must_use]
pub fn tld(label: &str) -> Option<Tld> {
    if !label.is_ascii() {
        let cyrillic = matches!(label.as_bytes().first(), Some(0xd0..=0xd3));
        let listed = if cyrillic {
            among(CYRILLIC, &CYRILLIC_GATE, label)
        } else {
            among(INTERNATIONAL, &INTERNATIONAL_GATE, label)
        };
        return if listed {
            Some(Tld::Plain)
        } else {
            among(SPOKEN, &SPOKEN_GATE, label).then_some(Tld::Spoken)
        };
    }
    if label.bytes().any(|b| b == b'-') {
        return label.starts_with("xn--").then_some(Tld::Plain);
    }
    // With a zero for the letter.
    if matches!(label, "c0m" | "0rg") {
        return Some(Tld::Plain);
    }
    let known = label.len().checked_sub(2).and_then(|n| BY_LENGTH.get(n))?;
    if holds(known, label) {
        Some(Tld::Plain)
    } else if COMMON.contains(label) {
        Some(Tld::Common)
    } else {
        WORDY.contains(label).then_some(Tld::Wordy)
    }
}

/// Whether a sorted string of words of one length holds a word of that length.
fn holds(words: &str, word: &str) -> bool {
    let (mut low, mut high) = (0, words.len() / word.len());
    while low < high {
        #[cfg(test)]
        work::done(1);
        let middle = usize::midpoint(low, high);
        let at = middle * word.len();
        let Some(here) = words.get(at..at + word.len()) else {
            return false;
        };
        match here.cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    false
}

fn among(words: &str, gate: &Gate<8>, word: &str) -> bool {
    let same = |w: &[u8]| {
        #[cfg(test)]
        work::done(1);
        w == word.as_bytes()
    };
    gate.may_hold(word) && words.as_bytes().split(|b| *b == b' ').any(same)
}

static SPOKEN_GATE: Gate<8> = Gate::parted(SPOKEN, b' ', b' ');
static CYRILLIC_GATE: Gate<8> = Gate::parted(CYRILLIC, b' ', b' ');
static INTERNATIONAL_GATE: Gate<8> = Gate::parted(INTERNATIONAL, b' ', b' ');

const SPOKEN: &str = "ру иа сом ком кам орг юа уа нэт инфо кз бай ка ми коме рю точкару ио ме эрэф";

/// Every top-level domain in ASCII that the root zone holds (IANA's list of 2026-09-30) and that is not
/// one company's own, but for those of [`WORDY`] and [`COMMON`], by length: the first string holds those
/// of two letters one after another, each string sorted.
const BY_LENGTH: &[&str] = &[
    "\
     acadaeafalaoaqarauawaxazbabbbdbfbgbhbibjbmbnbobrbsbtbvbwbzcfcgckclcncocrcucvcwcxcyczdjdkdm\
     dzeceeegereufifjfkfmfofrgagbgdgegfggghgigngpgqgrgsgtgugwgyhkhnhrhthuieioiqirjmjojpkekgkhki\
     kmknkpkrkwkzlblclklrlsltlvlymcmgmhmkmnmpmqmumvmwmxmznanfngnlnrnzompepfpgphpkpnptqarorurwsb\
     sdsgsjskslsmsnsrsssusvsxsysztctdtftgthtjtktltmtntrtttvtwtzuaugukuyuzvcvevgvivnwfwsyeytzazm\
     zw",
    "\
     appawsbetbidbizbomboobzhcamceocfdcomcpaddsdevdiyecoeduesqeusfoofoxfrlgalgapgaygdnglegovhiv\
     icuintistjotlatllcllplolltdmbamilmoenetngonycoooorgovhphdrensbssexsoyspasrlunoupsvetvipwed\
     wowwtfxxxxyz",
    "\
     aeroarabarpaasiabeerblogbondbuzzclubcoopcyoudesidocsflirgmbhguruhausimmoinfojobskiwilgbtlt\
     daluxemememobimodaparspornprodprofqponrsvpruhrsarlscotsexyvanavisawienwikiyoga",
    "\
     adultarchiaudioautosbiblebingoboatscymrudubaiforexgivesirishjetztkoelnkyotolottomiamininja\
     osakaquestreiserocksrodeorugbytatartiroltokyovegasvodkawales",
    "\
     africaagencyalsacebayernbeautyberlinbostoncasinochurchcliniccondosdurbanfutboljoburgjuegos\
     kaufenkosherlatinolondonmadridmakeupmoscowmuseumnagoyaquebecrealtyreisenryukyuschulesydney\
     taipeitattootiendaviajesvotingwebcamyachts",
    "\
     abogadoacademyandroidauctioncolognecorsicadomainsfrogansgalleryhamburgjewelrykitchenokinaw\
     atheatrewebsitezuerich",
    "\
     abudhabiairforceattorneybargainsbaseballboutiquebrusselsbuilderscapetowncatholicdemocrathe\
     lsinkiistanbulpartnerspharmacysaarlandyokohama",
    "amsterdambarcelonacommunitymelbournestockholm",
    "\
     accountantapartmentsassociatesbasketballconsultingcreditcardhealthcareimmobilienrealestate\
     republicanvlaanderen",
    "accountantsblackfridayenterprisesmotorcycles",
    "scholarshipsversicherung",
    "",
];

/// Those in other scripts.
const INTERNATIONAL: &str = "\
    vermögensberater vermögensberatung ελ ευ հայ ישראל קום الاردن البحرين الجزائر السعودية \
    المغرب امارات ایران بارت بازار بيتك بھارت تونس سودان سورية شبكة عراق عرب عمان فلسطين قطر \
    كوم مصر مليسيا موريتانيا موقع همراه پاکستان ڀارت कॉम नेट भारत भारतम् भारोत संगठन বাংলা \
    ভারত ভাৰত ਭਾਰਤ ભારત ଭାରତ இந்தியா இலங்கை சிங்கப்பூர் భారత్ ಭಾರತ ഭാരതം ලංකා คอม ไทย ລາວ გე \
    みんな コム セール ファッション ポイント 世界 中国 中國 中文网 企业 信息 健康 公司 公益 台湾 台灣 商城 商店 商标 在线 大拿 娱乐 家電 慈善 手机 招聘 \
    新加坡 新闻 时尚 書籍 机构 游戏 澳門 点看 移动 组织机构 网址 网店 网站 网络 购物 通販 集团 食品 餐厅 香港 닷넷 닷컴 한국";

/// Those in Cyrillic, which every word of half our messages is looked up in.
const CYRILLIC: &str = "\
    бг бел дети ею католик ком мкд мон москва онлайн орг рус рф сайт срб укр қаз";

/// Words of English or French that are names of trades and things, and endings of file names.
static WORDY: Row = Row::of(
    "\
     ads ag ai analytics army art auto baby band bank bike booking broadway broker build \
     business cab camera camp capital cards care career careers cars cash catering cc center \
     ch channel charity chase chat cheap christmas ci circle city claims cleaning click \
     clothing cloud cm coach codes coffee college company compare computer construction \
     contact contractors cooking country coupon coupons courses credit cricket crown cruise \
     cruises dance data dating dealer deals degree delivery dental dentist design diamonds \
     diet digital direct directory discount discover dish doctor dog download drive earth \
     education email energy engineer engineering equipment estate events example exchange \
     exposed express faith family fans farm farmers fashion feedback film finance financial \
     fish fishing fitness flights florist flowers food football forsale forum foundation \
     frontier fund furniture game games garden gifts giving gl glass global gm gold golf \
     graphics gratis green gripe grocery group guide guitars hair health hiphop hm hockey \
     holdings holiday homes horse hospital host hosting hotels house ice industries ing ink \
     institute insurance insure international investments kim ky land law lawyer lease legal \
     li life lifestyle lighting limited limo link loan loans locker lu luxury maison \
     management market marketing markets md med media memorial menu mini mint ml mo mobile \
     monster mortgage moto mov movie mt music navy nc network news np office ong onl online \
     orange organic page paris parts party photo photography photos physio pics pictures pid \
     ping pink pioneer pizza pl plumbing pm poker pr press prime pro productions promo \
     properties property protection ps pub pw py racing radio recipes rehab rentals repair \
     restaurant review reviews rip rs safety salon sc school science security seek services \
     sh shoes shop shopping silk singles site ski skin smile soccer social software solar \
     solutions song space sport spot st star storage store stream studio style sucks supplies \
     supply support surf surgery swiss systems tab target tax taxi team tech technology \
     tennis theater tickets tips tires tools top tours town toys trade trading training \
     travel tube university va vacations ventures video villas vin vision voyage vu watches \
     weather web wedding windows wine winners works world zip zone",
);

/// Words that sentences begin with.
static COMMON: Row = Row::of(
    "\
     able actor am as at author bar be best bio black blue book bot box buy by ca cafe call \
     car casa case cat cd cool dad date day de deal do dot eat es et expert fail fan fast \
     final fire fit fly free fun fyi gift got help here hot how id il im in inc is it je joy \
     kids la like live living love ma man map me meet men mm moi mom money mr ms my name ne \
     new next ni no now nu one open pa pay pet phone pin place play plus post re read red \
     rent report rest rich room run sa safe sale save se search select seven show si sky so \
     study talk tel to today total trust us vote watch win work you zero",
);

/// How many words were compared in a thread, so that tests can tell what a text costs.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    thread_local! {
        static DONE: Cell<usize> = const { Cell::new(0) };
    }

    pub fn done(count: usize) {
        DONE.set(DONE.get() + count);
    }

    /// What was done since it was asked last.
    pub fn take() -> usize {
        DONE.replace(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{BY_LENGTH, COMMON, Tld, WORDY, holds, tld};

    #[test]
    fn the_tables_are_sorted_and_hold_what_they_name() {
        let known = |w: &str| w.len().checked_sub(2).is_some_and(|n| holds(BY_LENGTH[n], w));
        for (words, kind) in [(&WORDY, Tld::Wordy), (&COMMON, Tld::Common)] {
            for word in words.words().split(' ') {
                assert!(!known(word), "{word} is in two tables");
                assert_eq!(tld(word), Some(kind), "{word}");
            }
        }
        for (n, words) in BY_LENGTH.iter().enumerate() {
            let each: Vec<_> = words.as_bytes().chunks(n + 2).collect();
            assert!(each.is_sorted() && words.len() % (n + 2) == 0, "{}", n + 2);
        }
    }

    #[test]
    fn kinds() {
        let cases = [
            ("com", Some(Tld::Plain)),
            ("ua", Some(Tld::Plain)),
            ("рф", Some(Tld::Plain)),
            ("de", Some(Tld::Common)),
            ("studio", Some(Tld::Wordy)),
            ("ру", Some(Tld::Spoken)),
            ("xn--p1ai", Some(Tld::Plain)),
            ("vermögensberatung", Some(Tld::Plain)),
            ("travelersinsurance", None),
            ("хорошо", None),
            ("smith", None),
            ("x", None),
            ("", None),
        ];
        for (label, kind) in cases {
            assert_eq!(tld(label), kind, "{label}");
        }
    }
}
