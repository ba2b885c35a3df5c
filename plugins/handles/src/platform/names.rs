//! The names that people give to messengers and social networks, as skeletons. Tables only.

use crate::lexicon::{Lists, Meanings};

/// Names of platforms, as the configuration spells them.
pub const NAMES: [&str; 32] = [
    "telegram",
    "whatsapp",
    "viber",
    "signal",
    "skype",
    "discord",
    "wechat",
    "line",
    "imo",
    "icq",
    "max",
    "threema",
    "snapchat",
    "messenger",
    "kakaotalk",
    "instagram",
    "facebook",
    "vk",
    "ok",
    "tiktok",
    "linkedin",
    "twitter",
    "youtube",
    "threads",
    "pinterest",
    "twitch",
    "onlyfans",
    "direct",
    "botim",
    "zalo",
    "kik",
    "other",
];

/// Some of them as bits, by their places.
pub const TELEGRAM: u32 = 1;
pub const WHATSAPP: u32 = 1 << 1;
pub const SIGNAL: u32 = 1 << 3;
pub const SKYPE: u32 = 1 << 4;
pub const DISCORD: u32 = 1 << 5;
pub const LINE: u32 = 1 << 7;
pub const IMO: u32 = 1 << 8;
pub const ICQ: u32 = 1 << 9;
pub const SNAPCHAT: u32 = 1 << 12;
pub const MESSENGER: u32 = 1 << 13;
pub const INSTAGRAM: u32 = 1 << 15;
pub const FACEBOOK: u32 = 1 << 16;
pub const VK: u32 = 1 << 17;
pub const OK: u32 = 1 << 18;
pub const LINKEDIN: u32 = 1 << 20;
pub const TWITTER: u32 = 1 << 21;
pub const YOUTUBE: u32 = 1 << 22;
pub const DIRECT: u32 = 1 << 27;
pub const KIK: u32 = 1 << 30;
pub const OTHER: u32 = 1 << 31;
/// Networks; one is a messenger too, and is social by what people put there.
pub const SOCIAL: u32 = SNAPCHAT | (DIRECT * 2 - INSTAGRAM);

pub const SLANG: u32 = 0x100;
pub const WEAK: u32 = 0x200;
/// Takes no endings: short, or with an ending another word.
pub const EXACT: u32 = 0x400;

/// Skeletons of names; the number is the place in [`NAMES`], from 1 on.
pub static STEMS: Meanings<519, 55, 129> = Meanings::new(NAMED);

