//! The words that stand for an `@`, for mail providers, and the words that look like a local part but
//! are not one. Pure lists.

use crate::list::Row;
use crate::scan::{Token, text};

/// Words said for `@` that mean nothing else between two words with a domain after them.
pub static AT: Row = Row::of(
    "ampersat arobas arobase arobaz arobaze arroba arrobas arrobase at dog doggy ravlik \
     robase sabaka sobachka sobaka ат гав гавгав дог ет песик песиком псина пёсик равлик \
     равлика равликом равличка равличок сабака сабачка сбк собак собака собакен собаки собакка собако собакой \
     собаку собачка собачку эй эт",
);

/// Those that are run together with what stands beside them.
pub static GLUED: [&str; 4] = ["собака", "собачка", "sobaka", "arobase"];

/// Animals and other things that an `@` is called after, here and there.
pub static ANIMALS: Row = Row::of(
    "arrobe chien dawg doge escargot monkey puppy snail бобик вухо вушко жучка кракозябра \
     мавпа мавпочка мавпочку обезьяна обезьянка пес песель песька песюн пса псинка псу пёс \
     пёсель пёсик слимак слимачок собакевич собачья улитка улиточка ухо хвостатая хвостик \
     цуценя шавка шарик щенок",
);

/// Words that stand for `@` only where everything else proves it.
pub const AT_LOOSE: &str = "chez on sur на у";

/// First words of pairs that stand for `@`.
pub const PAIRED: &str =
    "a arobase at à гав знак значок ит комерческое коммерческое на символ собака собачий собачья";

/// Names of letters, as a name is spelled, in radio too.
pub static LETTERS: Row = Row::of(
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima \
     mike november oscar papa quebec romeo sierra tango uniform victor whiskey whisky xray \
     yankee zulu а ай ар б бе би бэ в ве ви восьмёрка вэ г ге гэ д двойка де девятка джей джи \
     ди дэ е ел ем ен ер ес еф ж же жи жэ з зед зет зэ и игрек икс й йот к ка кей л м н о оу п \
     пе пи пэ пятёрка р с семерки семёрка семёрки си т те ти тройка тэ у уай ф х ха ц це цэ ч \
     че четвёрка ш ша шестёрка ы э эй эйч эл эль эм эн эр эс эф ю я ё є і ї",
);

/// Numbers in words, as a name ends with them.
pub static NUMBERS: Row = Row::of(
    "cent cinq cinquante deux dix eight eighty fifty five forty four huit neuf nine nineteen \
     ninety one quarante quatre sept seven seventy six sixty soixante ten thirty three trente \
     trois twelve twenty two un vingt zero zéro восемь восемьдесят вісім вісімдесят два \
     двадцать двадцять двести дев'яносто дев'ять девяносто девять десять ноль нуль один п'ять \
     пять пятьдесят семь семьдесят сорок сто сім сімдесят три тридцать тридцять тысяча четыре \
     чотири шесть шестьдесят шість",
);

/// Marks that look like an `@`, and those of mail.
pub static AT_SIGNS: Row = Row::of("¤ © ® ⊙ ◉ ◎ ☉ ✉ 🅰 🌀 🍥 🐚 💌 📧 📨 📩 📬 📭 📮");

/// Pictures of a dog.
pub static DOGS: Row = Row::of("🐌 🐕 🐩 🐶 🐺 🐾 🦮");

/// `@` inside brackets may be any of [`AT`] or these.
pub const AT_BRACKETED: &str = "@ a at chez dog et а на";

/// First labels of providers, as written by people.
pub(super) static ALL: Row = Row::of(
    "aol bigmir bk btinternet comcast fastmail free gmai gmail gmeil gmial gmx googlemail \
     hotmail icloud inbox internet jmail laposte lenta list live mail meta msn ntlworld \
     orange outlook proton protonmail rambler sfr talktalk tutanota ukr virginmedia vk \
     wanadoo ya yahoo yandex ymail zoho айклауд аутлук бигмир гмаил гмайл гмеил гмейл гмыло \
     гмэйл гуглмейл гугломейл гуглопочта джимаил джимайл джимеил джимейл джимэйл джмейл \
     джімайл джімейл джімеїл жмайл жмейл инбокс маил майл мейл мейлру мета мэйл протон \
     рамблер укр укрнет хотмайл хотмейл юкр юкрнет янд яндекс яндексе яху ґмайл ґмейл",
);

/// [`ALL`] of them, the commonest told at once.
pub static PROVIDERS: Providers = Providers;

pub struct Providers;

