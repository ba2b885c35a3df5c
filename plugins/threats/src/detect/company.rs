//! Insults: who is called what, and the company that makes a word of abuse harmless.

use super::{Match, Search};
use crate::table::row;
use crate::words::{
    ABUSE, ABUSE_OF_YOU, ADJECTIVE, BE, FILLER, FUTURE, LIKE, NOT, PERSON, REPORT, SELF, THIS,
    YOU_OBJECT, YOU_SUBJECT, YOUR,
};

/// Those for whose sake somebody is afraid.
pub(super) const FAMILY: &[u32] = row!(
    "kids children family son daughter wife husband mother mom mum dad parents famille enfants fils \
         fille mere femme семью детей жену дочь дочку сына мать маму родителей брата сестру собаку кота \
         дітей родину дружину доньку матір"
);

/// What is done to somebody before he is hurt.
pub(super) const HUNTED: &[u32] = row!("find hunt track come catch get");

/// A text of fewer words abuses nobody but its reader.
const SHORT: usize = 5;

/// Those of whom a text between two people speaks.
const PARTY: &[u32] = row!(
    "продавец продавца покупатель заказчик исполнитель клиент мастер курьер таксист водитель \
     хозяин хозяйка автор продавщица админ модератор продавець покупець майстер курєр власник \
     seller buyer owner courier driver vendor customer vendeur vendeuse acheteur client livreur"
);