pub const NAMED: &Lists = &[
    (
        "tiligran teligran tegelram telegram telegrarn telegr telegra telegrm telgram teligram tilegram telegran teleqram tlgrm tgram telegramchik telegramch telegrams telegramka telegramk telegam durovgram margelet edupkf ntktuhfv telikgram ntktuf teiegram teiegrarn",
        1,
    ),
    (
        "litachok litachku samoletik samoletike samoletiku samoletika teleg telega telezi telegu telegy telegoi telege telegi telezhechk telezh telegushk telegochk",
        1 | SLANG,
    ),
    (
        "durov durova durovu durove durovs tg tygy tegeshechci tegeshechka tegeshechke tegeshci tgshci tgci tgshk tgsh tgshka tgshke tgshku tegeshk tegeshka tegeshke tegeshku tege tlg tgch tgchik tgshechk tgshechka tgshechke tgshechku tegesh tegea tgda tga tgqa tgm tgr tigi tlgm",
        1 | SLANG | EXACT,
    ),
    ("telezhk telezhka telezhke telezhci telezhku", 1 | WEAK),
    (
        "ouatsap ouotsap vhatsap vatsap votsap uotsap uatsap vatcap votcap vacap vocap vacsap vasap vatsab votsab vhatsab vhatsp vatsp vatsapchik vocapchik vacapchik vacapch votsapchik vhatsup vatsup vazap vozap vhatap vhacap vhatzap vatzap votzap votsup vocup vacup vosap vatsapik vazup vasup pasatov djncfg dfncfg",
        2,
    ),
    ("vatsapa vacapa vhatsapa", 2),
    ("zelenom zelenomu va vats vhats vots vap vp", 2 | WEAK | EXACT),
    ("vibeur vaiber vayber vaibr vaibere vaber vayberchik vaiberchik veiber", 3),
    ("viber vibr vib3r", 3 | EXACT),
    ("fioletovom fioletovomu", 3 | WEAK | EXACT),
    ("signal signale signalu signala", 4 | WEAK | EXACT),
    ("signalchik sgnal sgnl signl", 4),
    ("skipe skure skyp skype skaip skaype skayp scaip scype skaipe skypi", 5),
    ("discord diskord diskort discort discorde dizcord disckord discordik", 6),
    ("dcord dis dise disik cord disco ds dc disc dsc", 6 | WEAK | EXACT),
    ("vechat vichat veichat vichet veichin vixin veixin vehcat vcechat vechta", 7),
    ("line lain laine", 8 | WEAK | EXACT),
    ("imo", 9 | WEAK | EXACT),
    ("icq isik", 10 | SLANG | EXACT),
    ("asya ase aska aske asku aski asechk askoi", 10 | WEAK | EXACT),
    ("mah mahe max maks makse maksa maksu maxe", 11 | WEAK | EXACT),
    ("threma", 12),
    ("trima trime trimu", 12 | WEAK | EXACT),
    ("snapchat snepchat snapchate snepchate snapachat", 13),
    ("gram socset socseti socsetyah socmerezha socmerezhi", 16 | WEAK | EXACT),
    ("tele avion sinem sinomu sinenkom golubom", 1 | WEAK | EXACT),
    ("fantome sc snp", 13 | WEAK | EXACT),
    ("snap snep snape snepe snapu snepu snapik snapa", 13 | WEAK | EXACT),
    ("mesenger mesendzher mesandzher fbmesenger mesandger mesendger mesendzer", 14 | WEAK),
    ("kakaotalk kakao kakaotok", 15 | SLANG),
    (
        "enstagram einstagram lnstagrm instagram lnstagram instagrarn instagrm instagr instagra instgram instagrami inctagram instagrame nelzyagram margatsni shtyef shtyefpkf bycnf bycnfuhfv zapreschenogram zapretgram zapreshenk zapreshchenogram zapreshenogram",
        16,
    ),
    (
        "instochka instochke instochku instashka instashke instashku ayege finsta eyege aidzhi instas lnsta ista insta insto zinsta inste insti instu instoi insty instik instike instiku instach instachka instache instachku instag instac instam instamym instada instaga instata",
        16 | SLANG | EXACT,
    ),
    ("inst ig igs igram igshk igshka igshke", 16 | SLANG | EXACT),
    (
        "bokface fesebouk fesedebouc facedebouk peisbuk feisbuc fbok facedebouc fesebouc facebok feisbuk feysbuk facebuk fasebok feisbok fesbuk fecebok fecbok feicbuk facebock fbuk liceknig liceknizhk licoknig mordopis koobecaf feisbuchek feisbuchok",
        17,
    ),
    (
        "cukerberg cukerberga cukerberge zukerberg zuckerberg zuckerbergs feisik feisike mordoknig mordokniga mordoknige feisi feise fb fbshk fbshka fbshke feisbuch feisbuchik",
        17 | SLANG | EXACT,
    ),
    ("fkontakte vkontakte vkontakt vcontacte vkontacte vkontakti", 18),
    ("vekashka vkshka kontach", 18 | SLANG),
    (
        "vk vkshechk vkshechka vkshechke vkshechku vkashk vkshk vkashka vkashke vkashku vkshka vekashk vkshke vkshku",
        18 | SLANG | EXACT,
    ),
    (
        "odnokl odnoklasnik odnoklasniki odnoklasnikah odnoklasnikov odnoklasnika odnoglaznik odnoglaz odnoklashk",
        19,
    ),
    ("ok", 19 | WEAK | EXACT),
    ("tiktoker tiktonk nbrnjr kotkit tiktok tiktoc ticktock tiktoch tictoc tiktokch ticktok", 20),
    ("linkedin linkdin linkedln linkendin", 21),
    ("tviter tvitr tvtr", 22),
    ("x iks", 22 | WEAK | EXACT),
    ("meta mete", 17 | WEAK | EXACT),
    ("nacmesendzher gosmesendzher nacmesendzhere gosmesendzhere", 11),
    (
        "youtube yutub yutube utube iutub yotube utub youtub yutubchik yutyub utyub iutyub toitube youtob",
        23,
    ),
    ("yutubch", 23 | WEAK | EXACT),
    ("yt ytb", 23 | SLANG | EXACT),
    ("threads treds tredse tredsah tredsi threds", 24 | WEAK | EXACT),
    ("pinterest pinterst pintik", 25 | SLANG),
    ("tvitch tvich", 26 | SLANG),
    ("onlyfans onlifans", 27),
    ("direkt direct direkte", 28 | WEAK | EXACT),
    ("botim", 29 | SLANG),
    ("zalo", 30 | WEAK | EXACT),
    ("kik", 31 | WEAK | EXACT),
    (
        "zangi steam stim stime redit rediti blueski bluesky bsky mastodon jaber vickr bip zom zum zume tims teams slack slak \
         zelo bigo tenchat tenchate bado badu tinder tindere bumble bereal patreon busti bosty github githab githabe roblox rutub dzen \
         imesage imesedzh aimesedzh vire",
        32 | WEAK | EXACT,
    ),
];

/// Endings of cases in Russian, Ukrainian, Kazakh and Kyrgyz, as skeletons.
pub static ENDINGS: Meanings<51, 1, 33> = Meanings::new(&[(
    "a e u y i o om em oi ei ou am ah ami ov ik ike iku ika chik chika chike chiku ga ka ku ki koi kah da ta de te ge ke ha \
     dan tan nan den ten nen ym im m ya yu s sha she shu",
    1,
)]);