impl Providers {
    /// Whether token `n` is one of them.
    #[must_use]
    #[inline(never)]
    pub fn holds(&self, tokens: &[Token<'_>], n: usize) -> bool {
        self.contains(text(tokens, n))
    }

    #[must_use]
    #[inline(never)]
    pub fn contains(&self, word: &str) -> bool {
        matches!(word, "gmail" | "mail") || ALL.contains(word)
    }
}

/// Providers whose name alone after an `@` word says that this is mail.
pub static SURE_PROVIDERS: Sure = Sure;

/// [`ALL`] but those of [`DOUBTFUL`].
pub struct Sure;

impl Sure {
    /// Whether token `n` is one of them.
    #[must_use]
    #[inline(never)]
    pub fn holds(&self, tokens: &[Token<'_>], n: usize) -> bool {
        self.contains(text(tokens, n))
    }

    #[must_use]
    #[inline(never)]
    pub fn contains(&self, word: &str) -> bool {
        match word {
            "gmail" => true,
            "mail" => false,
            _ => !DOUBTFUL.contains(word) && ALL.contains(word),
        }
    }
}

/// Providers whose names are words of another meaning or of other services too.
static DOUBTFUL: Row = Row::of(
    "aol bigmir bk free inbox internet lenta list live mail meta msn orange proton sfr ukr vk \
     ya zoho бигмир гугломейл инбокс мета протон укр юкр янд",
);

/// What an `@` is said to have: `a with a tail`.
pub const TAILS: &str = "cercle circle rond tail колечке колі круге кружечке кружечку кружке кружочке хвостиком хвостом";

/// Words that end what stands for the known rest of an address, `the usual`.
pub static USUAL: Row = Row::of(
    "d'habitude d’habitude ensuite puis standard then usual далее дальше далі завжди зазвичай затем звичайна ну обычная обычно обычное обычный потом потім стандарт стандартне стандартно",
);

/// Those of them that say that the name before is a single word.
pub const TOGETHER: &str =
    "attaché collé espace espaces mot spaces together word пробелов пробілів разом слитно словом";

/// Words before them.
pub const USUAL_BEFORE: &str = "all and après as comme en ensuite et in it's mot no one puis sans the then tout un а без \
     в все всё далее дальше далі и как одним потом потім это як";

/// Words for mail that may follow the name of a provider: `гугл почта`.
pub const MAIL: &str = "mail почта почте почту почты пошта пошту";

/// Words that come before an address and are no part of it.
pub static NOT_LOCAL: Row = Row::of(
    "account add adresse and at available avec by c'est contact courriel de email ensuite est \
     et find her here him in is it it's login look mail me meet mon on over page part plus \
     puis reach registered second shop site sur that's them then to us visit web with work \
     works you адрес вот вторая второе далее дальше далі добавь емейл есть затем и имейл мейл \
     мені мне мое мой моя моё мыло на ось пиши пишите пишіть потом потім почта почте почту \
     почты пошта пошту пошті скинь скиньте скринька у часть это",
);

/// Words that announce an address.
pub static LEADS: Row = Row::of(
    "address adresse courriel e email emails gmail mail mel mél гмейл джимейл електронка емаил \
     емайл емейл имейл маил майл мейл мейла мыло мылу мэйл почта почте почтовый почтой почту \
     почты пошта пошти пошту пошті скринька электронка электронке электронку эмейл ящик імейл",
);

/// Beginnings of the names of platforms, after which an `@` begins a name there.
/// Words that ask for a name on a platform, or name one: see [`super::names_platform`].
pub static ASKED: Row = Row::of(
    "account compte discord dm facebook fb handle ig insta instagram nick nickname profil pseudo \
     signal skype snap snapchat telegram tg threads tiktok twitter vk youtube акаунт аккаунт \
     аккаунта вк директ директе дискорд дискорде инста инстаграм инстаграме инстаграмм инсте инсту \
     инсты ник ника профиль профіль скайп скайпе твитер твиттер тг телега телеге телеги телеграм \
     телеграме телеграмм телегу тикток фб фейсбук ютуб ютубе",
);

pub const PLATFORMS: &str = "inst соцсет инст інст teleg телег тг tg twitter твит tikto тикто faceb фейсб fb skype \
     скайп discor дискор vk вк threads youtube ютуб snap ник ig nick аккаунт account compte \
     handle профиль signal follow dm директ user юзер акк pinterest пинтерест twitch твич steam стим matrix \
     матрикс снап тікто profil запрещ экстреми нельзяг картинк";