impl Search<'_> {
    pub(super) fn insult(&self, i: usize) -> Option<Match> {
        if let Some(m) = self.phrase(i, false) {
            return Some(m);
        }
        let word = self.word(i)?;
        if self.extra(i) {
            return Some(Match { from: i, to: i + 1, rule: "word", severity: 2, weak: false });
        }
        if word.is & (ABUSE | ABUSE_OF_YOU | ADJECTIVE) == 0
            || self.words.allow.iter().any(|w| w == self.spelled(i))
        {
            return None;
        }
        let (from, noun) = self.noun_phrase(i);
        let to = noun + 1;
        let strong = self.is(noun, ABUSE);
        let adjective = from < noun && (from..noun).any(|at| self.is(at, ADJECTIVE));
        let found = |rule| {
            Some(Match { from, to, rule, severity: if strong { 2 } else { 1 }, weak: false })
        };
        if self.decent(from, noun) {
            return None;
        }
        if self.addressed(from, to) {
            return found("address");
        }
        // Beside an insult.
        let tail = self.ends(to) || self.ends(to + 1);
        if self.last == Some(from) && !self.opens(from) && tail {
            return found("name");
        }
        if !self.is(noun, ABUSE | ABUSE_OF_YOU) {
            return None;
        }
        if strong && !(from < noun && adjective || self.spoken(from, to)) {
            return None;
        }
        if strong || adjective && self.is(noun, ABUSE_OF_YOU) && self.pejorative(from, noun) {
            return found("name");
        }
        let ends = self.opens(to) || self.word(to).is_some_and(|w| w.parted);
        if adjective && self.opens(from) && ends && !self.text.asks {
            return found("name");
        }
        let tail =
            self.is(to, ADJECTIVE) && !self.opens(to) && !self.word(to).is_some_and(|w| w.parted);
        if tail
            && (self.opens(to + 1) || self.word(to + 1).is_some_and(|w| w.parted))
            && self.opens(from)
        {
            return Some(Match { from, to: to + 1, rule: "name", severity: 1, weak: false });
        }
        let of = self.one(from.wrapping_sub(1), row!("de d"))
            && self.one(from.wrapping_sub(2), row!("espece bande tas"));
        if of {
            return found("name");
        }
        if self.likened(to) || self.vocative(from, noun) {
            return found("address");
        }
        let alone = self.opens(from) && self.opens(to) && !self.common(noun);
        let pointed = self.before(from, 1, THIS) && !self.common(noun) && self.opens(to);
        (alone || pointed).then_some(()).and_then(|()| found("name"))
    }

    /// Whether what words `from..to` call somebody is said to the reader or of a party to the conversation.
    fn spoken(&self, from: usize, to: usize) -> bool {
        self.text.all & (YOU_SUBJECT | YOU_OBJECT | YOUR) != 0
            || self.text.words.len() < SHORT
            || self.ends(from) && (self.ends(to) || self.ends(to + 1))
            || self.before(from, 1, THIS | ADJECTIVE)
            || self.is(to, ADJECTIVE)
            || self.one(from.wrapping_sub(1), PARTY)
            || self.one(from.wrapping_sub(2), row!("espece bande tas"))
            || *self.tells.get_or_init(|| (0..self.text.words.len()).any(|at| self.told(at)))
    }

    /// "Shut up and take my money", "отстань" among friends, "иди ты первый".
    pub(super) fn meek(&self, from: usize, to: usize) -> bool {
        let first = |row| self.one(from, row);
        if first(row!("пошел пошла пошли иди идите")) {
            return self.one(
                to,
                row!("первый первая первым сам магазин школу работу домой кино гулять ко"),
            ) || self.text.asks && to == self.text.words.len();
        }
        first(row!("shut")) && self.one(to, row!("and")) && self.one(to + 1, row!("take"))
            || first(row!("degage creve")) && !self.opens(from)
            || first(row!("kill")) && self.one(to, row!("process time"))
    }

    #[inline]
    pub(super) fn extra(&self, i: usize) -> bool {
        !self.words.extra.is_empty() && self.words.extra.iter().any(|w| w == self.spelled(i))
    }

    /// From an adjective to its noun: first and last word.
    pub(super) fn noun_phrase(&self, i: usize) -> (usize, usize) {
        let mut last = i;
        for n in i + 1..i + 4 {
            if self.opens(n) || self.word(n).is_none_or(|w| w.parted) {
                break;
            }
            if self.is(n, ABUSE | ABUSE_OF_YOU) && !self.is(n, YOU_OBJECT) {
                last = n;
                break;
            }
            if !self.is(n, ADJECTIVE) || !self.is(i, ADJECTIVE) {
                break;
            }
        }
        (i, last)
    }

    /// Whether the one who is spoken to is called so: "ты ...", "... ты", "you are a ...".
    pub(super) fn addressed(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        for _ in 0..5 {
            let Some(before) = at.checked_sub(1) else { break };
            if self.is(before, NOT) || self.opens(at) {
                break;
            }
            if self.is(before, YOU_SUBJECT) && !self.is(before, FUTURE) {
                // "Ты, баран" but not "ты где, баран продаётся".
                return !self.before(before, 1, LIKE) && !self.mine(before);
            }
            let you = self.before(before, 1, YOU_SUBJECT)
                || self.one(before, row!("es")) && self.one(before.wrapping_sub(1), row!("t"));
            if self.is(before, BE) && you {
                return true;
            }
            if !self.is(before, FILLER | BE | ADJECTIVE) {
                break;
            }
            at = before;
        }
        let to = to + usize::from(self.one(to, row!("же ж")) && !self.opens(to));
        let after = self.word(to).filter(|w| !w.opens);
        after.is_some_and(|w| w.is & YOU_SUBJECT != 0 && w.is & FUTURE == 0)
            && (self.ends(to + 1)
                || self.is(to + 1, FILLER | ABUSE | ABUSE_OF_YOU | ADJECTIVE)
                || self.ends(to + 2) && !self.told(to + 1))
            && self.before(from, 1, FILLER | THIS | YOU_SUBJECT)
                | self.opens(from)
                | self.word(from).is_some_and(|w| w.parted)
    }

    /// "... вроде тебя", "... like you".
    fn likened(&self, to: usize) -> bool {
        !self.opens(to)
            && self.one(to, row!("вроде типа навроде типу comme like"))
            && self.is(to + 1, YOU_OBJECT | YOU_SUBJECT)
            && !self.opens(to + 1)
    }

    /// Whether the reader is called so beside what is said to him: "..., смотри на карту", "не пиши мне, ...".
    fn vocative(&self, from: usize, noun: usize) -> bool {
        let thing = self.one(noun, row!("говно гівно дерьмо мусор дно грязь trash garbage merde ordure dechet joke disgrace параша \
             лайно бревно тряпка отброс сука собака пес псина корова курица кобель"));
        let called = from
            .checked_sub(1)
            .filter(|at| self.one(*at, row!("hey yo oi eh he эй ей алло слышь слушай але алё")));
        let starts = self.opens(from) || called.is_some_and(|at| self.opens(at));
        let comma = self.word(noun + 1).is_some_and(|w| w.parted && !w.opens);
        let tail = self.is(noun + 1, ADJECTIVE) && !self.opens(noun + 1);
        let ends = self.opens(noun + 1 + usize::from(tail));
        let after = self.word(from).is_some_and(|w| w.parted && !w.opens);
        let within = after && comma && (self.is(noun, PERSON) || from < noun);
        if thing || !(starts && comma || after && ends || within) || self.text.asks && ends {
            return false;
        }
        let said = if starts { noun + 1..noun + 9 } else { from.saturating_sub(8)..from };
        let told = said.into_iter().any(|at| {
            self.word(at).is_some()
                && (self.is(at, YOU_SUBJECT | YOU_OBJECT | YOUR) || self.told(at))
        });
        told || comma && (starts || after) && self.is(noun, PERSON)
    }

    /// Whether a word tells somebody what to do or what he does.
    fn told(&self, at: usize) -> bool {
        let word = self.spelled(at);
        word.len() > 8 && (word.ends_with("ешь") || word.ends_with("ишь") || word.ends_with("еш"))
            || self.one(at, row!("смотри читай верни отдай слушай иди пиши учи открой думай дай убери возвращай гони \
                 поверни віддай дивись слухай йди звони дзвони пишите ври бреши look read give send pay learn go stop \
                 regarde lis rends ecoute arrete apprends"))
    }

    /// "Я и ты".
    pub(super) fn mine(&self, you: usize) -> bool {
        self.before(you, 1, SELF) && !self.before(you, 1, YOU_SUBJECT)
    }

    /// Names of animals and things that need an adjective of abuse, not of looks.
    pub(super) fn pejorative(&self, from: usize, noun: usize) -> bool {
        !(from..noun).any(|at| {
            self.one(at, row!("старый старая больной больная грязный грязная драный драная жирный жирная жирные little dirty old fat big lazy petit petite vieux vieille gros grosse gras grasse pauvre rotten useless гнилой гнилая жирні жирна жирний filthy"))
        }) || self.is(noun, ABUSE)
            || !self.common(noun)
    }

    /// Nouns that mostly mean what they say.
    pub(super) fn common(&self, noun: usize) -> bool {
        self.one(noun, row!("козел козла козлы козлов козлом козлу баран барана бараны баранов бараном овца овцы овцу корова корову коровы свинья свиньи свинью осел осла ослы ишак ишаки петух петуха петухи крыса крысы крысу шакал шакала животное животные собака псина пес клоун клоуны клоуна обезьяна обезьяны макака гадюка червь черви мусор лузер дятел пень тормоз тормоза кобыла змея жаба бревно трус тряпка чучело чудовище дно грязь дубина лайно свиня вівця кусок олень олени упырь упыри холоп параша сука суки суку сукой сучка pig pigs cow rat rats trash garbage vermin dog clown clowns joke fool parasite parasites prick pussy psycho porc porcs truie ordure ordures fumier tache boulet con cons ane vache merde dechet dechets blaireau blaireaux ит мал есек loser losers retard retards bitch bastard donkey дерьмо говно говна гівно червей аутист псих психи бомж алкаш наркоман дурак дурака дураком pute putes minable pourriture conne хохол чурка лох лоха дрянь отброс отбросы disgrace"))
    }

    /// A comparison, a game, one's own folly, what somebody was called.
    pub(super) fn decent(&self, from: usize, noun: usize) -> bool {
        let own = (1..=3).any(|n| {
            from.checked_sub(n).is_some_and(|at| {
                self.is(at, SELF)
                    && !self.is(at, YOU_SUBJECT)
                    && (at + 1..from)
                        .all(|between| self.is(between, FILLER | BE | NOT | THIS | ADJECTIVE))
            })
        });
        let self_after = self.is(noun + 1, SELF)
            && !self.is(noun + 1, YOU_SUBJECT)
            && self.word(noun + 1).is_some_and(|w| !w.opens && !w.parted);
        let reported = (1..=4).any(|n| self.before(from, n, REPORT));
        let negated =
            (1..=2).any(|n| self.before(from, n, NOT) && !self.before(from, n, YOU_SUBJECT));
        let like = self.before(from, 1, LIKE) && !self.before(from, 2, YOU_SUBJECT);
        let lice = self.spelled(noun).starts_with("гнид")
            && (1..=6).any(|n| self.one(noun + n, row!("вши вшей шампунь волос волосах яйцо")));
        let proof = lice
            || self.one(noun + 2, row!("guide"))
            || self
                .one(noun + 1, row!("proof guide light достоевского синдром syndrome card savant"));
        let beast = self.spelled(noun).starts_with("твар")
            && (1..=2).any(|n| {
                from.checked_sub(n).is_some_and(|at| {
                    self.one(at, row!("каждой божья живая всякой божьи морские морская"))
                }) || self.one(noun + n, row!("божья божьи дрожащая паре"))
            });
        own || self_after
            || reported
            || negated
            || like
            || proof
            || beast
            || self.fiction && !self.addressed(from, noun + 1)
    }
}
