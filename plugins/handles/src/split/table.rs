//! What words tell in a dialogue in which a name is told bit by bit: that it comes in parts, that it is
//! asked for, that only something is answered. Knows no order of words.

use crate::lexicon::{Lists, Meanings};
use crate::scene::Scene;

/// Of the parts of a name: which one it is, how it begins, goes on and ends.
pub const PART: u32 = 1;
/// Answers, hesitates or asks to wait, and is no name.
pub const CHAT: u32 = 1 << 1;
/// Part of a question whether somebody is somewhere.
pub const ASK: u32 = 1 << 2;
/// Asks what somebody's name is.
pub const HOW: u32 = 1 << 5;
/// Of a mail address or a site, which other plugins find.
pub const ADDRESS: u32 = 1 << 3;
/// A thing or a quality that is asked about: the next word is its name.
pub const TOPIC: u32 = 1 << 4;

/// Ends the name of a site.
pub const DOMAIN: u32 = 1 << 6;

static WORDS: Meanings<447, 15, 65> = Meanings::new(LISTS);

const LISTS: &Lists = &[
    (
        "первая первую первой первый первое перша першу перше перший first 1st première premiere premier \
         начало початок start starts starting begin begins beginning début debut commence commençant \
         d'abord abord сначала спочатку сперва потом затем далее дальше потім далі then next puis ensuite \
         вторая вторую второй второе друга другу другий друге second 2nd deuxième deuxieme seconde третья \
         третью третье третя третю third troisième troisieme конец конце кінець кінці end ends ending fin \
         finit termine последняя последнее остання last dernière половина половину половинка половинку \
         half moitié moitie часть часи части частей частям частях частями частина частину частини \
         частинами частинах part parts piece pieces кусок кусочек куски кусками кусочками кусочках шматок \
         шматочок шматками шматочками шматочках bits bit chunk chunks partie parties morceau morceaux \
         bouts начинается починається заканчивается закінчується кончается продолжение продовження \
         continued continuation rest suite допиши допишите допишіть хвост хвостик split остальное остаток \
         решта собирай собирайте склеивай склей склеить збирай збирайте msgs повідомленнях join glue \
         together colle рядом цифры цифри chiffres digits слова мот собери соберите gap gaps joined \
         соедини соедините вместе слов состоит складається",
        PART,
    ),
    (
        "yep yup yea ya ye nope nah sec secs second moment hold hang wait brb haha hmm hm um uh oops \
         sorry np kk aight alright course indeed correct exactly ready done fyi attends ouais ouaip nan \
         bah ben euh voilà voila tiens oki dac mdr desole désolé pardon absolutely definitely certainly \
         right awesome lovely gotcha ага угу конечно секунду сек минуту щас авжеж звісно хвилинку добре \
         иә бар ооба dakor clair exact listening below above juste dessous ниже нижче",
        CHAT,
    ),
    (
        "you ваш вас вам тебя тебе ton ta tes votre vos toi vous tu t'as as avez там есть є have got \
         do does ли где де where où ou скажите скажи стоит du des of can are is thats im its тогда мне \
         меня",
        ASK,
    ),
    (
        "какой какая какое какие як яка який яке what whats what's which quel quelle comment how your \
         yours ur ваш ваша ваше ваши твой твоя твоё твое твій ваші найти найду искать шукати знайти \
         знайду find called named spelled spelt appelle appelles trouver trouve retrouver называется \
         называешься называетесь називається називаєшся зовут записан подписан дайте name",
        HOW,
    ),
    (
        "почта почту почте почты пошта пошту пошті мыло мыле email емейл имейл mail mailbox скринька \
         скриньку сайт сайта сайте site website домен domain ссылка ссылку посилання link lien adresse \
         gmail браузер браузере слэш слеш slash дробь",
        ADDRESS,
    ),
    (
        "size color colour style price street road city town code file list budget cost brand font \
         version language page model модель game игра игре игры гра грі jeu server сервере сервер taille \
         couleur prix rue ville marque",
        TOPIC,
    ),
    ("com ru net org ua fr kz kg by uz su uk de eu info io me be рф ком ру нет орг юа уа", DOMAIN),
];

/// What the word at token `n` tells; 0 when it tells nothing of this.
#[inline(never)]
pub fn told(scene: &Scene<'_>, n: usize) -> u32 {
    WORDS.find(scene.text(n).as_bytes())
}
